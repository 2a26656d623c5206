"""What a production volume is made of: plain data that decides every file of it and writes none."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from casekit.dossier.imaged import How, Images, page_keys
from casekit.dossier.load_file import Encoding
from casekit.dossier.sheet import StoredPlan

FIELDS = (
    "BEGBATES", "ENDBATES", "BEGATTACH", "ENDATTACH", "PARENTID", "ATTACHIDS", "CUSTODIAN", "ALLCUSTODIANS",
    "DOCTYPE", "FILENAME", "FILEEXT", "FILESIZE", "SHA256HASH", "EDRM_MIH", "FROM", "TO", "CC", "BCC",
    "SUBJECT", "DATESENT", "TIMESENT", "TIMEZONE", "MESSAGEID", "PAGECOUNT", "CONFIDENTIALITY", "REDACTED",
    "REDACTREASON", "MODEL", "ACCOUNT", "REQUESTID", "PROMPTSHA256", "PLACEHOLDER", "REPLACES",
    "REPLACEREASON", "PRODVOL", "NATIVELINK", "TEXTLINK",
)  # fmt: skip


REPL = "REPL"
"""What a replacement's stamps and its volume's name bear."""


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item that is handed over, or whose slip sheet is, with its numbers.

    Attributes:
        new: The number is proposed by this plan and becomes fixed when the production is made.
        fields: Its line in the load file, by field.
        native, text: Paths below the volume; `native` is empty where it does not go, such as where it would
            tell what is redacted.
        sha256: Hex digest of the native, empty likewise.
        how: What its page pictures show; empty without pictures.
        pages: How many pictures it has.
        sheet_sha256: Hex digest of all that they show.
        at: Of a slip sheet, its place among the documents, from 0.
        replaces: The production whose copy it replaces, of a replacement.
    """

    item_id: int
    prefix: str
    first: int
    last: int
    new: bool
    fields: dict[str, str]
    native: str
    text: str
    sha256: str
    how: How = ""
    pages: int = 0
    sheet_sha256: str = ""
    at: int = 0
    replaces: str = ""

    @property
    def named(self) -> str:
        """Its first number and its item, by which it is found: a volume that is refused leaves no numbers."""
        return f"{self.fields['BEGBATES']} (item {self.item_id})"

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Of each picture its number, and what is stamped on it; a replacement's says that it is one."""
        found = page_keys(self.prefix, self.first, self.last, self.pages)
        return [(key, f"{stamp} {REPL}") for key, stamp in found] if self.replaces else found


class LeftOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many items stay behind with their families, and why: `privileged` or `unread`."""

    why: str
    items: int


Table = Literal["csv", "xlsx", "lfp", "rsmf"]
"""What a volume holds beside its DAT file: that table again, a list of the pictures for IPRO programs, or the
conversations of its chats."""


class Volume(StoredPlan, frozen=True, forbid_unknown_fields=True):
    """A production: everything is decided here, writing it decides nothing.

    Attributes:
        title: Name of the volume, such as `VOL001`.
        odd: (Bates number, field, character) that stands in the load file as a visible code point.
        slips: Withheld items in whose place a slip sheet goes.
        images: As what pictures of pages go.
        tables: As what the load file goes besides.
        marks: (item, designation) of what has another than the volume's.
        recipients: Who receives it, each as `NAME, ROLE`.
    """

    LATER: ClassVar[tuple[str, ...]] = ("marks", "recipients")

    v: int
    case: str
    version: str
    title: str
    at_us: int
    custody_seq: int
    custody_root: str
    encoding: Encoding
    produced: tuple[Document, ...]
    left_out: tuple[LeftOut, ...]
    odd: tuple[tuple[str, str, str], ...]
    draft: bool = False
    slips: tuple[Document, ...] = ()
    images: Images = "none"
    tables: tuple[Table, ...] = ()
    paper: Literal["letter", "a4"] = "a4"
    designation: str = ""
    marks: tuple[tuple[int, str], ...] = ()
    recipients: tuple[str, ...] = ()

    @property
    def documents(self) -> list[Document]:
        """All that the load file lists, in the order of the production."""
        found = list(self.produced)
        for one in self.slips:
            found.insert(one.at, one)
        return found


class Wish(msgspec.Struct, frozen=True):
    """What is asked of a production; every field has a default that fits most.

    Attributes:
        prefix: Of new numbers; empty: the matter's own.
        start: First new number; None: the next that is free.
        designation: Confidentiality of the documents; None: the matter's.
        encoding: Of the load file.
        unread: Hand over files that were kept and not read.
        images: As what pictures of pages go; then every page has a number.
        natives: Hand over the files; without, only those that no page shows.
        slips: Put a numbered slip sheet in the place of every withheld item of the families asked for.
        tables: As what the load file goes besides.
        replace: Numbers of documents that were handed over before: they go again alone, under the same
            numbers, as they may be shown now; one that is withheld by now leaves a slip sheet.
        reason: Why they are replaced.
        recipients: Who receives it, each as `NAME, ROLE` with a role of `queries.tiers.ROLES`.
    """

    prefix: str = ""
    start: int | None = None
    designation: str | None = None
    encoding: Encoding = "utf-8"
    unread: bool = False
    images: Images = "none"
    natives: bool = True
    slips: bool = False
    tables: tuple[Table, ...] = ()
    replace: tuple[str, ...] = ()
    reason: str = ""
    recipients: tuple[str, ...] = ()

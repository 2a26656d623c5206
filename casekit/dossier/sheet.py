"""What a dossier plan is made of: plain data that says every word on paper and draws none of it.

These are `msgspec` structs because an issued plan is stored as JSON and must come back checked
against this very schema, years later. All are immutable.
"""

from __future__ import annotations

import hashlib
from typing import ClassVar, Literal

import msgspec

from casekit.dossier.charts import Chart
from casekit.errors import CaseKitError
from casekit.store import canonical

Face = Literal["serif", "sans", "mono"]
Profile = Literal["filing", "bundle", "archive", "accessible"]
"""`filing`: PDF/A-2u for a court's system, nothing attached, no link outside. `bundle`: the same with page
numbers in the outline and a first view at full size, as English courts ask. `archive`: PDF/A-3u with the
native record of every exhibit attached, masked nowhere: to keep, or for an expert. `accessible`: PDF/A-2a
and PDF/UA-1, tagged for screen readers and for systems that ask for it; else like `filing`."""


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a table of facts; a value may have several lines."""

    label: str
    value: str
    face: Face = "sans"


class Facts(msgspec.Struct, frozen=True, tag="facts", forbid_unknown_fields=True):
    """A table of labels and values; `narrow` where the labels are mere numbers.

    One that is `whole` stays on one page if a page can hold it, such as a signature with what is signed.
    """

    rows: tuple[Fact, ...]
    heading: str = ""
    narrow: bool = False
    whole: bool = False


class Prose(msgspec.Struct, frozen=True, tag="prose", forbid_unknown_fields=True):
    """Evidence text, verbatim, with numbered lines; `item_id` and `part` say where it comes from.

    `dense` text may be broken between any two characters, as records without spaces need it.
    """

    heading: str
    text: str
    item_id: int = 0
    part: str = ""
    face: Face = "serif"
    numbered: bool = True
    dense: bool = False


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a grid: its title, its share of the width, its face."""

    title: str
    share: int
    face: Face = "sans"


class Grid(msgspec.Struct, frozen=True, tag="grid", forbid_unknown_fields=True):
    """A table with a head that is repeated on every page; `links` has a row's destination, or an empty text."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    heading: str = ""
    links: tuple[str, ...] = ()


class PageBox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rectangle of a page that is painted over before the page is printed, or that alone is not.

    Attributes:
        kind: `hide` or `keep`, see `queries.boxes`.
        left: In millionths of the page as shown, from its top left corner; the other sides likewise.
        label: What is set on the paint, such as why.
    """

    kind: str
    left: int
    top: int
    right: int
    bottom: int
    label: str


class PageText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of one page of a document, number from 1; set invisibly behind the page's picture.

    Where the page has boxes, the text is without the words under them.
    """

    no: int
    text: str
    boxes: tuple[PageBox, ...] = ()


class Pages(msgspec.Struct, frozen=True, tag="pages", forbid_unknown_fields=True):
    """Other people's pages, shown as pictures: one paper page each unless `inline`."""

    item_id: int
    name: str
    pages: tuple[PageText, ...]
    dpi: int
    inline: bool = False


class Raw(msgspec.Struct, frozen=True, tag="raw", forbid_unknown_fields=True):
    """The exact bytes of a record, shown verbatim; they are fetched when drawn and must have this hash.

    Attributes:
        secret: Length and last four characters of a key in it, whose other characters are masked.
    """

    heading: str
    item_id: int
    sha256: str
    size: int
    secret: tuple[int, str] = (0, "")


class Remark(msgspec.Struct, frozen=True, tag="remark", forbid_unknown_fields=True):
    """Words of the dossier's own: running text, or small print."""

    text: str
    heading: str = ""
    small: bool = False


class Subhead(msgspec.Struct, frozen=True, tag="subhead", forbid_unknown_fields=True):
    """The beginning of a part of an exhibit, such as an attachment; on a new page where it says so.

    `mark` stands over its pages until another one is given; an empty one ends it, None leaves it.
    """

    text: str
    new_page: bool = False
    bates: str = ""
    mark: str | None = None


class Spoken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message of a run: its number in the conversation, when, who, what.

    Attributes:
        text: Verbatim, or in the dossier's own words where it is `own`, such as that it is withheld.
        notes: What the source says of it besides, such as an edit.
        source: Where its record stands, and its hash.
        marked: It is the exhibit itself.
    """

    no: int
    day: str
    time: str
    who: str
    text: str
    notes: str = ""
    source: str = ""
    marked: bool = False
    own: bool = False


class Talk(msgspec.Struct, frozen=True, tag="talk", forbid_unknown_fields=True):
    """A run of a conversation, the exhibit among its neighbours."""

    said: tuple[Spoken, ...]
    heading: str = ""


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A numbered run of characters in a text of a pair, `start` inclusive, `stop` exclusive."""

    no: int
    start: int
    stop: int


class Side(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side of a pair: whose text, where it is printed whole, and which runs are marked."""

    title: str
    detail: str
    text: str
    marks: tuple[Mark, ...]
    item_id: int = 0
    dest: str = ""


class Pair(msgspec.Struct, frozen=True, tag="pair", forbid_unknown_fields=True):
    """Two texts side by side with numbered, underlined runs."""

    left: Side
    right: Side


Block = Facts | Prose | Grid | Pages | Raw | Remark | Subhead | Talk | Pair | Chart


class Produced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item that the dossier hands over, with its numbers.

    Attributes:
        record_sha256: Hex digest of the item's own bytes; empty where it would tell what is redacted.
        original_sha256: Hex digest of the file it was received in; empty likewise.
        first: Its first Bates number, 0 in a draft for an item that never got one; `last` likewise.
        new: The number is proposed by this plan and becomes fixed when it is issued.
    """

    item_id: int
    label: str
    name: str
    record_sha256: str
    original_sha256: str
    size: int
    prefix: str = ""
    first: int = 0
    last: int = 0
    new: bool = False
    media_type: str = ""


UNMARKED = "—"
"""The designation of a chapter that has none though the dossier has one."""


class Chapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exhibit or a finding.

    Attributes:
        label: As on the stamp: `A-17`, `S-4`.
        dest: Its named destination, `EX-A-17`.
        over: The small line over the title.
        stamp: The small line in the stamp's box, such as `PLAINTIFF’S EXHIBIT`.
        summary: Its line in the index of exhibits.
        bates: The produced item's number or range as printed, or empty.
        mark: What stands over its pages from the first, such as that it is a machine translation.
    """

    label: str
    dest: str
    kind: str
    over: str
    title: str
    stamp: str
    summary: str
    date: str
    custodian: str
    bates: str
    designation: str
    blocks: tuple[Block, ...]
    mark: str = ""


class Cover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The caption and what stands under it; empty strings are left out.

    `above` and `below` are the parties' (name, standing) on either side of `versus`.
    """

    court: str
    above: tuple[tuple[str, str], ...]
    versus: str
    below: tuple[tuple[str, str], ...]
    number: str
    judge: str
    title: str
    lines: tuple[Fact, ...]
    designation: str
    draft: str


class Withheld(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many items were left out on one ground; nothing of their content travels with it."""

    basis: str
    exhibits: int
    items: int


class StoredPlan(msgspec.Struct, frozen=True):
    """What a dossier, a volume and an overlay share: an issued one is kept as JSON and found by its hash.

    Attributes:
        LATER: Fields that older plans lack; empty ones are left out, so that a plan which does not use them
            has the bytes that it had before there were any.
    """

    LATER: ClassVar[tuple[str, ...]] = ("recipients",)

    def encoded(self) -> bytes:
        """The plan as canonical JSON."""
        told = msgspec.to_builtins(self)
        for name in self.LATER:
            if not told[name]:
                del told[name]
        return canonical.encode(told)

    def digest(self) -> bytes:
        """SHA-256 (32 bytes) of the canonical JSON."""
        return hashlib.sha256(self.encoded()).digest()


class DossierPlan(StoredPlan, frozen=True, forbid_unknown_fields=True):
    """A dossier decided to the last word.

    Attributes:
        draft: A draft says so on every page and fixes no number.
        at_us: Its date: of a draft the time of the custody entry it rests on, so that an unchanged case
            gives the same bytes.
        custody_seq: The custody entry it rests on; `custody_root` is the RFC 6962 root up to it (hex).
        words: Name of the wording (profile).
        head: The three texts of the running head.
        sections: Which sections are drawn, in order.
        profile: What the file is for, see `Profile`.
        further: What the sections hold that must be asked for, by their names.
        limit: The most bytes of one file; what is longer is written in parts. 0: none.
        recipients: Who receives it, each as `NAME, ROLE`.
    """

    v: int
    case: str
    version: str
    draft: bool
    title: str
    at_us: int
    custody_seq: int
    custody_root: str
    words: str
    paper: Literal["letter", "a4"]
    language: str
    head: tuple[str, str, str]
    sections: tuple[str, ...]
    cover: Cover
    reading: tuple[Remark, ...]
    exhibits: tuple[Chapter, ...]
    findings: tuple[Chapter, ...]
    custody: tuple[Block, ...]
    hashes: tuple[Block, ...]
    produced: tuple[Produced, ...]
    withheld: tuple[Withheld, ...]
    profile: Profile = "filing"
    imports: tuple[Block, ...] = ()
    redactions: tuple[Block, ...] = ()
    further: dict[str, tuple[Block, ...]] = {}
    limit: int = 0
    recipients: tuple[str, ...] = ()


def decode(untrusted_plan: bytes) -> DossierPlan:
    """A plan from its stored JSON.

    Raises:
        CaseKitError: It does not fit the schema of this version.
    """
    try:
        return msgspec.json.decode(untrusted_plan, type=DossierPlan)
    except msgspec.DecodeError as error:
        raise CaseKitError(
            "This stored plan cannot be read ({why}): verify the case.", why=str(error)
        ) from error

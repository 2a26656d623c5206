"""A production decided: which documents go to the other side, under which numbers, and what stays behind."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import msgspec
from sqlalchemy import Connection, select

import casekit
from casekit import clock
from casekit.dossier import redact
from casekit.dossier.load_file import Encoding, written
from casekit.dossier.sections import caption, document
from casekit.dossier.wording import Wording, wording
from casekit.errors import CaseKitError
from casekit.ops.privilege import family_of
from casekit.ops.productions import next_number
from casekit.progress import Progress, Silent
from casekit.queries import conflicts, items, productions
from casekit.queries import matter as matter_queries
from casekit.queries.items import ItemView, bates_number
from casekit.store import canonical, custody
from casekit.store.tables import bates

FIELDS = (
    "BEGBATES", "ENDBATES", "BEGATTACH", "ENDATTACH", "PARENTID", "ATTACHIDS", "CUSTODIAN", "ALLCUSTODIANS",
    "DOCTYPE", "FILENAME", "FILEEXT", "FILESIZE", "SHA256HASH", "EDRM_MIH", "FROM", "TO", "CC", "BCC",
    "SUBJECT", "DATESENT", "TIMESENT", "TIMEZONE", "MESSAGEID", "PAGECOUNT", "CONFIDENTIALITY", "REDACTED",
    "REDACTREASON", "MODEL", "ACCOUNT", "REQUESTID", "PROMPTSHA256", "PRODVOL", "NATIVELINK", "TEXTLINK",
)  # fmt: skip

PER_FOLDER = 5_000
"""Files in a folder at most; review programs and disks grow slow with more."""

HIGHEST = 999_999_999
"""No production starts with a higher number: one typed too long would use up the register for good."""

_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,15}")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}")


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item that is handed over, with its numbers.

    Attributes:
        new: The number is proposed by this plan and becomes fixed when the production is made.
        fields: Its line in the load file, by field.
        native, text: Paths below the volume; `native` is empty where the file would tell what is redacted.
        sha256: Hex digest of the native, empty likewise.
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


class LeftOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many items stay behind with their families, and why: `privileged` or `unread`."""

    why: str
    items: int


class Volume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A production: everything is decided here, writing it decides nothing.

    Attributes:
        title: Name of the volume, such as `VOL001`.
        odd: (Bates number, field, character) that stands in the load file as a visible code point.
    """

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

    def encoded(self) -> bytes:
        """The plan as canonical JSON."""
        return canonical.encode(msgspec.to_builtins(self))

    def digest(self) -> bytes:
        """SHA-256 (32 bytes) of the canonical JSON."""
        return hashlib.sha256(self.encoded()).digest()


@dataclass(slots=True)
class _Desk:
    """What the planning of one production has at hand."""

    s: Connection
    words: Wording
    title: str
    designation: str
    encoding: Encoding
    odd: list[tuple[str, str, str]]


def plan(
    s: Connection, item_ids: Sequence[int], *, prefix: str = "", start: int | None = None,
    designation: str | None = None, encoding: Encoding = "utf-8", unread: bool = False,
    progress: Progress | None = None,
) -> Volume:  # fmt: skip
    """Decide a production of some items with their whole families, on the snapshot of a reading session.

    A family in which anything is withheld as privileged stays behind whole, and so does one with a file
    that nobody could read, unless `unread` asks for it. An item keeps the number it has.

    Args:
        s: Reading session.
        item_ids: In the order of their numbers.
        prefix: Of new numbers; empty: the matter's own.
        start: First new number; None: the next that is free.
        designation: Confidentiality of the documents; None: the matter's.
        encoding: Of the load file.
        unread: Hand over files that were kept and not read.
        progress: Told the documents.

    Raises:
        CaseKitError: Nothing is left to produce, a number was given before, or something would give a
            withheld item away.
    """
    progress = progress or Silent()
    matter = matter_queries.get(s)
    words = wording(matter.profile or "neutral")
    families, left_out = _families(s, item_ids, unread=unread)
    ids = [member for family in families for member in family]
    if not ids:
        raise CaseKitError(
            "Nothing is left to produce: choose other items, or see why they stay behind."
        )
    conflicts.refuse(s, ids, progress)
    title = productions.next_volume(s)
    named = matter.designation if designation is None else designation
    desk = _Desk(s, words, title, named or "", encoding, [])
    numbers = _numbers(s, ids, prefix or caption.prefix(matter), start)
    produced: list[Document] = []
    for family in families:
        progress.step(len(produced), len(ids), "planning the production")
        produced += _documents(desk, family, numbers, len(produced))
    seq = custody.head(s)
    last = next(custody.leaves(s, seq - 1, seq)).content
    return Volume(
        v=1, case=last["case"], version=casekit.__version__, title=title, at_us=clock.now_us(),
        custody_seq=seq, custody_root=custody.tree_root(s).hex(), encoding=encoding,
        produced=tuple(produced), left_out=left_out, odd=tuple(desk.odd),
    )  # fmt: skip


def text_of(view: ItemView, *, machine: bool) -> str:
    """The text of a document for its own file: a mail's head, then what it says.

    Args:
        view: The item as it may be shown.
        machine: Take what machines read in its pictures where it has no text of its own.
    """
    head = [f"{name}: {value}" for name, value in _people(view).items() if value]
    if view.row.kind == "mail":
        head += [f"Date: {view.sent_raw}", f"Subject: {view.mail.get('subject', '')}"]
    said = [text for part, text in view.texts if part == "body" or part.startswith("page/")]
    if not said:
        said = [f"[{part}]\n{text}" for part, text in view.texts]
    if not said and machine:
        said = [f"[{r.part}, read by {r.engine} {r.version}]\n{r.text}" for r in view.read]
    return "\n\n".join(["\n".join(head), *said] if head else said) + "\n"


def _families(
    s: Connection, item_ids: Sequence[int], *, unread: bool
) -> tuple[list[list[int]], tuple[LeftOut, ...]]:
    """The families that go, in the order in which their first item was asked for, and what stays."""
    rows = items.rows(s, item_ids)
    members: dict[int, list[int]] = {}
    every = items.rows(s, family_of(s, [row.id for row in rows]) if rows else [])
    for row in every:
        members.setdefault(row.root_id, []).append(row.id)
    privileged = conflicts.withheld(s)
    held = {row.root_id for row in every if row.id in privileged}
    unseen = set() if unread else {row.root_id for row in every if row.kind == "file"} - held
    stays = {"privileged": held, "unread": unseen}
    left_out = tuple(
        LeftOut(why, sum(len(members[root]) for root in roots))
        for why, roots in stays.items()
        if roots
    )
    roots = dict.fromkeys(row.root_id for row in rows)
    return [members[root] for root in roots if root not in held | unseen], left_out


def _numbers(
    s: Connection, ids: Sequence[int], prefix: str, start: int | None
) -> dict[int, tuple[str, int, int, bool]]:
    """The range of each item, and whether it is new."""
    if not _PREFIX.fullmatch(prefix):
        raise CaseKitError(
            "The prefix {prefix} cannot be used: take up to 16 capitals, digits, hyphens or underscores.",
            prefix=prefix,
        )
    free = next_number(s, prefix)
    number = free if start is None else start
    if number < free:
        raise CaseKitError(
            "{number} was given before: numbers with this prefix go on at {free}.",
            number=bates_number(prefix, number), free=bates_number(prefix, free),
        )  # fmt: skip
    if number > HIGHEST:
        raise CaseKitError(
            "Numbers go up to {highest}: start with a lower one.",
            highest=bates_number(prefix, HIGHEST),
        )
    wanted, paged = set(ids), {row.id for row in items.rows(s, ids) if row.pages}
    known = {r.item_id: r for r in s.execute(select(bates)) if r.item_id in wanted}
    found: dict[int, tuple[str, int, int, bool]] = {}
    for item_id in ids:
        if item_id in known:
            row = known[item_id]
            found[item_id] = (row.prefix, row.first, row.last, False)
            continue
        pages = document.page_count(items.view(s, item_id)) if item_id in paged else 1
        last = number + max(1, pages) - 1
        found[item_id] = (prefix, number, last, True)
        number = last + 1
    return found


def _documents(
    desk: _Desk, family: Sequence[int], numbers: Mapping[int, tuple[str, int, int, bool]], done: int
) -> Iterable[Document]:
    wholes = {item_id: items.view(desk.s, item_id) for item_id in family}
    hidden = _hidden(wholes)
    begins = {i: bates_number(numbers[i][0], numbers[i][1]) for i in family}
    ends = {i: bates_number(numbers[i][0], numbers[i][2]) for i in family}
    for at, (item_id, whole) in enumerate(wholes.items(), done):
        view = redact.redacted(whole, desk.words)
        folder = f"{at // PER_FOLDER + 1:04d}"
        begin = begins[item_id]
        native = "" if item_id in hidden else f"NATIVES/{folder}/{begin}{_extension(whole)}"
        text = f"TEXT/{folder}/{begin}.txt"
        below = [begins[m.id] for m in whole.family if m.parent_id == item_id]
        family_range = (begins[family[0]], ends[family[-1]]) if len(family) > 1 else ("", "")
        fields = _fields(desk, view, hidden=item_id in hidden) | {
            "BEGBATES": begin, "ENDBATES": ends[item_id],
            "BEGATTACH": family_range[0], "ENDATTACH": family_range[1],
            "PARENTID": begins.get(whole.row.parent_id or 0, ""), "ATTACHIDS": "; ".join(below),
            "PAGECOUNT": str(numbers[item_id][2] - numbers[item_id][1] + 1),
            "PRODVOL": desk.title, "NATIVELINK": _link(desk.title, native),
            "TEXTLINK": _link(desk.title, text),
        }  # fmt: skip
        prefix, first, last, new = numbers[item_id]
        sha256 = whole.sha256.hex() if native else ""
        shown = _writable(desk, begin, fields)
        yield Document(item_id, prefix, first, last, new, shown, native, text, sha256)


def _hidden(family: Mapping[int, ItemView]) -> set[int]:
    """Items of a family whose own bytes hold something that is redacted, in them or below them."""
    found = {item_id for item_id, view in family.items() if view.redactions}
    for item_id in list(found):
        above = family[item_id].row.parent_id
        while above is not None and above in family:
            found.add(above)
            above = family[above].row.parent_id
    return found


def _fields(desk: _Desk, view: ItemView, *, hidden: bool) -> dict[str, str]:
    row, exchange = view.row, view.exchange
    custodians = list(dict.fromkeys(r.custodian for r in view.receipts if r.custodian))
    day, _, hour = (
        clock.iso(row.sent_us).partition("T") if row.sent_us is not None else ("", "", "")
    )
    prompt = exchange.get("prompt_sha256", b"")
    return {
        "CUSTODIAN": custodians[0] if custodians else "", "ALLCUSTODIANS": "; ".join(custodians),
        "DOCTYPE": row.kind, "FILENAME": row.name, "FILEEXT": _extension(view)[1:],
        "FILESIZE": "" if hidden else str(row.size), "SHA256HASH": "" if hidden else view.sha256.hex(),
        "EDRM_MIH": str(view.mail.get("mih", "")), **{k.upper(): v for k, v in _people(view).items()},
        "SUBJECT": str(view.mail.get("subject", "")) if view.mail else row.title,
        "DATESENT": day, "TIMESENT": hour[:8],
        "TIMEZONE": ("UTC" if row.time.is_sure else "UTC, zone assumed") if day else "",
        "MESSAGEID": str(view.mail.get("message_id", "")), "CONFIDENTIALITY": desk.designation,
        "REDACTED": "Yes" if view.redactions else "No",
        "REDACTREASON": "; ".join(sorted({r.reason for r in view.redactions})),
        "MODEL": row.model, "ACCOUNT": row.account, "REQUESTID": str(exchange.get("request_id", "")),
        "PROMPTSHA256": prompt.hex() if prompt and not hidden else "",
    }  # fmt: skip


def _people(view: ItemView) -> dict[str, str]:
    def named(role: str) -> str:
        found = [(name, address) for each, name, address in view.parties if each == role]
        return "; ".join(f"{n} <{a}>" if n and a and n != a else n or a for n, a in found)

    return {"From": named("from"), "To": named("to"), "Cc": named("cc"), "Bcc": named("bcc")}


def _writable(desk: _Desk, number: str, fields: Mapping[str, str]) -> dict[str, str]:
    shown = {}
    for name in FIELDS:
        shown[name], odd = written(fields.get(name, ""), desk.encoding)
        desk.odd += ((number, name, f"U+{ord(c):04X}") for c in odd)
    return shown


def _extension(view: ItemView) -> str:
    """The ending of a native's name, from its own name or from what it is."""
    own = PurePosixPath(view.row.name.replace("\\", "/")).suffix
    if _EXTENSION.fullmatch(own):
        return own.lower()
    return mimetypes.guess_extension(view.row.media_type or "") or ".bin"


def _link(title: str, path: str) -> str:
    return f"{title}/{path}".replace("/", "\\") if path else ""

"""A production decided: which documents go to the other side, under which numbers, and what stays behind."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

import casekit
from casekit import clock
from casekit.dossier import imaged, leaving, pseudonyms, redact
from casekit.dossier.imaged import How, Sheet, Typesetter, page_keys
from casekit.dossier.load_file import Encoding, written
from casekit.dossier.sections import caption, document
from casekit.dossier.volume import FIELDS, REPL, Document, LeftOut, Volume, Wish
from casekit.dossier.wording import Wording, wording
from casekit.errors import CaseKitError
from casekit.ops.privilege import family_of
from casekit.ops.productions import next_number
from casekit.progress import Progress, Silent
from casekit.queries import conflicts, items, productions, tier_copies, tiers
from casekit.queries import matter as matter_queries
from casekit.queries.items import ItemView, bates_number
from casekit.queries.privilege_log import LogEntry
from casekit.queries.tiers import Order
from casekit.queries.whole_values import WholeValues
from casekit.store import custody
from casekit.store.tables import bates

PER_FOLDER = 5_000
"""Files in a folder at most; review programs and disks grow slow with more."""

HIGHEST = 999_999_999
"""No production starts with a higher number: one typed too long would use up the register for good."""

_SET_AT_ONCE = 200
"""Families set on pages with the same fonts."""

_PREFIX = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,15}")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class _Family:
    """The members of a family, head first; `held` if it stays behind as privileged."""

    ids: list[int]
    held: bool = False


class _Counted(msgspec.Struct, frozen=True):
    how: How = ""
    pages: int = 0
    sha256: str = ""


@dataclass(slots=True)
class _Desk:
    """What the planning of one production has at hand."""

    s: Connection
    words: Wording
    title: str
    designation: str
    wish: Wish
    given: WholeValues
    order: Order
    odd: list[tuple[str, str, str]] = field(default_factory=list)
    counted: dict[int, _Counted] = field(default_factory=dict)
    entries: dict[int, LogEntry] = field(default_factory=dict)

    def marked(self, item_id: int) -> str:
        """The designation of an item: the volume's, or the stricter one of its tier."""
        return self.order.stamp(self.designation, [item_id])


def plan(
    s: Connection, item_ids: Sequence[int], wish: Wish | None = None, progress: Progress | None = None
) -> Volume:  # fmt: skip
    """Decide a production of some items with their whole families, on the snapshot of a reading session.

    A family in which anything is withheld as privileged stays behind whole, or goes as slip sheets, and one
    with a file that nobody could read stays unless it is asked for. An item keeps the number it has.

    Args:
        s: Reading session.
        item_ids: In the order of their numbers.
        wish: What is asked of it.
        progress: Told the documents.

    Raises:
        TierConflict: The matter has an order, and nobody said who receives it, or one may not see an item.
        CaseKitError: Nothing is left to produce, a number was given before, nobody has decided whether an
            item is privileged, or something would give a withheld item away.
    """
    wish, progress = _checked(wish or Wish()), progress or Silent()
    matter = matter_queries.get(s)
    words = wording(matter.profile or "neutral")
    held_by = replaced_items(s, wish)
    families, left_out = _families(s, list(held_by) or item_ids, wish)
    chosen = frozenset(held_by) or {member for family in families for member in family.ids}
    ids = [i for family in families if not family.held for i in family.ids if i in chosen]
    if not ids and not held_by:
        raise CaseKitError(
            "Nothing is left to produce: choose other items, or see why they stay behind."
        )
    named = (matter.designation if wish.designation is None else wish.designation) or ""
    order, recipients = tiers.order(s), tiers.parsed(wish.recipients)
    order.refuse_unnamed(recipients)
    tier_copies.refuse(s, order, recipients, ids, named, progress)
    leaving.refuse(s, ids, progress)
    title = productions.next_volume(s) + (f"-{REPL}" if held_by else "")
    desk = _Desk(s, words, title, named, wish, pseudonyms.of_case(s, words), order)
    if any(family.held for family in families):
        desk.entries = pseudonyms.log_entries(s, desk.given)
    paper: Literal["letter", "a4"] = "letter" if words.profile == "us-federal" else "a4"
    if wish.images != "none" or desk.entries:
        _count(desk, families, Typesetter(paper, named, progress), progress)
    numbers = _numbers(desk, families, wish.prefix or caption.prefix(matter))
    produced: list[Document] = []
    slips: list[Document] = []
    for family in families:
        at = len(produced) + len(slips)
        progress.step(at, len(numbers), "planning the production")
        made = (_slips if family.held else _documents)(desk, family.ids, numbers, at)
        kept = _marked([one for one in made if one.item_id in chosen], held_by, desk, at)
        (slips if family.held else produced).extend(kept)
    seq = custody.head(s)
    last = next(custody.leaves(s, seq - 1, seq)).content
    return Volume(
        v=1, case=last["case"], version=casekit.__version__, title=desk.title, at_us=clock.now_us(),
        custody_seq=seq, custody_root=custody.tree_root(s).hex(), encoding=wish.encoding,
        produced=tuple(produced), left_out=left_out, odd=tuple(desk.odd), slips=tuple(slips),
        images=wish.images, tables=wish.tables, paper=paper, designation=named,
        marks=tuple((i, mark) for i in ids if (mark := desk.marked(i)) != named), recipients=recipients,
    )  # fmt: skip


def _checked(wish: Wish) -> Wish:
    if "lfp" in wish.tables and wish.images == "none":
        raise CaseKitError("An LFP file lists pictures: choose pictures too, or leave it out.")
    return wish


def replaced_items(s: Connection, wish: Wish) -> dict[int, str]:
    """The items whose numbers are to be replaced, each with the production that holds it last.

    Raises:
        CaseKitError: A number was never handed over, or nobody says why it is replaced.
    """
    if not wish.replace:
        return {}
    if not wish.reason.strip():
        raise CaseKitError("Say why the documents are replaced: the register keeps the reason.")
    holders = productions.last_holders(s)
    found: dict[int, str] = {}
    for number in wish.replace:
        item_id = productions.item_with(s, number)
        if item_id is None or item_id not in holders:
            raise CaseKitError(
                "{number} was not handed over in a volume, so nothing can replace it.",
                number=number,
            )
        found[item_id] = holders[item_id]
    return found


def _marked(
    documents: Sequence[Document], held_by: Mapping[int, str], desk: _Desk, at: int
) -> list[Document]:
    """The documents with their places and, of a replacement, what each replaces and why."""
    if not held_by:
        return list(documents)
    reason = written(desk.wish.reason, desk.wish.encoding)[0]
    return [
        msgspec.structs.replace(
            one, at=n, replaces=held_by[one.item_id],
            fields={**one.fields, "REPLACES": held_by[one.item_id], "REPLACEREASON": reason},
        )
        for n, one in enumerate(documents, at)
    ]  # fmt: skip


def described(
    s: Connection, item_ids: Sequence[int], designation: str | None, encoding: Encoding
) -> dict[int, dict[str, str]]:
    """What the load file says of items today, by field, without what belongs to a volume or a number."""
    matter = matter_queries.get(s)
    named = (matter.designation if designation is None else designation) or ""
    words = wording(matter.profile or "neutral")
    given = pseudonyms.of_case(s, words)
    desk = _Desk(s, words, "", named, Wish(encoding=encoding), given, tiers.order(s))
    found: dict[int, dict[str, str]] = {}
    for item_id in item_ids:
        if item_id not in found:
            family = [row.id for row in items.view(s, item_id).family]
            wholes = {i: items.view(s, i) for i in family}
            shown = {i: redact.redacted(whole, words, desk.given) for i, whole in wholes.items()}
            hidden = _hidden(shown)
            for i, view in shown.items():
                fields = _fields(desk, view, hidden=i in hidden)
                found[i] = _writable(desk, str(i), fields)
    return {item_id: found[item_id] for item_id in item_ids}


def sheets(wholes: Mapping[int, ItemView], words: Wording, given: WholeValues) -> dict[int, Sheet]:
    """What the page pictures of a family's members show, from the items as they are in the case.

    Args:
        wholes: The items.
        words: Of the matter's profile.
        given: What has a pseudonym.
    """
    shown = {item_id: redact.redacted(whole, words, given) for item_id, whole in wholes.items()}
    hidden = _hidden(shown)
    return {
        item_id: imaged.sheet_of(
            view, [each for each in shown.values() if each.row.parent_id == item_id], hidden, words
        )
        for item_id, view in shown.items()
    }


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
    s: Connection, item_ids: Sequence[int], wish: Wish
) -> tuple[list[_Family], tuple[LeftOut, ...]]:
    """The families that go, in the order in which their first item was asked for, and what stays."""
    rows = items.rows(s, item_ids)
    members: dict[int, list[int]] = {}
    every = items.rows(s, family_of(s, [row.id for row in rows]) if rows else [])
    if wish.replace:  # what never got a number is no part of what was handed over
        numbered = set(s.execute(select(bates.c.item_id)).scalars())
        every = [row for row in every if row.id in numbered]
    for row in every:
        members.setdefault(row.root_id, []).append(row.id)
    privileged = conflicts.withheld(s)
    held = {row.root_id for row in every if row.id in privileged}
    unseen = {row.root_id for row in every if row.kind == "file"} - held
    stays = {"privileged": held, "unread": set() if wish.unread else unseen}
    left_out = tuple(
        LeftOut(why, sum(len(members[root]) for root in roots))
        for why, roots in stays.items()
        if roots
    )
    gone = set() if wish.replace else stays["unread"] | (set() if wish.slips else held)
    roots = dict.fromkeys(row.root_id for row in rows)
    kept = [_Family(members[root], root in held) for root in roots if root not in gone]
    return kept, () if wish.replace else left_out


def _count(
    desk: _Desk, families: Sequence[_Family], setter: Typesetter, progress: Progress
) -> None:
    """Set every document on pages, to learn how many it has; many at once, because fonts take time."""
    total = sum(len(family.ids) for family in families)
    pictured = desk.wish.images != "none"
    for start in range(0, len(families), _SET_AT_ONCE):
        made: dict[int, Sheet] = {}
        for family in families[start : start + _SET_AT_ONCE]:
            progress.step(len(desk.counted) + len(made), total, "setting pages")
            if family.held:
                made |= {i: imaged.withheld_slip(desk.entries[i], desk.words) for i in family.ids}
            elif pictured:
                wholes = {i: items.view(desk.s, i) for i in family.ids}
                made |= sheets(wholes, desk.words, desk.given)
        setter.prepare("".join(text for sheet in made.values() for text in imaged.said(sheet)))
        for item_id, sheet in made.items():
            pages = len(setter.pages(sheet)) if pictured else 0
            desk.counted[item_id] = _Counted(sheet.how, pages, sheet.digest())


def _numbers(
    desk: _Desk, families: Sequence[_Family], prefix: str
) -> dict[int, tuple[str, int, int, bool]]:
    """The range of each item, and whether it is new."""
    s, ids = desk.s, [member for family in families for member in family.ids]
    if not _PREFIX.fullmatch(prefix):
        raise CaseKitError(
            "The prefix {prefix} cannot be used: take up to 16 capitals, digits, hyphens or underscores.",
            prefix=prefix,
        )
    free = next_number(s, prefix)
    number = free if desk.wish.start is None else desk.wish.start
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
    wanted = set(ids)
    known = {r.item_id: r for r in s.execute(select(bates)) if r.item_id in wanted}
    lengths = _lengths(desk, families)
    found: dict[int, tuple[str, int, int, bool]] = {}
    for item_id in ids:
        if item_id in known:
            row = known[item_id]
            found[item_id] = (row.prefix, row.first, row.last, False)
            continue
        last = number + max(1, lengths.get(item_id, 1)) - 1
        found[item_id] = (prefix, number, last, True)
        number = last + 1
    return found


def _lengths(desk: _Desk, families: Sequence[_Family]) -> dict[int, int]:
    """How many numbers an item that has none gets; one if it is not named."""
    if desk.wish.images != "none":
        return {item_id: counted.pages for item_id, counted in desk.counted.items()}
    ids = [member for family in families if not family.held for member in family.ids]
    paged = [row.id for row in items.rows(desk.s, ids) if row.pages]
    return {item_id: document.page_count(items.view(desk.s, item_id)) for item_id in paged}


def _documents(
    desk: _Desk, family: Sequence[int], numbers: Mapping[int, tuple[str, int, int, bool]], done: int
) -> Iterator[Document]:
    wholes = {item_id: items.view(desk.s, item_id) for item_id in family}
    shown = {
        i: redact.redacted(each, desk.words, desk.given, pictured=False)
        for i, each in wholes.items()
    }
    hidden = _hidden(shown)
    begins = {i: bates_number(numbers[i][0], numbers[i][1]) for i in family}
    for at, (item_id, whole) in enumerate(wholes.items(), done):
        view = shown[item_id]
        folder = f"{at // PER_FOLDER + 1:04d}"
        begin = begins[item_id]
        counted = desk.counted.get(item_id, _Counted())
        goes = item_id not in hidden and (desk.wish.natives or counted.how == "native")
        native = f"NATIVES/{folder}/{begin}{_extension(whole)}" if goes else ""
        text = f"TEXT/{folder}/{begin}.txt"
        below = [begins[m.id] for m in whole.family if m.parent_id == item_id]
        fields = _fields(desk, view, hidden=item_id in hidden) | {
            **_ranges(desk, family, item_id, numbers), "PARENTID": begins.get(whole.row.parent_id or 0, ""),
            "ATTACHIDS": "; ".join(below), "NATIVELINK": link(desk.title, native),
            "PLACEHOLDER": "Produced natively" if counted.how == "native" else "",
            "PRODVOL": desk.title, "TEXTLINK": link(desk.title, text),
        }  # fmt: skip
        sha256 = whole.sha256.hex() if native else ""
        yield Document(
            item_id, *numbers[item_id], _writable(desk, begin, fields), native, text, sha256,
            counted.how, counted.pages, counted.sha256,
        )  # fmt: skip


def _slips(
    desk: _Desk, family: Sequence[int], numbers: Mapping[int, tuple[str, int, int, bool]], done: int
) -> Iterator[Document]:
    """The slip sheets of a withheld family: of each item what the privilege log tells of it."""
    begins = {i: bates_number(numbers[i][0], numbers[i][1]) for i in family}
    log_ids = {desk.entries[i].number: begins[i] for i in family}
    for at, item_id in enumerate(family, done):
        entry, counted = desk.entries[item_id], desk.counted[item_id]
        text = f"TEXT/{at // PER_FOLDER + 1:04d}/{begins[item_id]}.txt"
        moment = clock.iso(entry.sent_us).partition("T") if entry.sent_us is not None else ("",) * 3
        basis = desk.words.get(f"basis.{entry.basis}", entry.basis)
        below = [begins[i] for i in family if desk.entries[i].attached_to == entry.number]
        fields = {
            **_ranges(desk, family, item_id, numbers), "PARENTID": log_ids.get(entry.attached_to, ""),
            "ATTACHIDS": "; ".join(below), "DOCTYPE": entry.kind, "FROM": "; ".join(entry.authors),
            "TO": "; ".join(entry.to), "CC": "; ".join(entry.cc), "BCC": "; ".join(entry.bcc),
            "DATESENT": moment[0], "TIMESENT": moment[2][:8], "TIMEZONE": "UTC" if moment[0] else "",
            "CONFIDENTIALITY": desk.designation, "PLACEHOLDER": f"Withheld: {basis}",
            "PRODVOL": desk.title, "TEXTLINK": link(desk.title, text),
        }  # fmt: skip
        yield Document(
            item_id, *numbers[item_id], _writable(desk, begins[item_id], fields), "", text, "",
            counted.how, counted.pages, counted.sha256, at,
        )  # fmt: skip


def _ranges(
    desk: _Desk, family: Sequence[int], item_id: int,
    numbers: Mapping[int, tuple[str, int, int, bool]],
) -> dict[str, str]:  # fmt: skip
    """The item's own first and last number, its family's if it has one, and how many pages it has."""

    def end(of: int) -> str:
        prefix, first, last, _ = numbers[of]
        pages = desk.counted.get(of, _Counted()).pages
        extra = pages > last - first + 1
        return page_keys(prefix, first, last, pages)[-1][0] if extra else bates_number(prefix, last)

    prefix, first, last, _ = numbers[item_id]
    pages = desk.counted.get(item_id, _Counted()).pages or last - first + 1
    head = numbers[family[0]]
    whole = (bates_number(head[0], head[1]), end(family[-1])) if len(family) > 1 else ("", "")
    return {
        "BEGBATES": bates_number(prefix, first), "ENDBATES": end(item_id), "BEGATTACH": whole[0],
        "ENDATTACH": whole[1], "PAGECOUNT": str(pages),
    }  # fmt: skip


def _hidden(family: Mapping[int, ItemView]) -> set[int]:
    """Items of a family whose own bytes hold something that is redacted, in them or below them."""
    found = {item_id for item_id, view in family.items() if view.is_redacted}
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
        "MESSAGEID": str(view.mail.get("message_id", "")), "CONFIDENTIALITY": desk.marked(row.id),
        "REDACTED": "Yes" if view.is_redacted else "No",
        "REDACTREASON": "; ".join(sorted(view.reasons)),
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
        shown[name], odd = written(fields.get(name, ""), desk.wish.encoding)
        desk.odd += ((number, name, f"U+{ord(c):04X}") for c in odd)
    return shown


def _extension(view: ItemView) -> str:
    """The ending of a native's name, from its own name or from what it is."""
    own = PurePosixPath(view.row.name.replace("\\", "/")).suffix
    if _EXTENSION.fullmatch(own):
        return own.lower()
    return mimetypes.guess_extension(view.row.media_type or "") or ".bin"


def link(title: str, path: str) -> str:
    """A path below a volume as a load file names it."""
    return f"{title}/{path}".replace("/", "\\") if path else ""

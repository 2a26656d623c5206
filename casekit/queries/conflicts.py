"""What would give away a withheld item: its copies, near copies, quotations, forwards, and what carries them.

Only text and headers are judged, over the items about to leave. A person can decide of each that it is not
privileged; that decision counts against the withheld items it was made for and no others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, select

from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import sequestered
from casekit.queries.boxes import BoxRow, boxes, hidden_spans, on_page
from casekit.queries.ids import ItemIds
from casekit.queries.items import in_families
from casekit.queries.likeness import BREAK, Match, TextSet, words_of
from casekit.queries.quotes import quoted_spans
from casekit.queries.redactions import redactions
from casekit.queries.translations import translations
from casekit.store import hiding
from casekit.store.tables import (
    item,
    item_text,
    machine_text,
    mail,
    mail_thread,
    privilege,
    privilege_pass,
)

NEAR = 0.4
"""A text with so many of the groups of three words of a withheld text is a near copy of it, or quotes it."""

RUN = 20
"""So many words of a withheld text in a row are a passage of it, wherever they stand."""

LINKED_RUN = 8
"""So many are, in a quotation of a mail whose headers name the withheld mail or its thread."""

SHORT = 8
"""A withheld text of fewer words is known again only whole, in a text that is not much longer."""

WHYS: dict[str, str] = {
    "bytes": "is the same file as",
    "content": "says the same, to the same people at the same time, as",
    "message-id": "has the same Message-ID as",
    "translation": "is a translation or the original of",
    "near": "is nearly the same text as",
    "forward": "forwards",
    "quote": "quotes",
    "reply": "answers, with a quotation,",
    "passage": "has a passage of",
    "carries": "holds an attachment that tells of",
    "belongs": "belongs to a copy of",
}
"""Why an item would give a withheld one away, strongest first, each with the words that say so."""

_MACHINE = ("outputs", "api-log")
"""Models say alike what nobody took from a lawyer: two of these are compared by their bytes alone."""

_COPIES = frozenset({"bytes", "content", "message-id", "translation", "near"})
_ORDER = {why: n for n, why in enumerate(WHYS)}
_MOST_NAMED = 12
_CHUNK = 500
_FORWARD = re.compile(
    r"\s*(?:\[[^\]]*\]\s*)*(?:fwd?|wg|tr|rv|doorst|vb|vs|转发|轉寄)\s*[:：]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Item `item_id` would give away the withheld item `withheld_id`; `why` is a word of `WHYS`."""

    item_id: int
    withheld_id: int
    why: str


class PrivilegeConflict(CaseKitError):
    """Something about to leave would give a withheld item away; `conflicts` says what."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        named = "; ".join(map(sentence, self.conflicts[:_MOST_NAMED]))
        more = f"; and {len(conflicts) - _MOST_NAMED} more" if len(conflicts) > _MOST_NAMED else ""
        super().__init__(
            "Nothing was written, because what is withheld as privileged would leave: {named}{more}. "
            "Withhold or redact each of them, or decide that it is not privileged.",
            named=named,
            more=more,
        )


def sentence(conflict: Conflict) -> str:
    """A conflict in words."""
    return f"item {conflict.item_id} {WHYS[conflict.why]} withheld item {conflict.withheld_id}"


def refuse(
    s: Connection, item_ids: Sequence[int] | ItemIds, progress: Progress | None = None,
    *, shown: Collection[str] = (),
) -> None:  # fmt: skip
    """Let items leave only if none of them gives a withheld item away; `shown` as `conflicts` says.

    Raises:
        PrivilegeConflict: One does; what is itself withheld is the caller's to leave out.
    """
    found = conflicts(s, item_ids, progress, shown=shown)
    if found:
        raise PrivilegeConflict(found)


def conflicts(
    s: Connection,
    item_ids: Sequence[int] | ItemIds | None = None,
    progress: Progress | None = None,
    *,
    decided: bool = False,
    shown: Collection[str] = (),
) -> list[Conflict]:
    """What of some items, or of all, gives a withheld item away, in order of item.

    Of each pair the strongest reason is given. Withheld items and their families are none of it; what is
    sequestered counts as withheld. A text is
    judged without its redacted passages.

    Args:
        s: Reading session.
        item_ids: What is about to leave; None: every item.
        progress: Told the items.
        decided: Also what a person has decided to be not privileged.
        shown: A passage that is redacted for one of these reasons is judged all the same.
    """
    with hiding.whole(s):
        return _conflicts(s, item_ids, progress or Silent(), decided=decided, shown=shown)


def _conflicts(
    s: Connection, item_ids: Sequence[int] | ItemIds | None, progress: Progress, *, decided: bool,
    shown: Collection[str],
) -> list[Conflict]:  # fmt: skip
    held = withheld(s) | sequestered.held(s)
    passed = set[tuple[int, int]]() if decided or not held else _passed(s)
    return resembling(s, item_ids, held, passed, progress, shown=shown, skipped=held)


def resembling(
    s: Connection, item_ids: Sequence[int] | ItemIds | None, held: set[int],
    passed: set[tuple[int, int]], progress: Progress, *, shown: Collection[str] = (),
    skipped: Collection[int] = (),
) -> list[Conflict]:  # fmt: skip
    """What of some items, or of all, tells of what some other items hold, in order of item.

    Args:
        s: Reading session.
        item_ids: What is about to leave; None: every item. Those of `held` are none of it.
        held: What is not to be told; `withheld_id` of a conflict is one of them.
        passed: Pairs of item and held item that were decided.
        progress: Told the items.
        shown: A passage that is redacted for one of these reasons is judged all the same.
        skipped: Heads of families of which all is held.
    """
    if not held:
        return []
    withheld_set = _Withheld(s, held)
    wanted = None if item_ids is None else {int(i) for i in item_ids} - held
    found: list[Conflict] = []
    roots = _roots(s, wanted, skipped)
    for start in range(0, len(roots), _CHUNK):
        progress.step(start, len(roots), "looking for what is withheld")
        families = _read(s, in_families(roots[start : start + _CHUNK]), shown=shown)
        for family in _by_root(families).values():
            found += _in_family(family, withheld_set, passed)
    return sorted(
        (k for k in found if k.item_id not in held and (wanted is None or k.item_id in wanted)),
        key=lambda conflict: (conflict.item_id, conflict.withheld_id),
    )


def withheld(s: Connection) -> set[int]:
    """Every item of every family in which anything is withheld."""
    roots = select(item.c.root_id).join(privilege, privilege.c.item_id == item.c.id).distinct()
    heads = [int(i) for i in s.execute(roots).scalars()]
    found: set[int] = set()
    for some in _chunks(heads):
        found.update(s.execute(select(item.c.id).where(in_families(some))).scalars())
    return found


@dataclass(slots=True)
class _Judged:
    """An item as it is judged; `fresh`, `quoted` and `signed` are its words, breaks among them.

    `redacted` says that something is redacted in what it quotes.
    """

    id: int
    parent: int | None
    root: int
    sha256: bytes
    size: int
    subject: str
    message_id: str
    mih: str
    content: bytes
    named: frozenset[str]
    thread: int | None
    fresh: list[str]
    quoted: list[str]
    signed: list[str]
    redacted: bool
    forwarded: bool
    machine: bool


class _Withheld:
    """What is withheld, by all that it can be known by again."""

    def __init__(self, s: Connection, ids: Iterable[int]) -> None:
        every = [
            one
            for some in _chunks(sorted(ids))
            for one in _read(s, item.c.id.in_(some), whole=True)
        ]
        self.by_bytes = _first((one.sha256, one) for one in every if one.size)
        self.by_content = _first((one.content, one) for one in every if one.content)
        self.by_name = _first(
            (name, one) for one in every for name in (one.message_id, one.mih) if name
        )
        self.translated = _translated(s, {one.id for one in every})
        self.machine = frozenset(one.id for one in every if one.machine)
        self.by_thread: dict[int, set[int]] = {}
        for one in every:
            if one.thread is not None:
                self.by_thread.setdefault(one.thread, set()).add(one.id)
        # What a mail quotes is somebody else's, unless there is next to nothing of its own.
        self.texts = TextSet(
            (one.id, one.fresh if _length(one.fresh) >= SHORT else [*one.fresh, BREAK, *one.quoted])
            for one in every
        )

    def known(self, one: _Judged) -> Iterator[Conflict]:
        """The withheld items that an item gives away by itself."""
        for why, other in (
            ("bytes", self.by_bytes.get(one.sha256) if one.size else None),
            ("content", self.by_content.get(one.content)),
            ("message-id", self.by_name.get(one.message_id) or self.by_name.get(one.mih)),
        ):
            if other is not None:
                yield Conflict(one.id, other.id, why)
        for other_id in self.translated.get(one.id, ()):
            yield Conflict(one.id, other_id, "translation")
        named = {self.by_name[name].id for name in one.named if name in self.by_name}
        if named and _length(one.quoted) and not one.redacted:
            yield from (Conflict(one.id, other, "reply") for other in named)
        linked = named | self.by_thread.get(one.thread or 0, set())
        second = "forward" if one.forwarded else "quote"
        for match in self._like(one, one.quoted):
            part = match.key in linked and (match.run >= LINKED_RUN or match.share == 1)
            if part or _is_near(match) or match.run >= RUN:
                yield Conflict(one.id, match.key, second)
        for words in (one.fresh, one.signed):  # whatever was pasted below a signature is called one
            for match in self._like(one, words):
                if _is_near(match) or match.run >= RUN:
                    why = "near" if match.share >= NEAR and match.of_other >= NEAR else "passage"
                    yield Conflict(one.id, match.key, why)

    def _like(self, one: _Judged, words: Sequence[str]) -> Iterator[Match]:
        for match in self.texts.matches(words):
            if not (one.machine and match.key in self.machine):
                yield match


def _is_near(match: Match) -> bool:
    """Whether so much of a withheld text stands there that it is no accident; the shorter, the more."""
    if match.length < SHORT:
        return match.share == 1 and match.of_other >= NEAR
    return match.share >= NEAR and (match.length >= RUN or match.run >= SHORT)


def _in_family(
    family: Sequence[_Judged], held: _Withheld, passed: set[tuple[int, int]]
) -> Iterator[Conflict]:
    """The conflicts of a family: each item's own, then those of the items above and below it."""
    by_id = {one.id: one for one in family}
    best: dict[tuple[int, int], str] = {}

    def note(item_id: int, withheld_id: int, why: str) -> None:
        pair = (item_id, withheld_id)
        if pair not in passed and _ORDER[why] < _ORDER.get(best.get(pair, ""), len(_ORDER)):
            best[pair] = why

    for one in family:
        for conflict in held.known(one):
            note(conflict.item_id, conflict.withheld_id, conflict.why)
    for (item_id, withheld_id), why in list(best.items()):
        above = by_id[item_id].parent
        while above in by_id:
            note(above, withheld_id, "carries")
            above = by_id[above].parent
        if why in _COPIES and item_id != withheld_id:
            for below in _below(family, item_id):
                note(below, withheld_id, "belongs")
    yield from (Conflict(*pair, why) for pair, why in best.items())


def _below(family: Sequence[_Judged], item_id: int) -> Iterator[int]:
    for one in family:
        if one.parent == item_id:
            yield one.id
            yield from _below(family, one.id)


def _roots(s: Connection, wanted: set[int] | None, skipped: Collection[int]) -> list[int]:
    """The families to be looked at, in order."""
    query = select(item.c.root_id).distinct()
    if wanted is None:
        found = set(s.execute(query).scalars())
    else:
        found = {
            root
            for some in _chunks(sorted(wanted))
            for root in s.execute(query.where(item.c.id.in_(some))).scalars()
        }
    return sorted(found.difference(skipped))


def _translated(s: Connection, held: Collection[int]) -> dict[int, set[int]]:
    """By item, the withheld items that it is paired with as a translation or as what was translated."""
    found: dict[int, set[int]] = {}
    for row in translations(s):
        if row.translation_id is not None:
            for one, other in (
                (row.item_id, row.translation_id),
                (row.translation_id, row.item_id),
            ):
                if other in held:
                    found.setdefault(one, set()).add(other)
    return found


def _passed(s: Connection) -> set[tuple[int, int]]:
    query = select(privilege_pass.c.item_id, privilege_pass.c.withheld_id)
    return {(row.item_id, row.withheld_id) for row in s.execute(query)}


def _read(
    s: Connection, chosen: ColumnElement[bool], *, whole: bool = False, shown: Collection[str] = ()
) -> list[_Judged]:
    """Items with their words and what their headers say.

    Redacted passages are among them if `whole`, or if they are redacted for a reason in `shown`.
    """
    query: Select[Any] = (
        select(
            item.c.id, item.c.parent_id, item.c.root_id, item.c.sha256, item.c.size,
            item.c.collection, mail.c.item_id.label("is_mail"), mail.c.subject, mail.c.message_id, mail.c.mih,
            mail.c.content_hash, mail.c.in_reply_to, mail.c.refs, mail_thread.c.thread_id,
        )
        .outerjoin(mail, mail.c.item_id == item.c.id)
        .outerjoin(mail_thread, mail_thread.c.item_id == item.c.id)
        .where(chosen)
        .order_by(item.c.id)
    )  # fmt: skip
    rows = list(s.execute(query))
    ids = [row.id for row in rows]
    texts = _texts(s, ids)
    hidden: dict[int, list[tuple[str, int, int]]] = {}
    boxed: dict[int, list[BoxRow]] = {}
    for some in () if whole else _chunks(ids):
        for each in redactions(s, some):
            if each.reason in shown:
                continue
            hidden.setdefault(each.item_id, []).append((each.part, each.start, each.stop))
        for box in boxes(s, some):
            if box.reason in shown:
                continue
            boxed.setdefault(box.item_id, []).append(box)
    for item_id, rows_of in boxed.items():
        hidden.setdefault(item_id, []).extend(
            _under(rows_of, dict(reversed(texts.get(item_id, []))))
        )
    return [_judged(row, texts.get(row.id, ()), hidden.get(row.id, ())) for row in rows]


def _under(rows: Sequence[BoxRow], texts: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """The characters that boxes take out of the texts of their pages, where it is known which they are."""
    for page in {row.page for row in rows}:
        part = f"page/{page}"
        for start, stop, _ in hidden_spans(on_page(rows, page), texts.get(part, "")) or ():
            yield part, start, stop


def _texts(s: Connection, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """(part, text) of each item in order, then what machines read of it."""
    found: dict[int, list[tuple[str, str]]] = {}
    for some in _chunks(ids):
        for table, order in ((item_text, item_text.c.no), (machine_text, machine_text.c.id)):
            query = select(table.c.item_id, table.c.part, table.c.text).where(
                table.c.item_id.in_(some)
            )
            for row in s.execute(query.order_by(table.c.item_id, order)):
                part = row.part if table is item_text else ""
                found.setdefault(row.item_id, []).append((part, row.text))
    return found


def _judged(
    row: Any, texts: Sequence[tuple[str, str]], hidden: Sequence[tuple[str, int, int]]
) -> _Judged:
    words: dict[str, list[str]] = {"": [], "quote": [], "signature": []}
    forwarded = bool(_FORWARD.match(row.subject or ""))
    seen: set[str] = set()
    quote_cut = False
    for part, text in texts:
        cut = [(a, b) for name, a, b in hidden if name == part and part not in seen]
        seen.add(part)  # a redaction counts in the first text of its part
        spans = quoted_spans(text) if row.is_mail is not None else []
        quotes = [(begin, end) for begin, end, kind in spans if kind == "quote"]
        quote_cut |= any(
            start < end and stop > begin for begin, end in quotes for start, stop in cut
        )
        for begin, end, kind in _apart(len(text), spans, cut):
            some = words_of(text[begin:end])
            if some:
                words[kind].extend((*some, BREAK))
    return _Judged(
        row.id, row.parent_id, row.root_id, row.sha256, row.size, row.subject or "",
        row.message_id or "", row.mih or "", row.content_hash or b"",
        frozenset((*_ids(row.in_reply_to), *_ids(row.refs))), row.thread_id, words[""], words["quote"],
        words["signature"], quote_cut, forwarded, row.collection in _MACHINE,
    )  # fmt: skip


def _apart(
    length: int, spans: Iterable[tuple[int, int, str]], cut: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """A text from first to last character in stretches of one kind, without what is cut out."""
    at = 0
    for begin, end, kind in (*spans, (length, length, "")):
        yield from _without(at, begin, "", cut)
        yield from _without(begin, end, kind, cut)
        at = end


def _without(
    begin: int, end: int, kind: str, cut: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    for start, stop in sorted(cut):
        if start < end and stop > begin:
            if start > begin:
                yield begin, start, kind
            begin = max(begin, stop)
    if begin < end:
        yield begin, end, kind


def _ids(text: str | None) -> tuple[str, ...]:
    return tuple(orjson.loads(text)) if text else ()


def _length(words: Sequence[str]) -> int:
    return sum(word != BREAK for word in words)


def _first(pairs: Iterable[tuple[Any, _Judged]]) -> dict[Any, _Judged]:
    found: dict[Any, _Judged] = {}
    for key, one in pairs:
        found.setdefault(key, one)
    return found


def _by_root(every: Iterable[_Judged]) -> dict[int, list[_Judged]]:
    families: dict[int, list[_Judged]] = {}
    for one in every:
        families.setdefault(one.root, []).append(one)
    return families


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[n : n + _CHUNK] for n in range(0, len(ids), _CHUNK))

"""The filter tree, which says which items are meant, and its one translation into portable SQL."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    true,
)

from casekit import clock
from casekit.queries import facets, matching
from casekit.queries.matching import Column, Index, Phrase
from casekit.store.tables import (
    custodian,
    exchange,
    exhibit,
    item,
    item_party,
    item_tag,
    item_text,
    mail,
    mail_thread,
    note,
    original,
    privilege,
    problem,
    receipt,
    tag,
)

KINDS = ("exchange", "request", "mail", "document", "image", "file")
COLLECTIONS = ("outputs", "api-log", "correspondence", "documents", "other")
ROLES = ("subject", "source", "control", "other")
HAS = ("attachment", "exhibit", "note", "problem", "tag", "text")
WORD_FIELDS = ("body", "output", "people", "prompt", "reasoning", "subject", "title")
SHA256_HEX = 64


@dataclass(frozen=True, slots=True)
class All:
    """Every item."""


@dataclass(frozen=True, slots=True)
class Words:
    """Items in which the phrases occur; several must stand within `near` words of each other.

    Attributes:
        phrases: One phrase, or two and more with `near`.
        near: Greatest number of words between the first and the last of several phrases.
        field: One of `WORD_FIELDS` to look in that part alone, or empty.
    """

    phrases: tuple[Phrase, ...]
    near: int = 0
    field: str = ""

    @property
    def column(self) -> Column:
        """The indexed column that the field stands for."""
        return _WORD_COLUMNS[self.field]


@dataclass(frozen=True, slots=True)
class FieldIs:
    """Items whose field has the value; with `pattern`, `*` and `?` in it stand for any characters."""

    field: str
    value: str
    pattern: bool = False


@dataclass(frozen=True, slots=True)
class DateRange:
    """Items with a time from `start_us` up to, not including, `stop_us` (microseconds since 1970 UTC).

    `first` and `last` are the dates as written, such as `2025-01`; empty where the range is open.
    """

    first: str
    last: str
    start_us: int | None
    stop_us: int | None


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Items whose numeric field lies between two values, both included; None where open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """Every item but those."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """Items that are in all parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Items that are in any part."""

    parts: tuple[Node, ...]


Node = All | Words | FieldIs | DateRange | NumberRange | Not | And | Or
Condition = ColumnElement[bool]

_WORD_COLUMNS: dict[str, Column] = {
    "": "", "subject": "title", "title": "title", "people": "people", "prompt": "prompt",
    "output": "output", "reasoning": "reasoning", "body": "body",
}  # fmt: skip


def where(node: Node, *, walk: bool = False) -> Condition:
    """The condition on `tables.item` that the filter stands for.

    Conditions on words and on indexed facets need the tables of the index of words, which
    `search.query` makes where they are missing.

    Args:
        node: The filter.
        walk: Test items one by one as another index gives them, instead of looking up every match:
            quicker where the words are common.
    """
    match node:
        case All():
            return true()
        case Words():
            return _by_words([node], " OR ", walk)
        case FieldIs():
            return _FIELDS[node.field](node)
        case DateRange():
            return _date_range(node)
        case NumberRange():
            return _number_range(node)
        case Not():
            return not_(where(node.part, walk=walk))
        case And():
            return _by_words(node.parts, " AND ", walk)
        case Or():
            return _by_words(node.parts, " OR ", walk)


def date_range(first: str, last: str, zone: dt.tzinfo = dt.UTC) -> DateRange:
    """The range from the start of `first` to the end of `last`, each `2025`, `2025-01`, `2025-01-05` or empty.

    Raises:
        ValueError: One is no date.
    """
    start = date_bounds(first, zone)[0] if first else None
    stop = date_bounds(last, zone)[1] if last else None
    return DateRange(first, last, start, stop)


def date_bounds(text: str, zone: dt.tzinfo = dt.UTC) -> tuple[int, int]:
    """First microsecond of a year, month or day and the first one after it.

    Raises:
        ValueError: It is no such date.
    """
    found = re.fullmatch(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", text, re.ASCII)
    if found is None:
        raise ValueError(text)
    year, month, day = (int(n) if n else None for n in found.groups())
    first = dt.date(year or 0, month or 1, day or 1)
    if month is None:
        last = dt.date(first.year, 12, 31)
    elif day is None:
        last = dt.date(first.year, month, calendar.monthrange(first.year, month)[1])
    else:
        last = first
    if last == dt.date.max:
        raise ValueError(text)
    return _midnight(first, zone), _midnight(last + dt.timedelta(days=1), zone)


def words_of(node: Node) -> list[Words]:
    """The words that a match may contain: those not under a Not, in order of writing."""
    match node:
        case Words():
            return [node]
        case And() | Or():
            return [w for part in node.parts for w in words_of(part)]
        case _:
            return []


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return clock.to_us(dt.datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(dt.UTC))


# -- words ----------------------------------------------------------------------------------------


def expression(node: Node) -> tuple[Index, str] | None:
    """The one FTS5 expression, and its table, that answers the whole filter; None where there is none."""
    match node:
        case Words():
            found = matching.match(node.phrases, node.near, node.column)
            return None if node.field == "subject" else found
        case Or():
            return _one(node.parts, " OR ")
        case And():
            wanted = _one([p for p in node.parts if not isinstance(p, Not)], " AND ")
            unwanted = [p.part for p in node.parts if isinstance(p, Not)]
            if not unwanted or wanted is None:
                return wanted
            without = _one(unwanted, " OR ")
            if without is None or without[0] != wanted[0]:
                return None
            return wanted[0], f"({wanted[1]}) NOT ({without[1]})"
        case _:
            return None


def _one(parts: Sequence[Node], joint: str) -> tuple[Index, str] | None:
    found = [expression(p) for p in parts]
    known = [f for f in found if f is not None]
    if not known or len(known) < len(found) or len({index for index, _ in known}) > 1:
        return None
    return known[0][0], joint.join(f"({text})" for _, text in known)


def _by_words(parts: Sequence[Node], joint: str, walk: bool) -> Condition:
    """The parts in one condition, with all that one index of words can answer in one expression."""
    whole = expression(And(tuple(parts)) if joint == " AND " else Or(tuple(parts)))
    if whole:
        return _matching(*whole, walk)
    by_index: dict[Index, list[str]] = {}
    conditions: list[Condition] = []
    for part in parts:
        found = expression(part)
        if found:
            by_index.setdefault(found[0], []).append(f"({found[1]})")
        elif isinstance(part, Words):
            mails = item.c.id.in_(select(mail.c.item_id))
            conditions.append(and_(_matching(*_title(part), walk), mails))
        else:
            conditions.append(where(part, walk=walk))
    conditions += [_matching(index, joint.join(e), walk) for index, e in by_index.items()]
    return or_(false(), *conditions) if joint == " OR " else and_(true(), *conditions)


def _title(node: Words) -> tuple[Index, str]:
    return matching.match(node.phrases, node.near, "title")


def _matching(index: Index, text: str, walk: bool) -> Condition:
    id_: ColumnElement[Any] = literal_column("+item.id", Integer) if walk else item.c.id
    return id_.in_(matches(index, text))


def index_table(index: Index) -> FromClause:
    """The full-text table as attached to a reading session."""
    return table(index, column("rowid"), column(index), column("rank"), schema="words")


def matches(index: Index, expression: str) -> Any:
    """The select of the ids that an FTS5 expression made by `matching` finds."""
    t = index_table(index)
    return select(t.c.rowid).where(t.c[index].op("MATCH")(bindparam(None, expression, String)))


# -- fields ---------------------------------------------------------------------------------------


def _same(value: ColumnElement[Any], node: FieldIs) -> Condition:
    """Equal but for case, or fitting the pattern."""
    low = func.lower(value)
    if node.pattern:
        return or_(*(low.like(_like(v), escape="\\") for v in _spellings(node.value)))
    return low.in_(_spellings(node.value))


def _contains(value: ColumnElement[Any], node: FieldIs) -> Condition:
    """Occurring anywhere but for case, or the whole fitting the pattern."""
    low = func.lower(value)
    either = "" if node.pattern else "%"
    like = _like if node.pattern else _literal
    return or_(
        *(low.like(f"{either}{like(v)}{either}", escape="\\") for v in _spellings(node.value))
    )


def _spellings(value: str) -> list[str]:
    """The value as SQLite's lower() leaves it (ASCII alone), in the usual cases of other letters."""
    forms = {value, value.lower(), value.upper(), value.title()} if not value.isascii() else {value}
    return sorted({"".join(c.lower() if c.isascii() else c for c in form) for form in forms})


def _literal(value: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", value)


def _like(pattern: str) -> str:
    return _literal(pattern).replace("*", "%").replace("?", "_")


def _in(ids: ColumnElement[Any], *conditions: Condition) -> Condition:
    return item.c.id.in_(select(ids).where(*conditions))


def _listed(value: ColumnElement[Any], node: FieldIs) -> Condition:
    """Like `_same` for a column that leads an index: tests each distinct value once, then seeks it."""
    known = select(func.min(value).label("value")).cte(recursive=True)
    above = select(func.min(value)).where(value > known.c.value).scalar_subquery()
    known = known.union_all(select(above).where(known.c.value.is_not(None)))
    return value.in_(select(known.c.value).where(_same(known.c.value, node)))


def _exchange(name: str) -> Callable[[FieldIs], Condition]:
    def condition(node: FieldIs) -> Condition:
        return _in(exchange.c.item_id, _same(exchange.c[name], node))

    return condition


def _faceted(name: str) -> Callable[[FieldIs], Condition]:
    def condition(node: FieldIs) -> Condition:
        return item.c.id.in_(facets.having(name, lambda value: _same(value, node)))

    return condition


def _party(*roles: str) -> Callable[[FieldIs], Condition]:
    def condition(node: FieldIs) -> Condition:
        who = or_(_contains(item_party.c.address, node), _contains(item_party.c.name, node))
        return _in(item_party.c.item_id, item_party.c.role.in_(roles), who)

    return condition


def _item(name: str) -> Callable[[FieldIs], Condition]:
    return lambda node: _same(item.c[name], node)


def _received(*conditions: Condition) -> Condition:
    return item.c.original_id.in_(select(receipt.c.original_id).where(*conditions))


def _custodian(node: FieldIs) -> Condition:
    return _received(
        receipt.c.custodian_id.in_(select(custodian.c.id).where(_same(custodian.c.name, node)))
    )


def _tag(node: FieldIs) -> Condition:
    """The tag itself or one below it: `issue` is also `issue/harvest`."""
    low, like = func.lower(tag.c.name), _like if node.pattern else _literal
    below = (low.like(like(v) + "/%", escape="\\") for v in _spellings(node.value))
    named = select(tag.c.id).where(or_(_same(tag.c.name, node), *below))
    return _in(item_tag.c.item_id, item_tag.c.tag_id.in_(named))


def _has(node: FieldIs) -> Condition:
    owners: dict[str, ColumnElement[Any]] = {
        "attachment": item.alias().c.parent_id, "exhibit": exhibit.c.item_id, "note": note.c.item_id,
        "problem": problem.c.item_id, "tag": item_tag.c.item_id, "text": item_text.c.item_id,
    }  # fmt: skip
    owner = owners[node.value]
    return _in(owner, owner.is_not(None))


def _privileged(node: FieldIs) -> Condition:
    marked = item.c.id.in_(select(privilege.c.item_id))
    return marked if node.value == "yes" else not_(marked)


def _thread(node: FieldIs) -> Condition:
    spoken = _in(exchange.c.item_id, _same(exchange.c.conversation_id, node))
    if not node.value.isdecimal() or len(node.value) > 18:
        return spoken
    return or_(spoken, _in(mail_thread.c.item_id, mail_thread.c.thread_id == int(node.value)))


def _message_id(node: FieldIs) -> Condition:
    bare = node.value.strip("<>")
    if node.pattern:
        return _in(
            mail.c.item_id, _contains(mail.c.message_id, FieldIs(node.field, f"*{bare}*", True))
        )
    return _in(mail.c.item_id, mail.c.message_id.in_([f"<{bare}>", bare]))


def _original(node: FieldIs) -> Condition:
    return item.c.original_id.in_(
        select(original.c.id).where(_starts(original.c.sha256, node.value))
    )


def _starts(value: ColumnElement[Any], prefix: str) -> Condition:
    """A hash that starts with these hex digits (as many as there are)."""
    low, high = (bytes.fromhex(prefix.ljust(SHA256_HEX, digit)) for digit in "0f")
    return value.between(literal(low), literal(high))


def _status(node: FieldIs) -> Condition:
    return _in(exchange.c.item_id, _same(cast(exchange.c.status, String), node))


def _model(node: FieldIs) -> Condition:
    asked = _in(
        exchange.c.item_id, exchange.c.model.is_(None), _same(exchange.c.model_requested, node)
    )
    return or_(_in(exchange.c.item_id, _listed(exchange.c.model, node)), asked)


def _media_type(node: FieldIs) -> Condition:
    return _contains(item.c.media_type, node)


def _date_range(node: DateRange) -> Condition:
    bounds: list[Condition] = [
        item.c.sent_us.is_not(None)
    ]  # so that Not gives the items without a time
    if node.start_us is not None:
        bounds.append(item.c.sent_us >= node.start_us)
    if node.stop_us is not None:
        bounds.append(item.c.sent_us < node.stop_us)
    return and_(*bounds)


def _number_range(node: NumberRange) -> Condition:
    value: ColumnElement[Any] = item.c.id if node.field == "id" else exchange.c.status
    bounds: list[Condition] = [value.is_not(None)]
    if node.low is not None:
        bounds.append(value >= node.low)
    if node.high is not None:
        bounds.append(value <= node.high)
    return and_(*bounds) if node.field == "id" else _in(exchange.c.item_id, *bounds)


_FIELDS: dict[str, Callable[[FieldIs], Condition]] = {
    "account": _faceted("account"),
    "bcc": _party("bcc"),
    "cc": _party("cc"),
    "custodian": _custodian,
    "exhibit": lambda node: _in(exhibit.c.item_id, _same(exhibit.c.label, node)),
    "from": _party("from", "sender"),
    "has": _has,
    "in": _item("collection"),
    "ip": _faceted("ip"),
    "kind": _item("kind"),
    "language": _item("language"),
    "message-id": _message_id,
    "model": _model,
    "name": lambda node: _contains(item.c.name, node),
    "original": _original,
    "privileged": _privileged,
    "request-id": _exchange("request_id"),
    "role": lambda node: _received(_same(receipt.c.role, node)),
    "sha256": lambda node: _starts(item.c.sha256, node.value),
    "status": _status,
    "tag": _tag,
    "thread": _thread,
    "to": _party("to"),
    "type": _media_type,
}
VALUE_FIELDS = tuple(_FIELDS)

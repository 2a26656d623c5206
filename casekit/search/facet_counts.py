"""Counts behind every value that a list can be narrowed by, whatever else narrows it, in milliseconds.

What an item is (kind, model, account, …) never changes once it was received, so each field is kept in memory
as one small number an item; counting a list is then one pass over them. What people decide (tags, privilege)
and what is received later is read anew each time, being little.
"""

from __future__ import annotations

import datetime as dt
import threading
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, select

from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import clearance, facets, filters, items
from casekit.queries.conversations import IS_MESSAGE, NAME
from casekit.queries.filters import And, FieldIs, Node, Or
from casekit.queries.ids import ids_of
from casekit.queries.times import by_instant
from casekit.search import cluster_counts, filling, finding, indexes, language, saved, sketches
from casekit.store import hiding
from casekit.store.case import Case
from casekit.store.tables import (
    custodian,
    exchange,
    exchange_join,
    exhibit,
    item,
    item_tag,
    note,
    problem,
    receipt,
    tag,
)

Ids = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Pairs = tuple[Ids, Codes]

FIELDS = (
    "in", "kind", "type", "date", "model", "account", "key", "status", "conversation", "ip", "language",
    "custodian", "role", "tag", "privilege", "has", *cluster_counts.FIELDS,
)  # fmt: skip
"""Fields of the query language that values are counted of; `date` by months."""
SHOWN = 12
AT_ONCE = 20_000
_FIRST_MONTH = 1970 * 12
_MOST_IN_JOIN = 50
_OF_EXCHANGE = ("named", "requested", "account", "key", "status", "conversation", "ip")


@dataclass(frozen=True, slots=True)
class Value:
    """A value, how many items of the list have it, the filter that finds them, and how it is told."""

    text: str
    count: int
    query: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A field with its values in the list, commonest first (months: newest first).

    Attributes:
        values: At most as many as were asked for.
        more: How many further values the field has in the list.
    """

    field: str
    values: tuple[Value, ...]
    more: int = 0


class _Table(dict[Any, int]):
    """Codes of values as they are read; spellings that differ in ASCII case alone are one. 0 is none."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = [""]
        self._folded: dict[str, int] = {}

    def __missing__(self, value: Any) -> int:
        text = "" if value is None else str(value)
        code = 0
        if text:
            folded = "".join(c.lower() if c.isascii() else c for c in text)
            code = self._folded.setdefault(folded, len(self.texts))
            if code == len(self.texts):
                self.texts.append(text)
        self[value] = code
        return code


@dataclass(slots=True)
class _Columns:
    """What is kept of a case: by field one code an item; more codes of an item that has several as pairs."""

    last: int = 0
    languages: int = -1
    joins: int = -1
    tables: dict[str, _Table] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)
    more: dict[str, Pairs] = field(default_factory=dict)
    groups: dict[str, tuple[int, Ids]] = field(default_factory=dict)
    original: Codes = field(default_factory=lambda: np.zeros(1, np.int32))
    lock: threading.Lock = field(default_factory=threading.Lock)


_open: weakref.WeakKeyDictionary[Case, _Columns] = weakref.WeakKeyDictionary()
_opening = threading.Lock()


def count_facets(
    case: Case,
    query: str = "",
    *,
    ids: Ids | None = None,
    fields: Sequence[str] = FIELDS,
    limit: int = SHOWN,
    progress: Progress | None = None,
) -> list[Facet]:
    """Count the values of some fields over the items that a query finds.

    Where the query itself chooses among a field's values, that field is counted without the choice, so that
    its other values can be seen and added.

    Args:
        case: The open case.
        query: In the query language; empty: every item.
        ids: What it finds, where that is already known.
        fields: Of `FIELDS`.
        limit: Most values of a field.
        progress: Told how the first reading of a large case goes; it can be cancelled.

    Raises:
        QueryError: The query cannot be read.
        CaseKitError: There is no such field.
    """
    unknown = next((name for name in fields if name not in FIELDS), None)
    if unknown is not None:
        raise CaseKitError(
            "Nothing is counted by “{field}”: use one of {known}.",
            field=unknown, known=", ".join(FIELDS),
        )  # fmt: skip
    sketches.prepare(case)
    with case.read() as s:
        zone = finding.zone(s)
        node = saved.read(s, query, zone)
        columns = _columns(case, s, progress or Silent())
        found = items.item_ids(s, node, order="id") if ids is None else ids
        counted = []
        for name in fields:
            rest = without_choice(node, name)
            own = found if rest == node else items.item_ids(s, rest, order="id")
            counted.append(_count(s, columns, name, own, limit, zone))
    return counted


def chosen(node: Node, name: str) -> tuple[str, ...]:
    """The values of a field that a query chooses among, as in `(model:a OR model:b) cap`."""
    return next((values for part in _parts(node) if (values := _values(part, name))), ())


def without_choice(node: Node, name: str) -> Node:
    """The query without what it chooses among a field's values."""
    parts = tuple(part for part in _parts(node) if not _values(part, name))
    return _together(parts) if len(parts) < len(_parts(node)) else node


def toggle(node: Node, value: Node) -> Node:
    """The query with a value added to those that it chooses among, or taken away where it is one of them.

    Args:
        node: The query.
        value: As `Value.query` is read.
    """
    name = "date" if isinstance(value, filters.DateRange) else getattr(value, "field", "")
    parts: list[Node] = []
    done = False
    for part in _parts(node):
        if done or not _values(part, name):
            parts.append(part)
            continue
        done = True
        known = list(part.parts) if isinstance(part, Or) else [part]
        left = [p for p in known if p != value] if value in known else [*known, value]
        if left:
            parts.append(left[0] if len(left) == 1 else Or(tuple(left)))
    return _together((*parts, *(() if done else (value,))))


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, And):
        return node.parts
    return () if isinstance(node, filters.All) else (node,)


def _together(parts: Sequence[Node]) -> Node:
    if not parts:
        return filters.All()
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _values(part: Node, name: str) -> tuple[str, ...]:
    """The values of a part that chooses among one field's and nothing else."""
    found = []
    for each in part.parts if isinstance(part, Or) else (part,):
        if isinstance(each, FieldIs) and each.field == name and not each.pattern:
            found.append(each.value)
        elif isinstance(each, filters.DateRange) and name == "date" and each.first == each.last:
            found.append(each.first)
        elif isinstance(each, filters.NumberRange) and each.field == name and each.low == each.high:
            found.append(str(each.low))
        else:
            return ()
    return tuple(found)


# -- counting -------------------------------------------------------------------------------------


def _count(
    s: Connection, c: _Columns, name: str, ids: Ids, limit: int, zone: dt.tzinfo
) -> Facet:  # fmt: skip
    ids = ids[ids <= c.last]
    labels: Sequence[str] = ()
    if name == "date":
        return _months(s, c, ids, limit, zone)
    if name in {"custodian", "role"}:
        texts, counts = _by_receipt(s, c, name, ids)
    elif name == "tag":
        texts, counts = _tags(s, c, ids)
    elif name == "privilege":
        texts, counts = _privilege(s, c, ids)
    elif name == "has":
        texts, counts = _has(s, c, ids)
    elif name in cluster_counts.FIELDS:
        texts, counts, labels = cluster_counts.count(s, name, ids, c.groups)
    else:
        texts = c.tables[name].texts
        counts = np.bincount(c.codes[name][ids], minlength=len(texts))
        if name in c.more:
            owners, codes = c.more[name]
            counts += np.bincount(codes[_inside(c, ids)[owners]], minlength=len(texts))
        counts[0] = 0
    return _facet(name, texts, counts, limit, labels or texts)


def _facet(
    name: str, texts: Sequence[str], counts: Ids, limit: int, labels: Sequence[str]
) -> Facet:
    there = np.flatnonzero(counts)
    best = there[np.lexsort((there, -counts[there]))][:limit]
    values = (
        Value(texts[n], int(counts[n]), value_query(name, texts[n]), labels[n] or texts[n])
        for n in best
    )
    return Facet(name, tuple(values), len(there) - len(best))


def value_query(name: str, text: str) -> str:
    """The filter for one value of a field, as it is written."""
    if name in {"date", "near", "status", "topic"}:
        return f"{name}:{text}"
    return language.to_text(FieldIs(name, text))


def _inside(c: _Columns, ids: Ids) -> npt.NDArray[np.bool_]:
    mask = np.zeros(c.last + 1, dtype=bool)
    mask[ids] = True
    return mask


def _months(s: Connection, c: _Columns, ids: Ids, limit: int, zone: dt.tzinfo) -> Facet:
    """By months in the zone of the case, as the times are read; what has no time is in none."""
    sent_us = by_instant(s)
    if sent_us is item.c.sent_us:
        months = c.codes["date"][ids]
    else:
        decided = np.zeros(c.last + 1, np.int32)
        _put_months(decided, s.execute(select(item.c.id, sent_us)).all(), zone)
        months = decided[ids]
    counts = np.bincount(months)
    counts[:1] = 0
    there = np.flatnonzero(counts)[::-1]
    values = []
    for month in there[:limit].tolist():
        year, number = divmod(month + _FIRST_MONTH - 1, 12)
        text = f"{year:04}-{number + 1:02}"
        values.append(Value(text, int(counts[month]), f"date:{text}"))
    return Facet("date", tuple(values), max(0, len(there) - limit))


def _by_receipt(s: Connection, c: _Columns, name: str, ids: Ids) -> tuple[list[str], Ids]:
    """Custodian or role: an original that two people held counts for both."""
    column = custodian.c.name if name == "custodian" else receipt.c.role
    query = select(receipt.c.original_id, column).distinct()
    if name == "custodian":
        query = query.join(custodian, custodian.c.id == receipt.c.custodian_id)
    table = _Table()
    rows = {(original, table[value]) for original, value in s.execute(query)}
    each = np.bincount(c.original[ids], minlength=int(c.original.max(initial=0)) + 1)
    counts = np.zeros(len(table.texts), dtype=np.int64)
    for original, code in rows:
        if code and original < len(each):
            counts[code] += each[original]
    return table.texts, counts


def _tags(s: Connection, c: _Columns, ids: Ids) -> tuple[list[str], Ids]:
    """A tag counts with those below it, as the filter by it finds them."""
    rows = s.execute(select(tag.c.id, tag.c.name).order_by(tag.c.name)).all()
    places = {row.id: n for n, row in enumerate(rows)}
    names = [row.name for row in rows]
    above = {
        n: [
            m for m, other in enumerate(names) if f"{name}/".lower().startswith(f"{other}/".lower())
        ]
        for n, name in enumerate(names)
    }
    mask = _inside(c, ids)
    carriers: dict[int, set[int]] = {}
    for item_id, tag_id in s.execute(select(item_tag.c.item_id, item_tag.c.tag_id)):
        if item_id <= c.last and mask[item_id]:
            for n in above[places[tag_id]]:
                carriers.setdefault(n, set()).add(item_id)
    counts = np.array([len(carriers.get(n, ())) for n in range(len(names))], dtype=np.int64)
    return names, counts


def _privilege(s: Connection, c: _Columns, ids: Ids) -> tuple[list[str], Ids]:
    mask = _inside(c, ids)
    counts = []
    for state in (clearance.UNDECIDED, clearance.CLEARED, clearance.PRIVILEGED):
        query = select(item.c.id).where(clearance.in_state(state), item.c.id <= c.last)
        counts.append(int(mask[ids_of(s, query)].sum()))
    names = [clearance.UNDECIDED, clearance.CLEARED, clearance.PRIVILEGED, clearance.NOT_APPLICABLE]
    return names, np.array([*counts, len(ids) - sum(counts)], dtype=np.int64)


def _has(s: Connection, c: _Columns, ids: Ids) -> tuple[list[str], Ids]:
    owners: dict[str, Any] = {
        "attachment": item.c.parent_id, "exhibit": exhibit.c.item_id, "note": note.c.item_id,
        "problem": problem.c.item_id, "tag": item_tag.c.item_id,
    }  # fmt: skip
    mask = _inside(c, ids)
    counts = []
    for owner in owners.values():
        found = ids_of(s, select(owner).where(owner.is_not(None)).distinct())
        counts.append(int(mask[found[found <= c.last]].sum()))
    return list(owners), np.array(counts, dtype=np.int64)


# -- keeping --------------------------------------------------------------------------------------


def _columns(case: Case, s: Connection, progress: Progress) -> _Columns:
    """The columns of the case up to its last item."""
    with _opening:
        c = _open.setdefault(case, _Columns())
    with (
        c.lock,
        hiding.whole(s),
    ):  # what is sequestered may be released: it is kept, and never counted
        last = int(s.execute(select(func.max(item.c.id))).scalar() or 0)
        if last > c.last or not c.codes:
            _extend(s, c, last, progress)
        _languages(s, c)
        _joined(s, c)
    return c


def _extend(s: Connection, c: _Columns, last: int, progress: Progress) -> None:
    """Take up the items behind the last one; a cancelled reading leaves what was there."""
    zone = finding.zone(s)
    names = ("in", "kind", "type", "date", "model", *_OF_EXCHANGE, "language")
    codes = {name: np.zeros(last + 1, np.int32) for name in names}
    for name, known in c.codes.items():
        codes[name][: len(known)] = known
    original = np.zeros(last + 1, np.int32)
    original[: len(c.original)] = c.original
    tables = {name: c.tables.get(name) or _Table() for name in names}
    number = last - c.last
    wanted = select(
        item.c.id,
        item.c.collection,
        item.c.kind,
        item.c.media_type,
        item.c.original_id,
        item.c.sent_us,
    ).where(item.c.id > c.last)
    done = 0
    for rows in s.execute(wanted.order_by(item.c.id)).partitions(AT_ONCE):
        ids, collections, kinds, types, originals, _ = zip(*rows, strict=True)
        place = np.array(ids)
        for name, values in (("in", collections), ("kind", kinds), ("type", types)):
            codes[name][place] = list(map(tables[name].__getitem__, values))
        original[place] = originals
        _put_months(codes["date"], [(row[0], row[5]) for row in rows], zone)
        progress.step(done := done + len(rows), 2 * number, "")
    e = exchange.c
    asked = select(e.item_id, e.model, e.model_requested, e.account, e.api_key, e.status,
                   e.conversation_id, e.ip).where(e.item_id > c.last)  # fmt: skip
    for some in s.execute(asked.order_by(e.item_id)).partitions(AT_ONCE):
        owners, *columns = zip(*some, strict=True)
        for name, column in zip(_OF_EXCHANGE, columns, strict=True):
            own = tables["model" if name in {"named", "requested"} else name]
            codes[name][np.array(owners)] = list(map(own.__getitem__, column))
        progress.step(done := done + len(some), 2 * number, "")
    said = select(item.c.id, NAME.label("name")).where(IS_MESSAGE, item.c.id > c.last)
    for id_, name in s.execute(said):
        codes["conversation"][id_] = tables["conversation"][name]
    unnamed = codes["named"] == 0  # then what was asked for is its model
    codes["model"] = np.where(unnamed, codes["requested"], codes["named"])
    c.codes, c.tables, c.original, c.last = codes, tables, original, last
    c.joins = c.languages = -1  # both reach the new items next


def _put_months(codes: Codes, rows: Iterable[Any], zone: dt.tzinfo) -> None:
    """Write the month of each (id, microseconds) in a zone: 1 for January 1970; times before have none."""
    timed = [(id_, us) for id_, us in rows if us is not None and us >= 0]
    if not timed:
        return
    ids, instants = (np.array(column, dtype=np.int64) for column in zip(*timed, strict=True))
    months = instants.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    if zone is not dt.UTC:  # within a day of a month's end the zone decides
        starts = _starts(int(months.min()), int(months.max()) + 2, zone)
        months = int(months.min()) - 1 + np.searchsorted(starts, instants, side="right") - 1
    codes[ids] = months + 1


def _starts(first: int, stop: int, zone: dt.tzinfo) -> Ids:
    """The first microsecond of each month from the one before `first` on, counted from January 1970."""
    found = []
    for month in range(first - 1, stop + 1):
        year, number = divmod(month + _FIRST_MONTH, 12)
        found.append(filters.date_bounds(f"{year:04}-{number + 1:02}", zone)[0])
    return np.array(found, dtype=np.int64)


def _languages(s: Connection, c: _Columns) -> None:
    """Languages as the index tells them, once it has told more."""
    done = int(indexes.read_meta(s, filling.SCHEMA, "languages") or 0)
    if done == c.languages:
        return
    codes, table = np.zeros(c.last + 1, np.int32), _Table()
    for id_, value in facets.languages_by_item(s):
        if id_ <= c.last:
            codes[id_] = table[value]
    late = select(item.c.id, item.c.language).where(item.c.id > done, item.c.language != "")
    for id_, value in s.execute(late):
        codes[id_] = table[value]
    c.codes["language"], c.tables["language"], c.languages = codes, table, done


def _joined(s: Connection, c: _Columns) -> None:
    """What an exchange has in other files counts for it too: the values of its other parts."""
    number = int(s.execute(select(func.count()).select_from(exchange_join)).scalar() or 0)
    if number == c.joins:
        return
    query = select(exchange_join.c.item_id, exchange_join.c.join_id).order_by(
        exchange_join.c.join_id
    )
    rows = np.array(s.execute(query).all(), dtype=np.int64).reshape(-1, 2)
    rows = rows[rows[:, 0] <= c.last]
    owners, others = _pairs(rows[:, 0], rows[:, 1])
    for name in ("model", "account", "ip", "conversation"):
        theirs = c.codes["named" if name == "model" else name][others]
        new = (theirs != 0) & (theirs != c.codes[name][owners])
        unique = np.unique(np.stack((owners[new], theirs[new].astype(np.int64))), axis=1)
        c.more[name] = unique[0], unique[1].astype(np.int32)
    c.joins = number


def _pairs(ids: Ids, groups: Ids) -> tuple[Ids, Ids]:
    """Every item of a group with every other one of it."""
    owners, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, _MOST_IN_JOIN):
        same = groups[step:] == groups[:-step]
        if not same.any():
            break
        a, b = ids[:-step][same], ids[step:][same]
        owners += [a, b]
        others += [b, a]
    return np.concatenate(owners), np.concatenate(others)

"""The first rows of a long list before all of it is known: the items that come first are asked first.

A filter of many common words, or of a field without an index, takes seconds over a million items. Asked of a
few thousand items that lie near each other it takes milliseconds, and the newest items of a source do. In other
orders the first items lie anywhere: then those few are asked by their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import (
    BinaryExpression,
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    ScalarSelect,
    Select,
    SelectBase,
    String,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.selectable import SelectStatementGrouping

from casekit.queries import filters
from casekit.queries.filters import And, FieldIs, Node, Not, Or, Words
from casekit.queries.ids import ItemIds, ids_of
from casekit.queries.items import Order, in_order
from casekit.queries.times import by_instant
from casekit.store.tables import item

WINDOWS = (2_000, 50_000)
WALKED = 8_000
SAMPLE = 500
GAP = 3_000
MOST_RUNS = 24
_INDEXED = {"in": "collection", "kind": "kind"}
_BY_INDEX: dict[Any, ColumnElement[Any]] = {
    item.c[name]: literal_column(f"+item.{name}", String) for name in _INDEXED.values()
}
"""Written so that their indexes are not walked through where the ids to look at are known."""
_LOW, _HIGH = bindparam("low", type_=Integer), bindparam("high", type_=Integer)
_IDS = bindparam("ids", type_=String)
_BY_VALUE = frozenset({"account", "conversation", "ip", "language", "person"})
Within = Callable[[ColumnElement[Any]], ColumnElement[bool]]


def first_ids(
    s: Connection, node: Node, *, order: Order = "-date", limit: int = 400
) -> ItemIds | None:
    """The first ids of the list, or None where the whole list must be made to know them.

    They are exactly the first that the whole list has.

    Args:
        s: Reading session.
        node: The filter.
        order: Of the list.
        limit: How many.
    """
    if order not in ("date", "-date"):
        return _walked(s, node, order, limit)
    if by_instant(s) is not item.c.sent_us:
        return None  # the index by date knows no decisions
    newest = order == "-date"
    parts = node.parts if isinstance(node, And) else (node,)
    within = [p for p in parts if isinstance(p, FieldIs) and p.field in _INDEXED]
    rest = tuple(p for p in parts if p not in within)
    asked: Select[tuple[int]] | None = None
    for number, size in enumerate(WINDOWS):
        window = _window(s, within, newest, size)
        runs = _runs(window)
        if len(runs) > MOST_RUNS:
            return None
        if asked is None:
            asked = _narrowed(And(rest), lambda column: column.between(_LOW, _HIGH))
        found = _matching(s, asked, window, runs)
        if len(found) >= limit or (newest and len(window) < size):
            return found[:limit]
        expected = len(found) / max(len(window), 1) * max(WINDOWS[number:][1:], default=0)
        if expected < limit:
            return None  # few match: then the whole list is made quickly
    return None


def _walked(s: Connection, node: Node, order: Order, limit: int) -> ItemIds | None:
    """The first that match among the items that come first in an order, some thousands at the most."""
    if _is_slow_by_id(node):
        return None
    asked = _narrowed(node, _among)
    last = s.execute(select(func.max(item.c.id))).scalar() or 0
    anywhere = np.linspace(1, last, min(last, SAMPLE)).astype(np.int64)
    if len(_of(s, asked, anywhere)) * WALKED < len(anywhere) * limit:
        return None  # few match: then the whole list is made quickly
    window = ids_of(s, in_order(s, select(item.c.id), order).limit(WALKED))
    found: ItemIds = np.empty(0, np.int64)
    start, size = 0, 2 * limit
    while start < len(window):
        found = np.concatenate([found, _of(s, asked, window[start : start + size])])
        start, size = start + size, 3 * size
        if len(found) >= limit:
            return found[:limit]
    return found if len(window) < WALKED else None


def _is_slow_by_id(node: Node) -> bool:
    """Whether anything in it is found sooner for all items than for single ones.

    The index of words and the one of values are by word and value: words, and patterns that many values fit.
    """
    match node:
        case Words():
            return True
        case FieldIs():
            return node.pattern and node.field in _BY_VALUE
        case Not():
            return _is_slow_by_id(node.part)
        case And() | Or():
            return any(map(_is_slow_by_id, node.parts))
        case _:
            return False


def _of(s: Connection, asked: Select[tuple[int]], ids: ItemIds) -> ItemIds:
    """Those of some ids that match, in the given order."""
    found = s.execute(asked, {"ids": f"[{','.join(map(str, ids.tolist()))}]"}).scalars().all()
    return ids[np.isin(ids, np.array(found, dtype=np.int64))]


def _among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.in_(select(func.json_each(_IDS).table_valued("value").c.value))


def _window(s: Connection, within: Sequence[FieldIs], newest: bool, size: int) -> ItemIds:
    """The ids of the items that come first by date, of the collection or kind that the filter asks for."""
    query = select(item.c.id).limit(size)
    for part in within:
        query = query.where(item.c[_INDEXED[part.field]] == part.value)
    if newest:
        query = query.order_by(item.c.sent_us.desc(), item.c.id.desc())
    else:
        query = query.where(item.c.sent_us.is_not(None)).order_by(item.c.sent_us, item.c.id)
    return ids_of(s, query)


def _runs(ids: ItemIds) -> list[tuple[int, int]]:
    """The first and last id of each group of ids that lie near each other."""
    if not len(ids):
        return []
    ordered = np.sort(ids)
    breaks = np.flatnonzero(np.diff(ordered) > GAP)
    starts = [0, *(breaks + 1).tolist()]
    stops = [*breaks.tolist(), len(ordered) - 1]
    return [(int(ordered[a]), int(ordered[b])) for a, b in zip(starts, stops, strict=True)]


def _matching(
    s: Connection, asked: Select[tuple[int]], window: ItemIds, runs: Sequence[tuple[int, int]]
) -> ItemIds:  # fmt: skip
    found: list[int] = []
    for low, high in runs:
        found.extend(row.id for row in s.execute(asked, {"low": low, "high": high}))
    return window[np.isin(window, np.array(found, dtype=np.int64))]


def _narrowed(node: Node, within: Within) -> Select[tuple[int]]:
    """The select of matching ids within some bounds, which also hold all that is looked up by an item's id."""

    def replaced(element: Any, **_: Any) -> Any:
        if not isinstance(element, BinaryExpression):
            return None
        if element.operator is operators.eq and element.left in _BY_INDEX:
            return _BY_INDEX[element.left] == element.right
        if element.operator in (operators.in_op, operators.not_in_op) and element.left is item.c.id:
            inner = _bounded(_inner(element.right), within)
            return None if inner is None else element.operator(item.c.id, inner)
        return None

    condition: ColumnElement[bool] = visitors.replacement_traverse(
        filters.where(node), {}, replaced
    )
    return select(item.c.id).where(within(item.c.id), condition)


def _inner(right: Any) -> Any:
    while isinstance(right, Grouping | SelectStatementGrouping | ScalarSelect):
        right = right.element
    return right


def _bounded(query: Any, within: Within) -> SelectBase | None:
    if isinstance(query, CompoundSelect):
        parts = [_bounded(_inner(part), within) for part in query.selects]
        known = [part for part in parts if part is not None]
        return type(query)(query.keyword, *known) if len(known) == len(parts) else None
    if not isinstance(query, Select):
        return None
    (column,) = query.selected_columns
    return query.where(within(column))

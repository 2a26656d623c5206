"""The first rows of a long list before all of it is known: the newest items are asked first, the rest later.

A filter of many common words, or of a field without an index, takes seconds over a million items. Asked of a
few thousand items that lie near each other it takes milliseconds, and the newest items of a source do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BinaryExpression,
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    ScalarSelect,
    Select,
    SelectBase,
    bindparam,
    select,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.selectable import SelectStatementGrouping

from casekit.queries import filters
from casekit.queries.filters import And, FieldIs, Node
from casekit.queries.times import by_instant
from casekit.store.tables import item

WINDOWS = (2_000, 50_000)
GAP = 3_000
MOST_RUNS = 24
_INDEXED = {"in": "collection", "kind": "kind"}
_LOW, _HIGH = bindparam("low", type_=Integer), bindparam("high", type_=Integer)


def first_ids(
    s: Connection, node: Node, *, newest: bool = True, limit: int = 400
) -> npt.NDArray[np.int64] | None:
    """The first ids of the list by date, or None where the whole list must be made to know them.

    They are exactly the first that the whole list has.

    Args:
        s: Reading session.
        node: The filter.
        newest: Newest first, else oldest first.
        limit: How many.
    """
    if by_instant(s) is not item.c.sent_us:
        return None  # the index by date knows no decisions
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
            asked = _narrowed(And(rest))
        found = _matching(s, asked, window, runs)
        if len(found) >= limit or (newest and len(window) < size):
            return found[:limit]
        expected = len(found) / max(len(window), 1) * max(WINDOWS[number:][1:], default=0)
        if expected < limit:
            return None  # few match: then the whole list is made quickly
    return None


def _window(
    s: Connection, within: Sequence[FieldIs], newest: bool, size: int
) -> npt.NDArray[np.int64]:
    """The ids of the items that come first by date, of the collection or kind that the filter asks for."""
    query = select(item.c.id).limit(size)
    for part in within:
        query = query.where(item.c[_INDEXED[part.field]] == part.value)
    if newest:
        query = query.order_by(item.c.sent_us.desc(), item.c.id.desc())
    else:
        query = query.where(item.c.sent_us.is_not(None)).order_by(item.c.sent_us, item.c.id)
    return np.fromiter(s.execute(query).scalars(), dtype=np.int64)


def _runs(ids: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """The first and last id of each group of ids that lie near each other."""
    if not len(ids):
        return []
    ordered = np.sort(ids)
    breaks = np.flatnonzero(np.diff(ordered) > GAP)
    starts = [0, *(breaks + 1).tolist()]
    stops = [*breaks.tolist(), len(ordered) - 1]
    return [(int(ordered[a]), int(ordered[b])) for a, b in zip(starts, stops, strict=True)]


def _matching(
    s: Connection, asked: Select[tuple[int]], window: npt.NDArray[np.int64],
    runs: Sequence[tuple[int, int]],
) -> npt.NDArray[np.int64]:  # fmt: skip
    found: list[int] = []
    for low, high in runs:
        found.extend(row.id for row in s.execute(asked, {"low": low, "high": high}))
    known: npt.NDArray[np.bool_] = np.isin(window, np.array(found, dtype=np.int64))
    return window[known]


def _narrowed(node: Node) -> Select[tuple[int]]:
    """The select of matching ids between two, with the same bounds on all that is looked up by an item's id."""

    def replaced(element: Any, **_: Any) -> Any:
        if (
            isinstance(element, BinaryExpression)
            and element.operator is operators.in_op
            and element.left is item.c.id
        ):
            inner = _bounded(_inner(element.right))
            return None if inner is None else item.c.id.in_(inner)
        return None

    condition: ColumnElement[bool] = visitors.replacement_traverse(
        filters.where(node), {}, replaced
    )
    return select(item.c.id).where(item.c.id.between(_LOW, _HIGH), condition)


def _inner(right: Any) -> Any:
    while isinstance(right, Grouping | SelectStatementGrouping | ScalarSelect):
        right = right.element
    return right


def _bounded(query: Any) -> SelectBase | None:
    if isinstance(query, CompoundSelect):
        parts = [_bounded(_inner(part)) for part in query.selects]
        known = [part for part in parts if part is not None]
        return type(query)(query.keyword, *known) if len(known) == len(parts) else None
    if not isinstance(query, Select):
        return None
    (column,) = query.selected_columns
    return query.where(column.between(_LOW, _HIGH))

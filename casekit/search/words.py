"""What the index of words finds: matches of a filter by date and by rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select, text

from casekit.queries import filters, matching
from casekit.queries.filters import Node, Words
from casekit.queries.matching import Index
from casekit.queries.times import by_instant
from casekit.store import hiding
from casekit.store.tables import item

Order = Literal["date", "rank"]
RANKED_AT_MOST = 20_000  # bm25 scores every match: of more, the newest are ranked
COMMON = 500  # matches from which on, and share of all from which on, walking the list is quicker
COMMON_SHARE = 50
PROBE_COSTS = 150  # asking the index for one item costs as much as taking so many from its list


@dataclass(frozen=True, slots=True)
class Found:
    """Matches of a filter: ids in the wanted order, scores beside them where ranked, and how many in all."""

    ids: tuple[int, ...]
    scores: tuple[float, ...]
    total: int


def find(s: Connection, node: Node, *, order: Order = "date", limit: int | None = None) -> Found:
    """Items that match, newest first or best first; those without a time come last.

    Scores are the negated bm25 of SQLite FTS5 (greater is better), only with `order="rank"`; of more
    than `RANKED_AT_MOST` matches the last received ones are ranked.
    """
    if whole(s, node):
        total = count(s, node)
        common = _is_common(s, total)
    else:
        expressions = _expressions(filters.words_of(node), " OR ")
        common = any(_is_common(s, _count_matches(s, *e)) for e in expressions)
        total = count(s, node, walk=common)
    if order == "rank" and filters.words_of(node):
        ranked = _ranked(s, node, limit)
        return Found(tuple(i for i, _ in ranked), tuple(score for _, score in ranked), total)
    return Found(tuple(_by_date(s, node, total, limit, walk=common)), (), total)


def count(s: Connection, node: Node, *, walk: bool = False) -> int:
    """How many items match."""
    only = whole(s, node)
    if only:
        return _count_matches(s, *only)
    query = select(func.count()).select_from(item).where(filters.where(node, walk=walk))
    return int(s.execute(query).scalar() or 0)


def whole(s: Connection, node: Node) -> tuple[Index, str] | None:
    """The expression by which the index alone can answer: never where something is hidden, which it holds."""
    return None if hiding.is_hiding(s) else filters.expression(node)


def _count_matches(s: Connection, index: Index, expression: str) -> int:
    t = filters.index_table(index)
    query = select(func.count()).select_from(t).where(t.c[index].op("MATCH")(expression))
    return int(s.execute(query).scalar() or 0)


def _is_common(s: Connection, matched: int) -> bool:
    """Whether words occur in so many items that walking the list is quicker than looking them up."""
    return matched > max(COMMON, _last(s) // COMMON_SHARE)


def _last(s: Connection) -> int:
    return int(s.execute(select(func.max(item.c.id))).scalar() or 0)


def _by_date(s: Connection, node: Node, total: int, limit: int | None, *, walk: bool) -> list[int]:
    sent_us, only = by_instant(s), whole(s, node)
    if sent_us is not item.c.sent_us:
        only = None  # the index by date knows no decisions
    if only and _plain(node) and limit and limit * _last(s) // max(total, 1) * PROBE_COSTS < total:
        probe = text(
            f"SELECT item.id FROM item CROSS JOIN words.{only[0]} AS hit ON hit.rowid = item.id "
            f"WHERE hit.{only[0]} MATCH :expression ORDER BY item.sent_us DESC, item.id DESC LIMIT :limit"
        )
        return list(s.execute(probe, {"expression": only[1], "limit": limit}).scalars())
    query = select(item.c.id).where(filters.where(node, walk=walk))
    query = query.order_by(sent_us.desc(), item.c.id.desc()).limit(limit)
    return list(s.execute(query).scalars())


def _plain(node: Node) -> bool:
    """Whether the index can be asked cheaply for one item: a single word that is no prefix."""
    return (
        isinstance(node, Words)
        and len(node.phrases) == 1
        and not node.phrases[0].prefix
        and node.phrases[0].text.isalnum()
    )


def _ranked(s: Connection, node: Node, limit: int | None) -> list[tuple[int, float]]:
    """Best matches first by the words of the filter, wherever in it they stand."""
    scores: dict[int, float] = {}
    only = whole(s, node)
    for index, expression in [only] if only else _expressions(filters.words_of(node), " OR "):
        t = filters.index_table(index)
        matched = t.c[index].op("MATCH")(expression)
        query = select(t.c.rowid, t.c.rank).where(matched)
        newest = select(t.c.rowid).where(matched).order_by(t.c.rowid.desc())
        bound = s.execute(newest.offset(RANKED_AT_MOST).limit(1)).scalar()
        if bound is not None:
            query = query.where(t.c.rowid > bound)
        if only is None:
            query = query.where(t.c.rowid.in_(select(item.c.id).where(filters.where(node))))
        for id_, rank in s.execute(query.order_by(t.c.rank).limit(limit)):
            scores[id_] = scores.get(id_, 0.0) - rank
    best = sorted(scores.items(), key=lambda pair: (-pair[1], -pair[0]))
    return best[:limit]


def _expressions(words: list[Words], joint: str) -> list[tuple[Index, str]]:
    by_index: dict[Index, list[str]] = {}
    for node in words:
        index, expression = matching.match(node.phrases, node.near, node.column)
        by_index.setdefault(index, []).append(f"({expression})")
    return [(index, joint.join(several)) for index, several in by_index.items()]

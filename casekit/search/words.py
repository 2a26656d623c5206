"""The index of words: how it is filled, and how matches are found by date and by rank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, func, select, text

from casekit.progress import Progress
from casekit.queries import filters, matching
from casekit.queries.filters import Node, Words
from casekit.queries.matching import Index
from casekit.search import indexes
from casekit.store.case import Case
from casekit.store.tables import exchange, item, item_party, problem

Order = Literal["date", "rank"]
BATCH_ITEMS = 10_000
FLUSH_CHARACTERS = 8_000_000
RANKED_AT_MOST = 20_000  # bm25 scores every match: of more, the newest are ranked
COMMON = 500  # matches from which on, and share of all from which on, walking the list is quicker
COMMON_SHARE = 50
PROBE_COSTS = 150  # asking the index for one item costs as much as taking so many from its list
PART_COLUMNS = {
    "system": "prompt",
    "prompt": "prompt",
    "output": "output",
    "reasoning": "reasoning",
}

_FTS = (
    "CREATE VIRTUAL TABLE {name} USING fts5(title, people, prompt, output, reasoning, body, content='', "
    "contentless_delete=1, tokenize='unicode61 remove_diacritics 2')"
)
SCHEMA = indexes.Schema(
    "words",
    "1",
    ("entry", "gram", "unsearchable"),
    (
        _FTS.format(name="entry"),
        _FTS.format(name="gram"),
        "INSERT INTO entry(entry, rank) VALUES ('hashsize', 16777216)",
        "CREATE TABLE unsearchable (item_id INTEGER PRIMARY KEY, reason TEXT NOT NULL)",
    ),
)
_INSERT = {
    name: f"INSERT INTO {name}(rowid, title, people, prompt, output, reasoning, body) VALUES (?,?,?,?,?,?,?)"
    for name in ("entry", "gram")
}


@dataclass(frozen=True, slots=True)
class Found:
    """Matches of a filter: ids in the wanted order, scores beside them where ranked, and how many in all."""

    ids: tuple[int, ...]
    scores: tuple[float, ...]
    total: int


@dataclass(slots=True)
class _Batch:
    """Rows that wait to be written."""

    rows: dict[str, list[tuple[Any, ...]]] = field(
        default_factory=lambda: {"entry": [], "gram": []}
    )
    unsearchable: list[tuple[int, str]] = field(default_factory=list)
    characters: int = 0


# -- filling --------------------------------------------------------------------------------------


def index_pending(case: Case, progress: Progress) -> int:
    """Index every item behind the last one indexed and return how many there were.

    Works in batches, each one transaction that also records how far it came: a cut costs one batch,
    and two processes at it take turns.
    """
    first = done = indexes.prepare(case, SCHEMA).done
    while True:
        with case.index("words") as target, case.read() as source:
            done = indexes.done(target)
            last = source.execute(select(func.max(item.c.id))).scalar() or 0
            if done >= last:
                return done - first
            stop = min(done + BATCH_ITEMS, last)
            _write_range(source, target, done, stop)
            indexes.write_meta(target, done=stop)
        progress.step(stop - first, last - first, "Indexing words")


def index_again(case: Case, item_ids: Iterable[int]) -> None:
    """Index items once more whose text has changed since, such as after text recognition."""
    done = indexes.prepare(case, SCHEMA).done
    for item_id in item_ids:
        if item_id <= done:
            with case.index("words") as target, case.read() as source:
                target.exec_driver_sql("DELETE FROM entry WHERE rowid = ?", (item_id,))
                target.exec_driver_sql("DELETE FROM gram WHERE rowid = ?", (item_id,))
                target.exec_driver_sql("DELETE FROM unsearchable WHERE item_id = ?", (item_id,))
                _write_range(source, target, item_id - 1, item_id)


def _write_range(source: Connection, target: Connection, after: int, last: int) -> None:
    """Index the items with ids above `after` up to `last`."""
    people = _people(source, after, last)
    encrypted = _encrypted(source, after, last)
    batch = _Batch()
    for head, texts in _items(source, after, last):
        reason = _why_not(head, texts, encrypted)
        if reason:
            batch.unsearchable.append((head[0], reason))
        _add(batch, head, people.get(head[0], ""), texts)
        if batch.characters > FLUSH_CHARACTERS:
            _flush(target, batch)
            batch = _Batch()
    _flush(target, batch)


def _items(
    source: Connection, after: int, last: int
) -> Iterator[tuple[tuple[Any, ...], list[tuple[str, str]]]]:
    """(id, kind, title, name, pages) of each item with its (part, text) pairs."""
    rows = source.exec_driver_sql(
        "SELECT item.id, kind, title, name, pages, part, text FROM item "
        "LEFT JOIN item_text ON item_id = item.id WHERE item.id > ? AND item.id <= ? "
        "ORDER BY item.id, no",
        (after, last),
    )
    head: tuple[Any, ...] | None = None
    texts: list[tuple[str, str]] = []
    for id_, kind, title, name, pages, part, content in rows:
        if head is None or head[0] != id_:
            if head is not None:
                yield head, texts
            head, texts = (id_, kind, title, name, pages), []
        if part is not None:
            texts.append((part, content))
    if head is not None:
        yield head, texts


def _people(source: Connection, after: int, last: int) -> dict[int, str]:
    """Names, addresses and accounts of each item."""
    found: dict[int, str] = {}
    parties = select(item_party.c.item_id, item_party.c.name, item_party.c.address)
    within = item_party.c.item_id.between(after + 1, last)
    for item_id, name, address in source.execute(parties.where(within)):
        found[item_id] = f"{found.get(item_id, '')}\n{name} {address}"
    accounts = select(exchange.c.item_id, exchange.c.account)
    named = exchange.c.item_id.between(after + 1, last) & exchange.c.account.is_not(None)
    for item_id, account in source.execute(accounts.where(named)):
        found[item_id] = f"{account}{found.get(item_id, '')}"
    return found


def _encrypted(source: Connection, after: int, last: int) -> frozenset[int]:
    query = select(problem.c.item_id).where(
        problem.c.item_id.between(after + 1, last), problem.c.kind == "encrypted"
    )
    return frozenset(source.execute(query).scalars())


def _why_not(head: tuple[Any, ...], texts: list[tuple[str, str]], encrypted: frozenset[int]) -> str:
    """Why an item's content cannot be searched, or nothing."""
    id_, kind, _, _, pages = head
    if id_ in encrypted:
        return "encrypted"
    with_text = {part for part, content in texts if content and not content.isspace()}
    if with_text:
        scans = pages is not None and sum(p.startswith("page/") for p in with_text) < pages
        return "some-pages" if scans and "body" not in with_text else ""
    return "not-read" if kind == "file" else "" if kind == "request" else "no-text"


def _add(batch: _Batch, head: tuple[Any, ...], people: str, texts: list[tuple[str, str]]) -> None:
    columns = {"title": head[2], "people": people}
    if head[3] and head[3] != head[2]:
        columns["title"] = f"{head[2]}\n{head[3]}"
    for part, content in texts:
        column = PART_COLUMNS.get(part, "body")
        known = columns.get(column)
        columns[column] = f"{known}\n{content}" if known else content
        batch.characters += len(content)
    plain = all(value.isascii() for value in columns.values())
    folded = [matching.fold(columns.get(name, "")) for name in matching.COLUMNS]
    if plain or not any(matching.has_cjk(value) for value in folded):
        batch.rows["entry"].append((head[0], *folded))
        return
    batch.rows["entry"].append((head[0], *map(matching.entry_text, folded)))
    batch.rows["gram"].append((head[0], *map(matching.gram_text, folded)))


def _flush(target: Connection, batch: _Batch) -> None:
    for name, rows in batch.rows.items():
        if rows:
            target.exec_driver_sql(_INSERT[name], rows)
    if batch.unsearchable:
        target.exec_driver_sql("INSERT INTO unsearchable VALUES (?, ?)", batch.unsearchable)


# -- finding --------------------------------------------------------------------------------------


def find(s: Connection, node: Node, *, order: Order = "date", limit: int | None = None) -> Found:
    """Items that match, newest first or best first; those without a time come last.

    Scores are the negated bm25 of SQLite FTS5 (greater is better), only with `order="rank"`; of more
    than `RANKED_AT_MOST` matches the last received ones are ranked.
    """
    if filters.expression(node):
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
    only = filters.expression(node)
    if only:
        return _count_matches(s, *only)
    query = select(func.count()).select_from(item).where(filters.where(node, walk=walk))
    return int(s.execute(query).scalar() or 0)


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
    only = filters.expression(node)
    if only and _plain(node) and limit and limit * _last(s) // max(total, 1) * PROBE_COSTS < total:
        probe = text(
            f"SELECT item.id FROM item CROSS JOIN words.{only[0]} AS hit ON hit.rowid = item.id "
            f"WHERE hit.{only[0]} MATCH :expression ORDER BY item.sent_us DESC, item.id DESC LIMIT :limit"
        )
        return list(s.execute(probe, {"expression": only[1], "limit": limit}).scalars())
    query = select(item.c.id).where(filters.where(node, walk=walk))
    query = query.order_by(item.c.sent_us.desc(), item.c.id.desc()).limit(limit)
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
    whole = filters.expression(node)
    for index, expression in [whole] if whole else _expressions(filters.words_of(node), " OR "):
        t = filters.index_table(index)
        matched = t.c[index].op("MATCH")(expression)
        query = select(t.c.rowid, t.c.rank).where(matched)
        newest = select(t.c.rowid).where(matched).order_by(t.c.rowid.desc())
        bound = s.execute(newest.offset(RANKED_AT_MOST).limit(1)).scalar()
        if bound is not None:
            query = query.where(t.c.rowid > bound)
        if whole is None:
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

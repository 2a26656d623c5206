"""Fills the index of words: the texts of items, the values they can be filtered by, what has no text.

Values (`facet`) stand here rather than behind an index of the case itself: entries in order of an account
or an address go all over such an index, and an import that kept it at each short transaction would
take twice as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import Connection, func, select, text

from casekit.progress import Progress
from casekit.queries import facets, matching, unseen
from casekit.queries.recognised import MARK
from casekit.search import indexes
from casekit.store.bulk import insert_rows
from casekit.store.case import Case
from casekit.store.tables import item, machine_text, problem

BATCH_ITEMS = 50_000
FLUSH_CHARACTERS = 2_000_000
PART_COLUMNS = {
    "system": "prompt",
    "prompt": "prompt",
    "output": "output",
    "reasoning": "reasoning",
}
_FETCHED = 500
_NAMES = ("rowid", *matching.COLUMNS)
_FTS = (
    f"CREATE VIRTUAL TABLE {{name}} USING fts5({', '.join(matching.COLUMNS)}, content='', "
    "contentless_delete=1, tokenize='unicode61 remove_diacritics 2')"
)
SCHEMA = indexes.Schema(
    "words",
    "4",
    ("entry", "gram", "unsearchable", "facet", "facet_value"),
    (
        _FTS.format(name="entry"),
        _FTS.format(name="gram"),
        # A batch is gathered whole before it is written: smaller runs would be merged once more.
        "INSERT INTO entry(entry, rank) VALUES ('hashsize', 67108864)",
        "INSERT INTO entry(entry, rank) VALUES ('automerge', 8)",  # 4 rewrites a tenth more
        "CREATE TABLE unsearchable (item_id INTEGER PRIMARY KEY, reason TEXT NOT NULL)",
        "CREATE TABLE facet_value (id INTEGER PRIMARY KEY, field TEXT NOT NULL, value TEXT NOT NULL, "
        "UNIQUE (field, value))",
        "CREATE TABLE facet (value_id INTEGER NOT NULL, item_id INTEGER NOT NULL, "
        "PRIMARY KEY (value_id, item_id)) WITHOUT ROWID",
    ),
)


@dataclass(slots=True)
class _Batch:
    """Rows that wait to be written."""

    rows: dict[str, list[tuple[Any, ...]]] = field(
        default_factory=lambda: {"entry": [], "gram": []}
    )
    unsearchable: list[tuple[int, str]] = field(default_factory=list)
    hidden: list[tuple[str, int]] = field(default_factory=list)


def index_pending(case: Case, progress: Progress, *, least: int = 1) -> int:
    """Index every item behind the last one indexed and return how many there were.

    Items that machines have read since, such as by text recognition, are indexed once more.
    Works in batches, each one transaction that also records how far it came: a cut costs one batch,
    and two processes at it take turns.

    Args:
        case: The open case.
        progress: Told the items done; cancelling keeps every finished batch.
        least: Leave fewer items than these for another time.
    """
    first = done = indexes.prepare(case, SCHEMA).done
    while True:
        with case.index("words") as target, case.read(whole=True) as source:
            done = indexes.done(target)
            last = source.execute(select(func.max(item.c.id))).scalar() or 0
            read = source.execute(select(func.max(machine_text.c.id))).scalar() or 0
            if done >= last:
                _index_again(source, target, read)
                return done - first
            if last - done < least:
                return done - first
            stop = min(done + BATCH_ITEMS, last)
            _write_range(source, target, done, stop)
            if not done:  # whatever machines have read until now comes with the items
                indexes.write_meta(target, machine_texts=read)
            indexes.write_meta(target, done=stop)
        progress.step(stop - first, last - first, "Indexing words")


def _index_again(source: Connection, target: Connection, last: int) -> None:
    """Index once more the items of machine texts with ids up to `last` that have come since the last time."""
    query = text("SELECT value FROM meta WHERE key = 'machine_texts'")
    after = int(target.execute(query).scalar() or 0)
    if after >= last:
        return
    m = machine_text.c
    items = select(m.item_id).where(m.id.between(after + 1, last)).distinct().order_by(m.item_id)
    for item_id in source.execute(items).scalars():
        for table, key in (("entry", "rowid"), ("gram", "rowid"), ("unsearchable", "item_id")):
            target.exec_driver_sql(f"DELETE FROM {table} WHERE {key} = ?", (item_id,))
        _write_texts(source, target, item_id - 1, item_id, again=True)
    indexes.write_meta(target, machine_texts=last)


def _write_range(source: Connection, target: Connection, after: int, last: int) -> None:
    """Index the items with ids above `after` up to `last`."""
    _write_texts(source, target, after, last)
    _write_facets(source, target, after, last)


# -- texts ----------------------------------------------------------------------------------------


def _write_texts(
    source: Connection, target: Connection, after: int, last: int, *, again: bool = False
) -> None:
    """Index the texts of items; `again`: what is hidden in their own was found before, and stays."""
    for batch in _batches(source, after, last):
        if again:
            batch.hidden.clear()
        _flush(target, batch)


def _batches(source: Connection, after: int, last: int) -> Iterator[_Batch]:
    """The rows of the items above `after` up to `last`, some hundred items or a few long texts at a time."""
    people, encrypted = _people(source, after, last), _encrypted(source, after, last)
    read = _machine_texts(source, after, last)
    query = "SELECT id, kind, title, name, pages FROM item WHERE id > ? AND id <= ? ORDER BY id"
    texts = "SELECT item_id, part, text FROM item_text WHERE item_id > ? AND item_id <= ? ORDER BY item_id, no"
    for heads in _fetched(source, query, after, last):
        some = _Some(heads, people, encrypted, read)
        for rows in _fetched(source, texts, heads[0][0] - 1, heads[-1][0]):
            if some.characters + sum(len(row[2]) for row in rows) <= FLUSH_CHARACTERS:
                some.add(rows)
                continue
            for row in rows:
                if some.characters > FLUSH_CHARACTERS and row[0] != some.last:
                    yield some.batch(row[0])
                some.add([row])
        yield some.batch(heads[-1][0] + 1)


class _Some:
    """Neighbouring items with their texts by column, which are taken off in their order.

    Args:
        heads: (id, kind, title, name, pages) of each.
        people: Names, addresses and accounts by item.
        encrypted: Items that are.
        read: What machines have read, by item.

    Attributes:
        last: The item whose texts came last.
        characters: Of the texts that have not been taken off.
    """

    def __init__(
        self,
        heads: Sequence[tuple[Any, ...]],
        people: dict[int, str],
        encrypted: frozenset[int],
        read: dict[int, list[tuple[str, str]]],
    ) -> None:
        self._heads = heads
        self._people = people
        self._encrypted = encrypted
        self._read = read
        self._place = {head[0]: place for place, head in enumerate(heads)}
        self._columns: dict[str, list[str | None]] = {
            name: [None] * len(heads) for name in matching.COLUMNS
        }
        self._with_text: dict[int, list[str]] = {}
        self._taken = 0
        self.last = 0
        self.characters = 0

    def add(self, rows: Sequence[tuple[int, str, str]]) -> None:
        """Add texts (item, part, text) behind those that their columns have."""
        columns, place_of, with_text = self._columns, self._place, self._with_text
        for item_id, part, content in rows:
            column, place = columns[PART_COLUMNS.get(part, "body")], place_of[item_id]
            known = column[place]
            column[place] = f"{known}\n{content}" if known else content
            self.characters += len(content)
            if content and not content.isspace():
                if place in with_text:
                    with_text[place].append(part)
                else:
                    with_text[place] = [part]
        self.last = rows[-1][0]

    def batch(self, before: int) -> _Batch:
        """Take off the items with ids below `before`."""
        first, stop = self._taken, self._place.get(before, len(self._heads))
        heads = self._heads[first:stop]
        hidden = self._hidden(heads, first, stop)  # before what machines have read comes to it
        for item_id in self._read.keys() & {head[0] for head in heads} if self._read else ():
            self.add([(item_id, part, content) for part, content in self._read[item_id]])
        batch = _Batch(hidden=hidden)
        for place, head in enumerate(heads, first):
            said = self._with_text.get(place)
            if said is None or head[4] is not None or head[0] in self._encrypted:
                reason = _why_not(head, said or (), self._encrypted)
                if reason:
                    batch.unsearchable.append((head[0], reason))
        self._columns["title"][first:stop] = [_title(head) for head in heads]
        self._columns["people"][first:stop] = [self._people.get(head[0], "") for head in heads]
        columns = [self._columns[name][first:stop] for name in matching.COLUMNS]
        for column in self._columns.values():
            column[first:stop] = [None] * len(heads)
        _add(batch, [head[0] for head in heads], columns)
        self._taken, self.characters = stop, 0
        return batch

    def _hidden(
        self, heads: Sequence[tuple[Any, ...]], first: int, stop: int
    ) -> list[tuple[str, int]]:
        """(kind, item id) of what nobody sees in titles, names, people and the items' own texts."""
        columns: list[list[str | None]] = [
            [_title(head) for head in heads],
            [self._people.get(head[0]) for head in heads],
            *(column[first:stop] for column in self._columns.values()),
        ]
        if not unseen.has_any("".join(filter(None, chain.from_iterable(columns)))):
            return []
        found: list[tuple[str, int]] = []
        for head, *texts in zip(heads, *columns, strict=True):
            kinds = {kind for text in texts if text for _, _, kind in unseen.found(text)}
            found += [(kind, head[0]) for kind in kinds]
        return found


def _title(head: tuple[Any, ...]) -> str:
    title, name = head[2:4]
    return f"{title}\n{name}" if name and name != title else str(title)


def _machine_texts(source: Connection, after: int, last: int) -> dict[int, list[tuple[str, str]]]:
    """What machines read of each item, its parts marked."""
    m = machine_text.c
    rows = source.execute(
        select(m.item_id, m.part, m.text)
        .where(m.item_id.between(after + 1, last), m.text != "")
        .order_by(m.item_id, m.id)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for item_id, part, content in rows:
        found.setdefault(item_id, []).append((f"{MARK}{part}", content))
    return found


def _fetched(
    source: Connection, query: str, after: int, last: int
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The driver's own tuples, some hundred at a time: rows with names cost as much again."""
    cursor = source.exec_driver_sql(query, (after, last)).cursor
    while cursor is not None and (rows := cursor.fetchmany(_FETCHED)):
        yield rows


def _people(source: Connection, after: int, last: int) -> dict[int, str]:
    """Names, addresses and accounts of each item."""
    within = "WHERE item_id > ? AND item_id <= ?"
    accounts = f"SELECT item_id, account FROM exchange {within} AND account IS NOT NULL"
    parties = f"SELECT item_id, name, address FROM item_party {within} ORDER BY item_id, no"
    found: dict[int, str] = dict(chain.from_iterable(_fetched(source, accounts, after, last)))
    for item_id, name, address in chain.from_iterable(_fetched(source, parties, after, last)):
        found[item_id] = f"{found.get(item_id, '')}\n{name} {address}"
    return found


def _encrypted(source: Connection, after: int, last: int) -> frozenset[int]:
    query = select(problem.c.item_id).where(
        problem.c.item_id.between(after + 1, last), problem.c.kind == "encrypted"
    )
    return frozenset(source.execute(query).scalars())


def _why_not(head: tuple[Any, ...], said: Iterable[str], encrypted: frozenset[int]) -> str:
    """Why an item's content cannot be searched, or nothing; `said` are its parts that have text."""
    id_, kind, _, _, pages = head
    if id_ in encrypted:
        return "encrypted"
    with_text = {part.removeprefix(MARK) for part in said}
    if with_text:
        scans = pages is not None and sum(p.startswith("page/") for p in with_text) < pages
        return "some-pages" if scans and "body" not in with_text else ""
    return "not-read" if kind == "file" else "" if kind == "request" else "no-text"


def _add(batch: _Batch, ids: list[int], columns: list[list[str | None]]) -> None:
    """Add rows from the values of each column; a null column is an empty one."""
    whole = "".join(filter(None, chain.from_iterable(columns)))
    if whole.isascii() and "\x00" not in whole:
        batch.rows["entry"] += zip(ids, *columns, strict=True)
        return
    for id_, *found in zip(ids, *columns, strict=True):
        whole = "".join(filter(None, found))
        if whole.isascii() and "\x00" not in whole:
            batch.rows["entry"].append((id_, *found))
            continue
        folded = [matching.fold(value or "") for value in found]
        if not any(map(matching.has_cjk, folded)):
            batch.rows["entry"].append((id_, *folded))
            continue
        batch.rows["entry"].append((id_, *map(matching.entry_text, folded)))
        batch.rows["gram"].append((id_, *map(matching.gram_text, folded)))


def _flush(target: Connection, batch: _Batch) -> None:
    places = ", ".join("?" * len(_NAMES))
    for name, rows in batch.rows.items():
        if rows:  # one a statement: FTS5 writes out what it has gathered before each with several
            statement = f"INSERT INTO {name} ({', '.join(_NAMES)}) VALUES ({places})"
            target.exec_driver_sql(statement, rows)
    insert_rows(target, "unsearchable", ("item_id", "reason"), batch.unsearchable)
    if batch.hidden:
        write_facet(target, facets.HIDDEN, batch.hidden)


# -- values to filter by --------------------------------------------------------------------------


def _write_facets(source: Connection, target: Connection, after: int, last: int) -> None:
    query = f"SELECT item_id, {', '.join(facets.INDEXED)} FROM exchange WHERE item_id > ? AND item_id <= ?"
    rows = list(chain.from_iterable(_fetched(source, query, after, last)))
    for place, name in enumerate(facets.INDEXED, 1):
        write_facet(target, name, [(row[place], row[0]) for row in rows if row[place]])


def progress_of(target: Connection) -> tuple[int, int]:
    """The last item indexed by word, and the last whose language was told, through the index's own session."""
    query = text("SELECT key, value FROM meta WHERE key IN ('done', 'languages')")
    found = {key: int(value) for key, value in target.execute(query)}
    return found.get("done", 0), found.get("languages", 0)


def write_facet(target: Connection, name: str, found: Iterable[tuple[str, int]]) -> None:
    """Keep (value, item id) pairs of a field; each pair once."""
    by_value: dict[str, list[int]] = {}
    for value, item_id in found:
        if value in by_value:
            by_value[value].append(item_id)
        else:
            by_value[value] = [item_id]
    ids = _value_ids(target, name, by_value.keys())
    rows = [  # in the order of their pages, each of which is touched once
        (ids[value], item_id)
        for value in sorted(by_value, key=ids.__getitem__)
        for item_id in sorted(by_value[value])
    ]
    insert_rows(target, "facet", ("value_id", "item_id"), rows)


def _value_ids(target: Connection, name: str, values: Set[str]) -> dict[str, int]:
    """The ids of a field's values, given to those that are new."""
    known = text(
        "SELECT value, id FROM facet_value WHERE field = :field "
        "AND value IN (SELECT value FROM json_each(:asked))"
    )
    asked = {"field": name, "asked": orjson.dumps(list(values)).decode()}
    ids: dict[str, int] = dict(map(tuple, target.execute(known, asked)))
    new = sorted(values - ids.keys())
    if new:
        first = target.execute(text("SELECT max(id) FROM facet_value")).scalar() or 0
        rows = [(id_, name, value) for id_, value in enumerate(new, first + 1)]
        insert_rows(target, "facet_value", ("id", "field", "value"), rows)
        ids.update((value, id_) for id_, _, value in rows)
    return ids

"""Sketches of the texts of all items (MinHash), from which near-duplicates are grouped at any threshold.

A sketch is made of the pairs of neighbouring words of an item's whole text; numbers are words like others. It
keeps 16 bits of each value (Li and König 2010), the number of words, and a key that equal words alone share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, select, text

from casekit.progress import Progress
from casekit.queries import matching
from casekit.search import filling, indexes, shingles
from casekit.store.case import Case
from casekit.store.tables import item, item_text, machine_text

Ids = npt.NDArray[np.int64]
Half = npt.NDArray[np.uint16]
Hashes = npt.NDArray[np.uint64]

LONGEST = 500_000
"""Characters of a text from its start that are compared."""

MOST_WORDS = 100_000
BATCH_ITEMS = 8_000
BATCH_CHARACTERS = 4_000_000
KEY_BYTES = 16
_AT_ONCE = 500
_STEPS = (np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F))

SCHEMA = indexes.Schema(
    "clusters",
    "1",
    ("sketch", "near_group", "near_member", "topic", "topic_member"),
    (
        "CREATE TABLE sketch (item_id INTEGER PRIMARY KEY, words INTEGER NOT NULL, cut INTEGER NOT NULL, "
        "key BLOB NOT NULL, row BLOB NOT NULL)",
        "CREATE TABLE near_group (id INTEGER PRIMARY KEY, principal INTEGER NOT NULL, items INTEGER NOT NULL, "
        "texts INTEGER NOT NULL, least REAL NOT NULL)",
        "CREATE TABLE near_member (item_id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, "
        "alike REAL NOT NULL, words INTEGER NOT NULL)",
        "CREATE INDEX near_by_group ON near_member (group_id, item_id)",
        "CREATE TABLE topic (id INTEGER PRIMARY KEY, items INTEGER NOT NULL, words TEXT NOT NULL)",
        "CREATE TABLE topic_member (item_id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, "
        "cosine REAL NOT NULL)",
        "CREATE INDEX topic_by_topic ON topic_member (topic_id, item_id)",
    ),
)


@dataclass(frozen=True, slots=True)
class Words:
    """Texts as runs of word hashes, one after another.

    Attributes:
        flat: Hashes of all words.
        offsets: Where each text's begin, and the end of the last, shape (texts + 1,).
        cut: Which texts are longer than what is compared.
    """

    flat: Hashes
    offsets: Ids
    cut: npt.NDArray[np.bool_]

    @property
    def counts(self) -> Ids:
        """How many words each text has."""
        return np.diff(self.offsets)


def prepare(case: Case) -> None:
    """See that the tables are there which a query may ask: of words, of facets and of groups."""
    for schema in (filling.SCHEMA, SCHEMA):
        indexes.prepare(case, schema)


def index_pending(case: Case, progress: Progress) -> int:
    """Sketch every item behind the last one sketched, and those that machines have read since.

    Returns how many items that were. Each batch is one transaction that also records how far it came.
    """
    first = indexes.prepare(case, SCHEMA).done
    vocabulary: dict[str, int] = {}
    done = first
    while True:
        with case.read(whole=True) as source:
            last = source.execute(select(func.max(item.c.id))).scalar() or 0
            read = source.execute(select(func.max(machine_text.c.id))).scalar() or 0
            ids = _next_items(source, done)
            rows = _rows(source, ids, vocabulary)
        if not ids:
            break
        with case.index(SCHEMA.name) as target:
            if indexes.done(target) == done:  # else another process was quicker
                _write(target, rows)
                if not done:  # whatever machines have read until now comes with the items
                    indexes.write_meta(target, machine_texts=read)
                indexes.write_meta(target, done=ids[-1])
        done = ids[-1]
        progress.step(done - first, last - first, "Comparing texts")
    _read_again(case, vocabulary, read)
    return done - first


def words_of(texts: Sequence[str], vocabulary: dict[str, int]) -> Words:
    """The words of texts as they are compared: without case, accents kept, hidden characters left out."""
    folded = [matching.fold(t[:LONGEST]) for t in texts]
    flat, offsets = shingles.hashed(shingles.array(folded), vocabulary, MOST_WORDS, numbers=True)
    counts = np.diff(offsets)
    empty = (counts == 1) & (flat[np.minimum(offsets[:-1], len(flat) - 1)] == 0)
    if empty.any():  # a text without words is split into one empty word
        kept = np.ones(len(flat), dtype=bool)
        kept[offsets[:-1][empty]] = False
        flat, offsets = flat[kept], np.r_[0, np.cumsum(np.where(empty, 0, counts))]
    long = np.array([len(t) > LONGEST for t in texts], dtype=bool)
    return Words(flat, offsets.astype(np.int64), long | (np.diff(offsets) >= MOST_WORDS))


def pair_sets(words: Words) -> list[Hashes]:
    """The different pairs of neighbouring words of each text, in ascending order."""
    pairs = shingles.pairs_of(words.flat, words.offsets)
    bounds = words.offsets.tolist()
    return [np.unique(pairs[a:b]) for a, b in pairwise(bounds)]


def alike(a: Hashes, b: Hashes) -> float:
    """Of the pairs of two texts together, the share that both have, 0 to 1."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def texts_of(s: Connection, ids: Sequence[int]) -> list[str]:
    """The text of each item: all of its parts but system prompts, then what machines read of it last."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        for table, order in ((item_text, item_text.c.no), (machine_text, machine_text.c.id)):
            head = func.substr(table.c.text, 1, LONGEST + 1)
            query = select(table.c.item_id, table.c.part, head).where(table.c.item_id.in_(some))
            if table is item_text:
                query = query.where(item_text.c.part != "system")
            last: dict[tuple[int, str], str] = {}
            for item_id, part, content in s.execute(query.order_by(table.c.item_id, order)):
                last.pop((item_id, part), None)
                last[item_id, part] = content
            for (item_id, _), content in last.items():
                found.setdefault(item_id, []).append(content)
    return ["\n".join(found.get(i, ())) for i in ids]


def _next_items(source: Connection, after: int) -> list[int]:
    """The ids of the next items, few of them where their texts are long."""
    query = (
        select(item.c.id, func.coalesce(func.sum(func.octet_length(item_text.c.text)), 0))
        .outerjoin(item_text, item_text.c.item_id == item.c.id)
        .where(item.c.id > after)
        .group_by(item.c.id)
        .order_by(item.c.id)
        .limit(BATCH_ITEMS)
    )
    ids: list[int] = []
    characters = 0
    for id_, length in source.execute(query):
        characters += min(int(length), LONGEST)
        if ids and characters > BATCH_CHARACTERS:
            break
        ids.append(id_)
    return ids


Row = tuple[int, int, int, bytes, bytes]


def _rows(source: Connection, ids: Sequence[int], vocabulary: dict[str, int]) -> list[Row]:
    """Item, words, whether it was cut, key and sketch of each; one without words has an empty sketch."""
    if not ids:
        return []
    words = words_of(texts_of(source, ids), vocabulary)
    values = np.full((len(ids), shingles.PERMUTATIONS), np.iinfo(np.uint32).max, dtype=np.uint32)
    shingles.minima(
        shingles.pairs_of(words.flat, words.offsets), words.offsets, shingles.permutations(), values
    )
    half = values.astype(np.uint16)  # the low bits, which are spread evenly
    keys = _keys(words)
    counts, cut = words.counts.tolist(), words.cut.tolist()
    return [
        (id_, counts[n], int(cut[n]), keys[n].tobytes(), half[n].tobytes() if counts[n] else b"")
        for n, id_ in enumerate(ids)
    ]


def _keys(words: Words) -> Hashes:
    """Two numbers a text, equal where the words are equal one by one, shape (texts, 2)."""
    found = np.zeros((len(words.offsets) - 1, 2), dtype=np.uint64)
    full = np.flatnonzero(words.counts)
    if not len(full):
        return found
    begun = words.offsets[:-1][full]
    place = np.arange(len(words.flat), dtype=np.uint64)
    place -= np.repeat(words.offsets[:-1].astype(np.uint64), words.counts)
    with np.errstate(over="ignore"):
        for n, step in enumerate(_STEPS):
            mixed = (words.flat ^ ((place + np.uint64(1)) * step)) * _STEPS[1 - n]
            mixed ^= mixed >> np.uint64(29)
            found[full, n] = np.add.reduceat(mixed * step, begun)
    return found


def _read_again(case: Case, vocabulary: dict[str, int], last: int) -> None:
    """Sketch once more the items of machine texts with ids up to `last` that came since the last time."""
    with case.read(whole=True) as source:
        after = int(indexes.read_meta(source, SCHEMA, "machine_texts") or 0)
        m = machine_text.c
        query = select(m.item_id).where(m.id.between(after + 1, last)).distinct()
        ids = list(source.execute(query.order_by(m.item_id)).scalars()) if after < last else []
        rows = [
            row
            for start in range(0, len(ids), _AT_ONCE)
            for row in _rows(source, ids[start : start + _AT_ONCE], vocabulary)
        ]
    if after < last:
        with case.index(SCHEMA.name) as target:
            _write(target, rows)
            indexes.write_meta(target, machine_texts=last)


def _write(target: Connection, rows: Iterable[Row]) -> None:
    statement = "REPLACE INTO sketch VALUES (?, ?, ?, ?, ?)"
    made = list(rows)
    if made:
        target.exec_driver_sql(statement, made)


def drop(target: Connection, *tables: str) -> None:
    """Empty tables of the index, within the transaction that fills them anew."""
    for name in tables:
        target.execute(text(f"DELETE FROM {name}"))

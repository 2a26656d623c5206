"""The vectors of a case: made passage by passage by a job that goes on where it was cut."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    insert,
    select,
    text,
)

from casekit.progress import Progress
from casekit.queries.recognised import MARK, marked
from casekit.search import indexes
from casekit.search.engine import About, Embedder, Passage
from casekit.store.case import Case
from casekit.store.tables import item, item_text, machine_text

Half = npt.NDArray[np.float16]

PARTS = ("prompt", "output", "reasoning", "body", "page")
BATCH_ITEMS = 500
BATCH_CHARACTERS = 1_000_000
ASKED_AT_ONCE = 500
FOREIGN_SHARE = 0.5  # of a text's tokens unknown to the model: it cannot be found by meaning

SCHEMA = indexes.Schema(
    "vectors",
    "1",
    ("passage", "unsearchable"),
    (
        "CREATE TABLE passage (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL, part TEXT NOT NULL, "
        "no INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, key BLOB NOT NULL, "
        "vector BLOB NOT NULL)",
        "CREATE INDEX passage_by_item ON passage (item_id)",
        "CREATE INDEX passage_by_key ON passage (key)",
        "CREATE TABLE unsearchable (item_id INTEGER PRIMARY KEY, reason TEXT NOT NULL)",
    ),
)


def _columns(metadata: MetaData, schema: str | None) -> Table:
    return Table(
        "passage", metadata, Column("id", Integer, primary_key=True), Column("item_id", Integer),
        Column("part", Text), Column("no", Integer), Column("start", Integer), Column("stop", Integer),
        Column("key", LargeBinary), Column("vector", LargeBinary), schema=schema,
    )  # fmt: skip


passage = _columns(MetaData(), "vectors")  # as attached to a reading session
_own = _columns(MetaData(), None)  # as seen by the index's own writing session


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: `start` and `stop` are characters of the item's part."""

    id: int
    item_id: int
    part: str
    start: int
    stop: int


_Text = tuple[int, int, str, str]  # the stream's id, item, part, text


@dataclass(frozen=True, slots=True)
class _Stream:
    """Texts that only ever become more, and the key under which it is kept how far their vectors have come."""

    key: str
    id: Column[int]
    texts: Callable[[Connection, int, int], Iterator[_Text]]


@dataclass(frozen=True, slots=True)
class _Pending:
    """The passages of one batch, all of whose texts are whole; `last` is its last id in the stream."""

    last: int
    owners: list[tuple[int, str, int]]
    passages: list[Passage]
    foreign: list[int]


def about(case: Case) -> About | None:
    """What made the vectors that the case has; None where there are none."""
    indexes.prepare(case, SCHEMA)
    with case.read(whole=True) as s:
        stored = indexes.read_meta(s, SCHEMA, "about")
    return About(**orjson.loads(stored)) if stored else None


def fits(known: About | None, embedder: Embedder) -> bool:
    """Whether vectors of this embedder may stand beside those known; precisions are both checked ones."""
    if known is None:
        return False
    return dataclasses.replace(known, precision=embedder.about.precision) == embedder.about


def index_pending(case: Case, embedder: Embedder, progress: Progress) -> int:
    """Make the vectors of every item behind the last one indexed; returns how many items that were.

    What machines have read since, such as by text recognition, comes after them, its parts marked.
    Another model or engine than that of the vectors at hand begins anew: they are never mixed. Equal
    passages are computed once. Each batch is one transaction that also records how far it came.
    """
    state = indexes.prepare(case, SCHEMA)
    if not fits(about(case), embedder):
        state = indexes.begin_anew(case, SCHEMA)
        with case.index("vectors") as target:
            _write_about(target, embedder.about)
    _fill(case, embedder, progress, _ITEMS)
    _fill(case, embedder, progress, _READ_BY_MACHINES)
    with case.read(whole=True) as s:
        return int(indexes.read_meta(s, SCHEMA, _ITEMS.key) or 0) - state.done


def machine_texts_done(s: Connection) -> int:
    """The last machine text whose passages have been made."""
    return int(indexes.read_meta(s, SCHEMA, _READ_BY_MACHINES.key) or 0)


def _fill(case: Case, embedder: Embedder, progress: Progress, stream: _Stream) -> None:
    """Make the vectors of all that a stream has brought since the last time."""
    with case.read(whole=True) as source:
        first = done = int(indexes.read_meta(source, SCHEMA, stream.key) or 0)
    while True:
        with case.read(whole=True) as source:
            last = source.execute(select(func.max(stream.id))).scalar() or 0
            pending = _pending(source, embedder, stream, done, last) if done < last else None
        if pending is None:
            return
        progress.step(done - first, last - first, "Computing vectors")
        known = _known(case, pending.passages)
        inside = _Inside(progress, done - first, last - first)
        made = _embed(embedder, pending.passages, known, inside)
        with case.index("vectors") as target:
            if _cursor(target, stream) == done:  # else another process was quicker
                _write(target, stream, pending, made)
        done = pending.last
        progress.step(done - first, last - first, "Computing vectors")


def _cursor(target: Connection, stream: _Stream) -> int:
    query = text("SELECT value FROM meta WHERE key = :k")
    return int(target.execute(query, {"k": stream.key}).scalar() or 0)


def of_items(
    s: Connection, item_ids: Iterable[int], parts: Sequence[str]
) -> tuple[list[Place], Half]:
    """All passages of some items in the given kinds of parts, and their vectors (passages, dimension)."""
    wanted = [int(i) for i in item_ids]
    places, blobs = [], []
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        query = select(passage).where(passage.c.item_id.in_(wanted[start : start + ASKED_AT_ONCE]))
        for row in s.execute(query.order_by(passage.c.id)):
            if kind_of(row.part) in parts:
                places.append(Place(row.id, row.item_id, row.part, row.start, row.stop))
                blobs.append(row.vector)
    return places, stacked(blobs)


def places(s: Connection, passage_ids: Sequence[int]) -> dict[int, Place]:
    """Where some passages stand, by their ids."""
    columns = (passage.c.id, passage.c.item_id, passage.c.part, passage.c.start, passage.c.stop)
    found: dict[int, Place] = {}
    for start in range(0, len(passage_ids), ASKED_AT_ONCE):
        some = [int(i) for i in passage_ids[start : start + ASKED_AT_ONCE]]
        for row in s.execute(select(*columns).where(passage.c.id.in_(some))):
            found[row.id] = Place(*row)
    return found


def stacked(blobs: Sequence[bytes]) -> Half:
    """Stored vectors as one array of shape (n, dimension)."""
    if not blobs:
        return np.zeros((0, 1), dtype=np.float16)
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), -1)


def kind_of(part: str) -> str:
    """The kind of a part: `page` for `page/3`, by whomever it was read; one of no known kind is body."""
    kind = part.removeprefix(MARK).partition("/")[0]
    return kind if kind in PARTS else "body"


def _own_texts(source: Connection, after: int, last: int) -> Iterator[_Text]:
    rows = source.execute(
        select(item_text.c.item_id, item_text.c.part, item_text.c.text)
        .where(item_text.c.item_id.between(after + 1, last), item_text.c.part != "system")
        .order_by(item_text.c.item_id, item_text.c.no)
    )
    for item_id, part, content in rows:
        yield item_id, item_id, part, content


def _machine_texts(source: Connection, after: int, last: int) -> Iterator[_Text]:
    """What machines read; a page that was read before keeps the passages of that reading too."""
    m, earlier = machine_text.c, machine_text.alias().c
    readings = (
        select(func.count())
        .where(earlier.item_id == m.item_id, earlier.part == m.part)
        .where(earlier.text != "", earlier.id <= m.id)
        .scalar_subquery()
    )
    rows = source.execute(
        select(m.id, m.item_id, m.part, m.text, readings)
        .where(m.id.between(after + 1, last), m.text != "")
        .order_by(m.id)
    )
    for id_, item_id, part, content, reading in rows:
        yield id_, item_id, marked(part, reading), content


_ITEMS = _Stream("done", item.c.id, _own_texts)
_READ_BY_MACHINES = _Stream("machine_texts", machine_text.c.id, _machine_texts)


def _pending(
    source: Connection, embedder: Embedder, stream: _Stream, after: int, last: int
) -> _Pending:
    """The next texts of a stream, as many as make a good batch, cut into passages."""
    stop, characters = min(after + BATCH_ITEMS, last), 0
    texts: list[tuple[int, str, str]] = []
    at = after
    for id_, item_id, part, content in stream.texts(source, after, stop):
        if characters > BATCH_CHARACTERS and id_ != at:
            stop = at
            break
        at = id_
        texts.append((item_id, part, content))
        characters += len(content)
    owners, found = [], []
    known: dict[int, list[float]] = {}
    for (item_id, part, _), windows in zip(
        texts, embedder.passages([t for _, _, t in texts]), strict=True
    ):
        for no, window in enumerate(windows):
            owners.append((item_id, part, no))
            found.append(window)
            known.setdefault(item_id, []).append(window.known)
    foreign = [i for i, shares in known.items() if sum(shares) / len(shares) < FOREIGN_SHARE]
    return _Pending(stop, owners, found, foreign)


def _key(window: Passage) -> bytes:
    return hashlib.blake2b(window.ids.tobytes(), digest_size=16).digest()


def _known(case: Case, windows: Sequence[Passage]) -> dict[bytes, bytes]:
    """Stored vectors of passages with the same tokens."""
    keys = list({_key(w) for w in windows})
    found: dict[bytes, bytes] = {}
    with case.read(whole=True) as s:
        for start in range(0, len(keys), ASKED_AT_ONCE):
            some = passage.c.key.in_(keys[start : start + ASKED_AT_ONCE])
            rows = s.execute(select(passage.c.key, passage.c.vector).where(some))
            found.update((key, vector) for key, vector in rows)
    return found


def _embed(
    embedder: Embedder, windows: Sequence[Passage], known: dict[bytes, bytes], progress: Progress
) -> list[tuple[bytes, bytes]]:
    """(key, vector) of each passage, computed where it is not known yet."""
    keys = [_key(w) for w in windows]
    new = {key: w for key, w in zip(keys, windows, strict=True) if key not in known}
    if new:
        made = embedder.vectors(list(new.values()), progress=progress).astype("<f2")
        known = known | dict(zip(new, (v.tobytes() for v in made), strict=True))
    return [(key, known[key]) for key in keys]


@dataclass(frozen=True, slots=True)
class _Inside:
    """Asks inside a batch whether to stop, while the counts stay those of whole items."""

    progress: Progress
    done: int
    total: int

    def step(self, _done: int, _total: int | None, text: str) -> None:
        self.progress.step(self.done, self.total, text)


def _write(
    target: Connection, stream: _Stream, pending: _Pending, made: Sequence[tuple[bytes, bytes]]
) -> None:
    with_more = set(
        target.execute(select(_own.c.item_id).where(_own.c.item_id.in_(pending.foreign))).scalars()
    )  # an item that can be found by another of its texts
    rows = [
        {
            "item_id": item_id, "part": part, "no": no, "start": window.start, "stop": window.stop,
            "key": key, "vector": vector,
        }
        for (item_id, part, no), window, (key, vector) in zip(
            pending.owners, pending.passages, made, strict=True
        )
    ]  # fmt: skip
    if rows:
        target.execute(insert(_own), rows)
    for item_id in (i for i in pending.foreign if i not in with_more):
        target.execute(text("REPLACE INTO unsearchable VALUES (:i, 'script')"), {"i": item_id})
    indexes.write_meta(target, **{stream.key: pending.last})


def _write_about(target: Connection, made_by: About) -> None:
    indexes.write_meta(target, about=orjson.dumps(dataclasses.asdict(made_by)).decode())

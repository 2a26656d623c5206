"""The vectors of a case: made passage by passage by a job that goes on where it was cut."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
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
from casekit.search import indexes
from casekit.search.engine import About, Embedder, Passage
from casekit.store.case import Case
from casekit.store.tables import item, item_text

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


@dataclass(frozen=True, slots=True)
class _Pending:
    """The passages of one batch of items, all of whose texts are whole."""

    last: int
    owners: list[tuple[int, str, int]]
    passages: list[Passage]
    foreign: list[int]


def about(case: Case) -> About | None:
    """What made the vectors that the case has; None where there are none."""
    indexes.prepare(case, SCHEMA)
    with case.read() as s:
        stored = indexes.read_meta(s, SCHEMA, "about")
    return About(**orjson.loads(stored)) if stored else None


def fits(known: About | None, embedder: Embedder) -> bool:
    """Whether vectors of this embedder may stand beside those known; precisions are both checked ones."""
    if known is None:
        return False
    return dataclasses.replace(known, precision=embedder.about.precision) == embedder.about


def index_pending(case: Case, embedder: Embedder, progress: Progress) -> int:
    """Make the vectors of every item behind the last one indexed; returns how many items that were.

    Another model or engine than that of the vectors at hand begins anew: they are never mixed. Equal
    passages are computed once. Each batch is one transaction that also records how far it came.
    """
    state = indexes.prepare(case, SCHEMA)
    if not fits(about(case), embedder):
        state = indexes.begin_anew(case, SCHEMA)
        with case.index("vectors") as target:
            _write_about(target, embedder.about)
    first = done = state.done
    while True:
        with case.read() as source:
            last = source.execute(select(func.max(item.c.id))).scalar() or 0
            pending = _pending(source, embedder, done, last) if done < last else None
        if pending is None:
            return done - first
        progress.step(done - first, last - first, "Computing vectors")
        known = _known(case, pending.passages)
        inside = _Inside(progress, done - first, last - first)
        made = _embed(embedder, pending.passages, known, inside)
        with case.index("vectors") as target:
            if indexes.done(target) == done:  # else another process was quicker
                _write(target, pending, made)
        done = pending.last
        progress.step(done - first, last - first, "Computing vectors")


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
    """The kind of a part: `page` for `page/3`; a part of no known kind counts as body."""
    kind = part.partition("/")[0]
    return kind if kind in PARTS else "body"


def _pending(source: Connection, embedder: Embedder, after: int, last: int) -> _Pending:
    """The next items, as many as make a good batch, cut into passages."""
    rows = source.execute(
        select(item_text.c.item_id, item_text.c.part, item_text.c.text)
        .where(item_text.c.item_id.between(after + 1, min(after + BATCH_ITEMS, last)))
        .where(item_text.c.part != "system")
        .order_by(item_text.c.item_id, item_text.c.no)
    )
    stop, characters = min(after + BATCH_ITEMS, last), 0
    texts: list[tuple[int, str, str]] = []
    for item_id, part, content in rows:
        if characters > BATCH_CHARACTERS and item_id != texts[-1][0]:
            stop = texts[-1][0]
            break
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
    with case.read() as s:
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


def _write(target: Connection, pending: _Pending, made: Sequence[tuple[bytes, bytes]]) -> None:
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
    for item_id in pending.foreign:
        target.execute(text("REPLACE INTO unsearchable VALUES (:i, 'script')"), {"i": item_id})
    indexes.write_meta(target, done=pending.last)


def _write_about(target: Connection, made_by: About) -> None:
    indexes.write_meta(target, about=orjson.dumps(dataclasses.asdict(made_by)).decode())

"""Topics: items that say the like, by k-means over their vectors. An aid of reading, never a finding.

Each item is one unit vector, the mean of its passages'. The middles are found on a seeded sample, by the
spherical k-means of Dhillon and Modha 2001 from a seeded start (Arthur and Vassilvitskii 2007), in fp32; then
every item goes to the middle that is nearest. The same case, number and seed give the same topics on the same
machine; on another one, whose library sums in another order, an item halfway between two may fall otherwise.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import Connection, select

from casekit import clock
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import clusters
from casekit.queries.ids import ids_of
from casekit.search import indexes, sketches, topic_words, vectors
from casekit.search.sketches import SCHEMA
from casekit.store.bulk import insert_rows
from casekit.store.case import Case
from casekit.store.tables import item

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

SEED = 20260101
FEWEST, MOST = 2, 200
USUAL_MOST = 60
ROUNDS = 30
TRAIN_ON = 100_000
START_ON = 5_000
AT_ONCE = 20_000
LEFT_OUT = "reasoning"
"""A kind of part that says how an answer came about, not what it is about."""


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What was grouped.

    Attributes:
        topics: How many topics there are.
        items: Items in them; `without`: items that have no vector (yet), which are in none.
    """

    topics: int
    items: int
    without: int
    seed: int


def group(
    case: Case, progress: Progress | None = None, *, number: int | None = None, seed: int = SEED
) -> TopicReport:
    """Sort the items of a case into topics anew.

    Args:
        case: The open case.
        progress: Told the steps; cancelling keeps the topics of before.
        number: How many topics; None: as many as suit the number of items.
        seed: What draws sample and start.

    Raises:
        CaseKitError: Nothing is indexed by meaning, or the number is not 2 to 200.
    """
    if number is not None and not FEWEST <= number <= MOST:
        raise CaseKitError("The number of topics is {low} to {most}.", low=FEWEST, most=MOST)
    progress = progress or Silent()
    indexes.prepare(case, SCHEMA)
    made_by = vectors.about(case)
    with case.read() as s:
        last = int(s.execute(select(item.c.id).order_by(item.c.id.desc()).limit(1)).scalar() or 0)
        held = clusters.held_digest(s)
        every = ids_of(s, select(item.c.id).order_by(item.c.id))
        known = _with_vectors(s, every)
        if made_by is None or len(known) < FEWEST:
            raise CaseKitError(
                "Nothing is indexed by meaning yet: use Index for search, then look for topics."
            )
        wanted = min(number or usual(len(known)), len(known))
        middles = _middles(s, known, wanted, seed, progress)
        owners, cosines = _assigned(s, known, middles, progress)
        owners = _by_size(owners, wanted)
        progress.step(0, None, "Naming topics by their words")
        words = topic_words.characteristic(s, known, owners, cosines)
    sizes = np.bincount(owners)[1:]
    rows = [(n, int(size), orjson.dumps(words[n]).decode()) for n, size in enumerate(sizes, 1)]
    about = {
        "at_us": clock.now_us(), "last_item": last, "held": held, "seed": seed, "topics": len(rows),
        "items": len(known), "without": len(every) - len(known), "rounds": ROUNDS,
        "trained_on": min(len(known), TRAIN_ON), "numpy": importlib.metadata.version("numpy"),
        **dataclasses.asdict(made_by),
    }  # fmt: skip
    with case.index(SCHEMA.name) as target:
        sketches.drop(target, "topic", "topic_member")
        insert_rows(target, "topic", ("id", "items", "words"), rows)
        members = list(zip(known.tolist(), owners.tolist(), cosines.tolist(), strict=True))
        insert_rows(target, "topic_member", ("item_id", "topic_id", "cosine"), members)
        indexes.write_meta(target, topic=orjson.dumps(about).decode())
    return TopicReport(len(rows), len(known), len(every) - len(known), seed)


def usual(items: int) -> int:
    """How many topics suit so many items: few enough to be read as a list."""
    return int(min(USUAL_MOST, max(FEWEST, round(items**0.5 / 2))))


# -- vectors --------------------------------------------------------------------------------------


def _with_vectors(s: Connection, every: Ids) -> Ids:
    """Of some items those that have a vector, in ascending order."""
    owner = vectors.passage.c.item_id
    query = select(owner).where(vectors.passage.c.part != LEFT_OUT).distinct().order_by(owner)
    found = ids_of(s, query)
    return np.intersect1d(found, every, assume_unique=True)


def _means(s: Connection, ids: Ids) -> Iterator[tuple[int, Floats]]:
    """Unit vectors of items in ascending order, some at a time, each portion with where it begins.

    Items near to each other are read by ranges of ids, others one by one.
    """
    p = vectors.passage.c
    for begun in range(0, len(ids), AT_ONCE):
        some = ids[begun : begun + AT_ONCE]
        owners: list[int] = []
        blobs: list[bytes] = []
        for low, high, alone in _ranges(some):
            query = select(p.item_id, p.vector).where(p.part != LEFT_OUT)
            query = query.where(p.item_id.in_(alone) if alone else p.item_id.between(low, high))
            for owner, blob in s.execute(query.order_by(p.item_id, p.id)):
                owners.append(owner)
                blobs.append(blob)
        found = vectors.stacked(blobs).astype(np.float32)
        at = np.searchsorted(some, owners)
        kept = (at < len(some)) & (some[np.minimum(at, len(some) - 1)] == owners)
        found, at = found[kept], at[kept]
        order = np.argsort(at, kind="stable")
        sums = np.add.reduceat(found[order], np.searchsorted(at[order], np.arange(len(some))))
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        yield begun, np.asarray(sums / np.where(norms > 0, norms, 1), dtype=np.float32)


def _ranges(some: Ids) -> Iterator[tuple[int, int, list[int]]]:
    """Ascending ids as one range where they lie close together, else in lists of some hundred."""
    low, high = int(some[0]), int(some[-1])
    if high - low < 4 * len(some):
        yield low, high, []
        return
    for start in range(0, len(some), vectors.ASKED_AT_ONCE):
        yield low, high, some[start : start + vectors.ASKED_AT_ONCE].tolist()


# -- grouping -------------------------------------------------------------------------------------


def _middles(s: Connection, known: Ids, number: int, seed: int, progress: Progress) -> Floats:
    """The middles of the topics, unit vectors of shape (number, dimension)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    if len(known) > TRAIN_ON:
        known = np.sort(rng.choice(known, TRAIN_ON, replace=False))
    parts = []
    for begun, some in _means(s, known):
        progress.step(begun, len(known), "Reading vectors")
        parts.append(some)
    training = np.concatenate(parts)
    middles = _start(training, number, rng)
    owners = np.full(len(training), -1)
    for turn in range(ROUNDS):
        progress.step(turn, ROUNDS, "Finding topics")
        now, cosines = _nearest(training, middles)
        if (now == owners).all():
            break
        owners = now
        middles = _moved(training, owners, cosines, middles)
    return middles


def _start(training: Floats, number: int, rng: np.random.Generator) -> Floats:
    """First middles: items far from each other, drawn one after the other (k-means++)."""
    some = training
    if len(some) > START_ON:
        some = some[np.sort(rng.choice(len(some), START_ON, replace=False))]
    chosen = [int(rng.integers(len(some)))]
    far = np.maximum(1 - some @ some[chosen[0]], 0).astype(np.float64)
    for _ in range(1, number):
        total = far.sum()
        nearest = rng.random() * total
        # Where all that is left is equal to what was chosen, the first that was not chosen is as good.
        at = (
            int(np.searchsorted(np.cumsum(far), nearest))
            if total > 0
            else next(n for n in range(len(some)) if n not in chosen)
        )
        chosen.append(min(at, len(some) - 1))
        far = np.minimum(far, np.maximum(1 - some @ some[chosen[-1]], 0))
    return some[chosen].copy()


def _nearest(rows: Floats, middles: Floats) -> tuple[Ids, Floats]:
    """For each row the middle with the greatest cosine, the first of equal ones, and that cosine."""
    owners = np.empty(len(rows), dtype=np.int64)
    cosines = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), AT_ONCE):
        near = rows[start : start + AT_ONCE] @ middles.T
        best = near.argmax(axis=1)
        owners[start : start + AT_ONCE] = best
        cosines[start : start + AT_ONCE] = near[np.arange(len(best)), best]
    return owners, cosines


def _moved(training: Floats, owners: Ids, cosines: Floats, middles: Floats) -> Floats:
    """The middles of what each owns now; one that owns nothing goes to the row farthest from its own."""
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(len(middles)))
    sizes = np.bincount(owners, minlength=len(middles))
    moved = middles.copy()
    full = np.flatnonzero(sizes)
    sums = np.add.reduceat(training[order], starts[full])
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    moved[full] = sums / np.where(norms > 0, norms, 1)
    far = np.argsort(cosines, kind="stable")
    for n, empty in enumerate(np.flatnonzero(sizes == 0)):
        moved[empty] = training[far[n]]
    return moved


def _assigned(s: Connection, known: Ids, middles: Floats, progress: Progress) -> tuple[Ids, Floats]:
    """The middle of every item and the cosine to it."""
    owners = np.empty(len(known), dtype=np.int64)
    cosines = np.empty(len(known), dtype=np.float32)
    for begun, some in _means(s, known):
        progress.step(begun, len(known), "Sorting items into topics")
        own = slice(begun, begun + len(some))
        owners[own], cosines[own] = _nearest(some, middles)
    return owners, cosines


def _by_size(owners: Ids, number: int) -> Ids:
    """Topics numbered from 1 by size, largest first; those without items are gone."""
    sizes = np.bincount(owners, minlength=number)
    first = np.full(number, len(owners))
    np.minimum.at(first, owners, np.arange(len(owners)))
    order = np.lexsort((first, -sizes))
    names = np.empty(number, dtype=np.int64)
    names[order] = np.arange(1, number + 1)
    return names[owners]

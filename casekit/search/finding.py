"""Search and find-similar: the two ways of matching side by side, and what they could not look into."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, func, select

from casekit.errors import CaseKitError
from casekit.queries import filters, sequestered, times
from casekit.queries.filters import All, Node
from casekit.queries.recognised import MARK, machine_texts
from casekit.search import (
    engine,
    filling,
    highlighting,
    indexes,
    language,
    nearest,
    runs,
    saved,
    sketches,
    vectors,
    words,
)
from casekit.search.engine import Embedder
from casekit.search.vectors import Place
from casekit.store import hiding
from casekit.store.case import Case
from casekit.store.tables import item, item_text, machine_text, matter, problem

Mode = Literal["words", "meaning", "both"]
Order = Literal["date", "rank"]
Reason = Literal[
    "not-indexed", "no-text", "some-pages", "not-read", "encrypted", "script", "quarantined",
    "time-left-out",
]  # fmt: skip
Ids = npt.NDArray[np.int64]
T = TypeVar("T")

FUSION_CONSTANT = 60  # Cormack, Clarke, Büttcher: Reciprocal rank fusion, SIGIR 2009
FUSED_FROM = 300
SPANS_A_HIT = 20
SPAN_TEXT = 200_000
RUN_WORDS = 5
RESCORED_AT_LEAST = 300
EXACT_WITHIN = 5_000


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `stop` of a hit's part that matched.

    Attributes:
        why: A `word` of the query, the nearest `passage`, or a `run` of words shared with the item compared.
    """

    part: str
    start: int
    stop: int
    why: Literal["word", "passage", "run"] = "word"


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching item.

    Attributes:
        score: What the list is ordered by; 0 in order of date.
        words_score: Negated bm25, greater is better; None if not ranked by words.
        meaning_score: Cosine; None if not compared by meaning.
    """

    id: int
    score: float
    words_score: float | None = None
    meaning_score: float | None = None
    spans: tuple[Span, ...] = ()

    @property
    def read_by_machine(self) -> bool:
        """Whether all that matched is text that a machine made of pixels, and may be misread."""
        return bool(self.spans) and all(span.part.startswith(MARK) for span in self.spans)


@dataclass(frozen=True, slots=True)
class NotSearched:
    """How many items could not be searched, and why.

    Reasons: `not-indexed` (yet), `no-text` (scans, images), `some-pages` (of a document have no text),
    `not-read` (kept, format unknown), `encrypted`, `script` (writing that the model does not know),
    `quarantined` (records set aside, counted over the whole case), `time-left-out` (where a range of dates
    was asked for: the item's time is not to be used, by a person's decision).
    """

    reason: Reason
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits and what they are worth.

    Attributes:
        hits: At most as many as were asked for.
        total: Items that match; by meaning: items that were compared.
        not_searched: Of the items that the query's fields allow.
        approximate: Whether near items may be missing (above a million passages).
        by_assumption: Where a range of dates was asked for: how many of the items match only if the time zone
            that was assumed for them is, or is not, the true one. They are included, for a time that
            nobody has decided may be off by up to 14 h either way and no item is to be lost over it.
    """

    hits: tuple[Hit, ...]
    total: int
    not_searched: tuple[NotSearched, ...]
    approximate: bool = False
    by_assumption: int = 0


def query(case: Case, untrusted_text: str) -> Node:
    """Read a query in the case's time zone and see that the tables it needs are there.

    Raises:
        QueryError: It cannot be read.
    """
    sketches.prepare(case)
    with case.read() as s:
        return saved.read(s, untrusted_text, zone(s))


def search(
    case: Case,
    untrusted_text: str,
    *,
    mode: Mode = "words",
    limit: int = 100,
    order: Order = "date",
    parts: Sequence[str] | None = None,
    spans: bool = True,
    embedder: Embedder | None = None,
) -> SearchResult:
    """Find items by words, by meaning, or by both fused.

    By words the order is newest first, or by rank on request. By meaning the query's words are taken as one
    text, everything else in it as filter. Both: reciprocal rank fusion of the two ranked lists.

    Args:
        case: The open case.
        untrusted_text: A query, see `language.parse`.
        mode: How to match.
        limit: Greatest number of hits.
        order: For words alone.
        parts: Kinds of parts to compare by meaning (`vectors.PARTS`); None: all.
        spans: Whether to say where in each hit it matched.
        embedder: What makes the query's vector; None: the engine of the default model.

    Raises:
        QueryError: The query cannot be read.
    """
    node = query(case, untrusted_text)

    def run() -> SearchResult:
        if mode == "words" or not filters.words_of(node):
            return _by_words(case, node, limit, order, spans)
        by_meaning = _by_meaning(
            case, node, FUSED_FROM if mode == "both" else limit, parts, embedder
        )
        if mode == "meaning":
            return by_meaning
        by_words = _by_words(case, node, FUSED_FROM, "rank", spans)
        return _fused(by_words, by_meaning, limit)

    return _sturdy(case, run)


def similar(
    case: Case,
    item_id: int,
    *,
    part: str | None = None,
    limit: int = 20,
    within: Node | str | None = None,
) -> SearchResult:
    """Items whose text says what this one's says, most alike first.

    Exchanges are compared by their outputs alone, everything else by its body or pages; the score is the
    cosine of the means of their passages' vectors. The spans of a hit are its passage that is nearest to
    one of the item's, and the runs of five and more words that both texts share.

    Args:
        case: The open case.
        item_id: The item to compare with.
        part: A kind of part (`vectors.PARTS`) to compare instead, such as `prompt`.
        limit: Greatest number of hits.
        within: Compare only with items that match this query.

    Raises:
        CaseKitError: The item has no vectors in that part (yet).
    """
    kinds = (vectors.kind_of(part),) if part else ("output", "body", "page")
    node = query(case, within) if isinstance(within, str) else within

    def run() -> SearchResult:
        index = nearest.open_index(case)
        with case.read() as s:
            sequestered.refuse(s, [item_id])
            own, own_vectors = vectors.of_items(s, [item_id], kinds)
            if not own:
                raise CaseKitError(
                    "Item {id} cannot be compared: it has no indexed text in that part.", id=item_id
                )
            allowed = _allowed(s, node)
            mask = index.mask(kinds, allowed)
            mean = _mean(own_vectors.astype(np.float32))
            ids = _candidates(s, index, mean, mask, limit, item_id)
            hits = _rescored(s, ids, kinds, own_vectors, mean)[:limit]
            hits = [_explained(s, hit, item_id, own) for hit in hits]
            total = _number_of_items(index, mask) - 1
            missing = not_searched(s, node, meaning=True)
            doubtful = _by_assumption(s, node)
        return SearchResult(tuple(hits), max(total, 0), missing, index.approximate, doubtful)

    return _sturdy(case, run)


def shortcomings(case: Case, node: Node | None) -> tuple[tuple[NotSearched, ...], int]:
    """What a search by words could not see, and how many match only by a time zone that was assumed."""
    with case.read() as s:
        return not_searched(s, node, meaning=False), _by_assumption(s, node)


# -- words ----------------------------------------------------------------------------------------


def _by_words(case: Case, node: Node, limit: int, order: Order, spans: bool) -> SearchResult:
    with case.read() as s:
        found = words.find(s, node, order=order, limit=limit)
        scores = found.scores or (None,) * len(found.ids)
        where = word_spans(s, node, found.ids) if spans else {}
        hits = tuple(
            Hit(id_, score or 0.0, words_score=score, spans=where.get(id_, ()))
            for id_, score in zip(found.ids, scores, strict=True)
        )
        missing = not_searched(s, node, meaning=False)
        return SearchResult(hits, found.total, missing, by_assumption=_by_assumption(s, node))


def word_spans(s: Connection, node: Node, ids: Sequence[int]) -> dict[int, tuple[Span, ...]]:
    """Where the query's words stand in some items.

    At most `SPANS_A_HIT` places an item, of the first 200,000 characters of each part.
    """
    found: dict[int, list[Span]] = {}
    if not filters.words_of(node):
        return {}
    for start in range(0, len(ids), vectors.ASKED_AT_ONCE):
        some = list(ids[start : start + vectors.ASKED_AT_ONCE])
        head = func.substr(item_text.c.text, 1, SPAN_TEXT)
        rows = select(item_text.c.item_id, item_text.c.part, head).where(
            item_text.c.item_id.in_(some)
        )
        for id_, part, content in s.execute(rows.order_by(item_text.c.item_id, item_text.c.no)):
            places = highlighting.highlight(node, content, part)
            found.setdefault(id_, []).extend(Span(part, a, b) for a, b in places[:SPANS_A_HIT])
        for id_ in [each for each in some if not found.get(each)]:  # only then what machines read
            for read in machine_texts(s, id_):
                places = highlighting.highlight(node, read.text[:SPAN_TEXT], read.part)
                found.setdefault(id_, []).extend(
                    Span(read.part, a, b) for a, b in places[:SPANS_A_HIT]
                )
    return {id_: tuple(several[:SPANS_A_HIT]) for id_, several in found.items()}


# -- meaning --------------------------------------------------------------------------------------


def _by_meaning(
    case: Case, node: Node, limit: int, parts: Sequence[str] | None, embedder: Embedder | None
) -> SearchResult:
    known = vectors.about(case)
    if known is not None:
        embedder = embedder or engine.load()
    if embedder is None or not vectors.fits(known, embedder):
        with case.read() as s:
            return SearchResult((), 0, not_searched(s, node, meaning=True, usable=False))
    wanted = language.meaning(node)
    windows = embedder.passages([wanted.text])[0]
    vector = _mean(embedder.vectors(windows, exact=True)) if windows else None
    index = nearest.open_index(case)
    with case.read() as s:
        mask = index.mask(tuple(parts or vectors.PARTS), _allowed(s, wanted.filter))
        best = [] if vector is None else index.best_items(s, vector, limit, mask)
        places = vectors.places(s, [passage for _, _, passage in best])
        hits = tuple(
            Hit(id_, cosine, meaning_score=cosine, spans=(_span(places[passage]),))
            for id_, cosine, passage in best
        )
        total = _number_of_items(index, mask)
        missing = not_searched(s, node, meaning=True)
        doubtful = _by_assumption(s, wanted.filter)
        return SearchResult(hits, total, missing, index.approximate, doubtful)


def _fused(by_words: SearchResult, by_meaning: SearchResult, limit: int) -> SearchResult:
    """Reciprocal rank fusion; the total is that of the words, what was not searched the union."""
    hits: dict[int, Hit] = {}
    for result in (by_words, by_meaning):
        for rank, hit in enumerate(result.hits, 1):
            known = hits.get(hit.id, replace(hit, score=0.0, spans=()))
            hits[hit.id] = Hit(
                hit.id,
                known.score + 1 / (FUSION_CONSTANT + rank),
                known.words_score if known.words_score is not None else hit.words_score,
                known.meaning_score if known.meaning_score is not None else hit.meaning_score,
                known.spans + hit.spans,
            )
    best = sorted(hits.values(), key=lambda hit: (-hit.score, -hit.id))
    counts: dict[Reason, int] = {}
    for missing in (*by_words.not_searched, *by_meaning.not_searched):
        counts[missing.reason] = max(counts.get(missing.reason, 0), missing.count)
    both = tuple(NotSearched(reason, count) for reason, count in counts.items())
    return SearchResult(
        tuple(best[:limit]), by_words.total, both, by_meaning.approximate, by_words.by_assumption
    )


def _candidates(
    s: Connection,
    index: nearest.Nearest,
    mean: nearest.Floats,
    mask: nearest.Mask | None,
    limit: int,
    own: int,
) -> list[int]:
    """Items to compare whole: all of them where they are few, else those with the nearest passages."""
    rows = len(index.ids) if mask is None else int(mask.sum())
    if rows <= EXACT_WITHIN:
        every = np.unique(index.items if mask is None else index.items[mask])
        return [int(i) for i in every if i != own]
    best = index.best_items(s, mean, max(RESCORED_AT_LEAST, 5 * limit) + 1, mask)
    return [id_ for id_, _, _ in best if id_ != own]


def _rescored(
    s: Connection,
    ids: Iterable[int],
    kinds: tuple[str, ...],
    own_vectors: vectors.Half,
    mean: nearest.Floats,
) -> list[Hit]:
    """Hits by the cosine of the means, each with the passage that is nearest to one of the item's."""
    places, found = vectors.of_items(s, ids, kinds)
    if not places:
        return []
    whole = found.astype(np.float32)
    owners, starts = np.unique([p.item_id for p in places], return_index=True)
    order = np.argsort([p.item_id for p in places], kind="stable")
    whole, places = whole[order], [places[i] for i in order]
    starts = np.searchsorted([p.item_id for p in places], owners)
    sums = np.add.reduceat(whole, starts)
    cosines = sums @ mean / np.linalg.norm(sums, axis=1)
    pairs = (whole @ own_vectors.astype(np.float32).T).max(axis=1)
    stops = [*starts[1:].tolist(), len(places)]
    hits = []
    for n, (start, stop) in enumerate(zip(starts.tolist(), stops, strict=True)):
        best = places[start + int(np.argmax(pairs[start:stop]))]
        cosine = float(cosines[n])
        hits.append(Hit(int(owners[n]), cosine, meaning_score=cosine, spans=(_span(best),)))
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))


def _explained(s: Connection, hit: Hit, item_id: int, own: Sequence[Place]) -> Hit:
    """The hit with the word runs that its part shares with the item's part."""
    part = hit.spans[0].part
    theirs = _texts(s, hit.id).get(part, "")[:SPAN_TEXT]
    mine = _texts(s, item_id)
    shared: list[Span] = []
    for name in dict.fromkeys(p.part for p in own):
        found = runs.shared_runs(mine.get(name, "")[:SPAN_TEXT], theirs, RUN_WORDS)
        longest = sorted(found, key=lambda run: -run.words)[:SPANS_A_HIT]
        shared += [Span(part, run.b_start, run.b_stop, "run") for run in longest]
    return replace(
        hit, spans=hit.spans + tuple(sorted(set(shared), key=lambda x: (x.start, x.stop)))
    )


def _texts(s: Connection, item_id: int) -> dict[str, str]:
    """An item's texts by part, those that machines read under their marked names."""
    rows = s.execute(
        select(item_text.c.part, item_text.c.text).where(item_text.c.item_id == item_id)
    )
    own = {str(part): str(content) for part, content in rows}
    return own | {read.part: read.text for read in machine_texts(s, item_id)}


def _allowed(s: Connection, node: Node | None) -> Ids | None:
    node = All() if node is None else node
    if isinstance(node, All) and not hiding.is_hiding(s):
        return None
    ids = s.execute(select(item.c.id).where(filters.where(node))).scalars()
    return np.fromiter(ids, dtype=np.int64)


def _number_of_items(index: nearest.Nearest, mask: nearest.Mask | None) -> int:
    items = index.items if mask is None else index.items[mask]
    if not len(items):
        return 0
    seen = np.zeros(int(items.max()) + 1, dtype=bool)
    seen[items] = True
    return int(np.count_nonzero(seen))


def _mean(found: nearest.Floats) -> nearest.Floats:
    mean = found.sum(axis=0)
    return np.asarray(mean / (np.linalg.norm(mean) or 1.0), dtype=np.float32)


def _span(place: Place) -> Span:
    return Span(place.part, place.start, place.stop, "passage")


# -- what was not searched ------------------------------------------------------------------------


def not_searched(
    s: Connection, node: Node | None, *, meaning: bool, usable: bool = True
) -> tuple[NotSearched, ...]:
    """Counts by reason over the items that the query's fields allow, greatest first."""
    inside = filters.where(language.meaning(node).filter if node is not None else All())
    schema = vectors.SCHEMA if meaning else filling.SCHEMA
    done = int(indexes.read_meta(s, schema, "done") or 0) if usable else 0
    behind = select(func.count()).select_from(item).where(item.c.id > done, inside)
    some = s.execute(select(item.c.id).where(item.c.id > done).limit(1)).scalar()
    counts: dict[Reason, int] = {"not-indexed": (some and s.execute(behind).scalar()) or 0}
    if meaning and usable:
        counts["not-indexed"] += _read_but_not_indexed(s, inside, done)
    for name in ("words", "vectors") if meaning else ("words",):
        known = indexes.unsearchable(name)
        allowed = select(item.c.id).where(item.c.id == known.c.item_id, inside).exists()
        number = select(known.c.reason, func.count()).where(allowed)
        if s.execute(select(known.c.item_id).limit(1)).scalar() is None:
            continue
        for reason, count in s.execute(number.group_by(known.c.reason)):
            counts[reason] = counts.get(reason, 0) + count
    aside = select(func.count()).where(problem.c.item_id.is_(None), problem.c.length.is_not(None))
    counts["quarantined"] = s.execute(aside).scalar() or 0
    if node is not None and filters.has_dates(node):
        rest = filters.where(filters.without_dates(language.meaning(node).filter))
        counts["time-left-out"] = _count(s, rest, times.is_left_out())
    found = [NotSearched(reason, count) for reason, count in counts.items() if count]
    return tuple(sorted(found, key=lambda n: -n.count))


def _read_but_not_indexed(s: Connection, inside: ColumnElement[bool], done: int) -> int:
    """How many indexed items machines have read since, so that not all of their text is there yet."""
    new = (machine_text.c.id > vectors.machine_texts_done(s)) & (machine_text.c.text != "")
    some = select(machine_text.c.item_id).where(new).limit(1)
    if s.execute(some).scalar() is None:
        return 0
    query = select(func.count(func.distinct(item.c.id))).join(
        machine_text, machine_text.c.item_id == item.c.id
    )
    return s.execute(query.where(new, item.c.id <= done, inside)).scalar() or 0


def _by_assumption(s: Connection, node: Node | None) -> int:
    if node is None or not filters.has_dates(node):
        return 0
    return _count(s, filters.where(node)) - _count(s, filters.where(node, surely=True))


def _count(s: Connection, *conditions: filters.Condition) -> int:
    return int(s.execute(select(func.count()).select_from(item).where(*conditions)).scalar() or 0)


def _sturdy(case: Case, run: Callable[[], T]) -> T:
    """Run; where an index turns out to be damaged, throw it away and run again."""
    try:
        return run()
    except indexes.DamageError as error:
        if not indexes.drop_damaged(case, error, (filling.SCHEMA, vectors.SCHEMA, sketches.SCHEMA)):
            raise
        return run()


def zone(s: Connection) -> dt.tzinfo:
    """Where a day of the case begins and ends."""
    name = s.execute(select(matter.c.value).where(matter.c.key == "time_zone")).scalar()
    try:
        return zoneinfo.ZoneInfo(name) if name and name != "UTC" else dt.UTC
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return dt.UTC

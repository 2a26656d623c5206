"""Groups of near-duplicates over all items: found by their sketches, decided by their words.

A group has a principal, its longest text, and every member is so alike to it; likeness is never handed on from
member to member, so that nobody is in a group with a text unlike their own. Texts are taken longest first: each
joins the principal that it is most alike to, or becomes one itself (so do the review programs of the trade).
How alike two texts are is counted over all their words: of the pairs of neighbouring words of both texts
together, the share that both have (Jaccard). Sketches only say which texts are worth comparing.
"""

from __future__ import annotations

import importlib.metadata
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import Connection, column, select, table

from casekit import clock
from casekit.errors import CaseKitError
from casekit.progress import Progress, Silent
from casekit.queries import clusters
from casekit.queries.times import by_instant
from casekit.search import indexes, shingles, sketches
from casekit.search.sketches import SCHEMA, Half, Hashes, Ids
from casekit.store.bulk import insert_rows
from casekit.store.case import Case
from casekit.store.tables import item

THRESHOLD = 80
"""Percent from which on texts are near-duplicates, unless a person chooses otherwise."""

LOWEST = 50
FEWEST_WORDS = 8
"""A shorter text says too little of where it comes from: it is left out, and counted."""

SLACK = 0.13  # by so much a sketch of 64 values may miss the likeness (2.6 standard deviations at a half)
TRIED = 4  # principals that a text is compared with word by word
CROWD = 32  # principals that are remembered under one band
AT_ONCE = 2_000
KEPT_BYTES = 256_000_000

_sketch = table(
    "sketch", column("item_id"), column("words"), column("cut"), column("key"), column("row"),
    schema="clusters",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NearReport:
    """What was grouped.

    Attributes:
        items: How many were compared.
        groups: Groups of at least two items; `members`: the items in them.
        short: Left out because they have fewer than `FEWEST_WORDS` words; `without`: because they have none.
        cut: Compared by their beginning alone.
    """

    threshold: int
    items: int
    groups: int
    members: int
    short: int
    without: int
    cut: int


@dataclass(frozen=True, slots=True)
class _Texts:
    """The different texts of the items that are compared.

    Attributes:
        items: Ids of all items, ascending, and `text`, the number of each one's text.
        first: The earliest item of each text, and `spread`, how many items have it.
        words: Words of each text.
        rows: Sketches, shape (texts, values).
    """

    items: Ids
    text: Ids
    first: Ids
    spread: Ids
    words: Ids
    rows: Half


def group(
    case: Case, progress: Progress | None = None, *, threshold: int = THRESHOLD
) -> NearReport:
    """Group the near-duplicates of a case anew, sketching first what has no sketch yet.

    The same case and threshold give the same groups. Cancelling keeps finished sketches and the groups of
    before. What is sequestered is in no group.

    Raises:
        CaseKitError: The threshold is not 50 to 100 percent.
    """
    if not LOWEST <= threshold <= 100:
        raise CaseKitError("The threshold is {low} to 100 percent.", low=LOWEST)
    progress = progress or Silent()
    sketches.index_pending(case, progress)
    with case.read() as s:
        last = int(s.execute(select(item.c.id).order_by(item.c.id.desc()).limit(1)).scalar() or 0)
        held = clusters.held_digest(s)
        texts, left_out = _read(s)
        leaders, likeness = _Grouping(s, texts, threshold / 100, progress).run()
    rows, members = _groups(texts, leaders, likeness)
    report = NearReport(threshold, len(texts.items), len(rows), len(members), *left_out)
    about = {
        "at_us": clock.now_us(), "last_item": last, "held": held, "threshold": threshold,
        "items": report.items, "groups": report.groups, "members": report.members,
        "short": report.short, "without": report.without, "cut": report.cut,
        "values": shingles.PERMUTATIONS, "seed": shingles.SEED,
        "engine": f"numpy {importlib.metadata.version('numpy')}",
    }  # fmt: skip
    with case.index(SCHEMA.name) as target:
        sketches.drop(target, "near_group", "near_member")
        insert_rows(target, "near_group", ("id", "principal", "items", "texts", "least"), rows)
        insert_rows(target, "near_member", ("item_id", "group_id", "alike", "words"), members)
        indexes.write_meta(target, near=orjson.dumps(about).decode())
    return report


def _read(s: Connection) -> tuple[_Texts, tuple[int, int, int]]:
    """The texts that can be compared, and how many items are too short, without words, or cut."""
    k = _sketch.c
    query = select(k.item_id, k.words, k.cut, k.key, k.row, by_instant(s))
    query = query.join(item, item.c.id == k.item_id).order_by(k.item_id)
    ids: list[int] = []
    counts: list[int] = []
    instants: list[int] = []
    keys: list[bytes] = []
    rows: list[bytes] = []
    short = without = cut = 0
    for some in s.execute(query).partitions(50_000):
        for item_id, words, is_cut, key, row, sent_us in some:
            if words < FEWEST_WORDS:
                short += words > 0
                without += words == 0
                continue
            cut += is_cut
            ids.append(item_id)
            counts.append(words)
            instants.append(np.iinfo(np.int64).max if sent_us is None else sent_us)
            keys.append(key)
            rows.append(row)
        keys, rows = [b"".join(keys)], [b"".join(rows)]
    n = len(ids)
    whole = np.frombuffer(b"".join(keys), dtype=f"V{sketches.KEY_BYTES}", count=n)
    _, firsts, text = np.unique(whole, return_index=True, return_inverse=True)
    items, sent = np.array(ids, dtype=np.int64), np.array(instants, dtype=np.int64)
    every = np.frombuffer(b"".join(rows), dtype=np.uint16).reshape(n, -1)
    order = np.lexsort((items, sent, text))
    begun = np.searchsorted(text[order], np.arange(len(firsts)))
    texts = _Texts(
        items, text.astype(np.int64), items[order[begun]] if n else items, np.bincount(text),
        np.array(counts, dtype=np.int64)[firsts], every[firsts],
    )  # fmt: skip
    return texts, (short, without, cut)


class _Grouping:
    """Finds the principal of every text; `run` gives its number and how alike each text is to it."""

    def __init__(self, s: Connection, texts: _Texts, threshold: float, progress: Progress) -> None:
        self._s, self._texts, self._threshold, self._progress = s, texts, threshold, progress
        self._vocabulary: dict[str, int] = {}
        self._kept: OrderedDict[int, Hashes] = OrderedDict()
        self._bytes = 0

    def run(self) -> tuple[Ids, npt.NDArray[np.float64]]:
        t = self._texts
        leaders = np.arange(len(t.first), dtype=np.int64)
        likeness = np.ones(len(t.first))
        buckets = _buckets(t.rows, 4 if self._threshold >= 0.7 else 3)
        order = np.lexsort((t.first, -t.words))
        order = order[(buckets[order] >= 0).any(axis=1)]
        known: dict[int, list[int]] = {}
        for start in range(0, len(order), AT_ONCE):
            self._progress.step(start, len(order), "Grouping near-duplicates")
            some = order[start : start + AT_ONCE]
            own = [[b for b in row if b >= 0] for row in buckets[some].tolist()]
            sets = self._sets(some.tolist())
            for number, bands, pairs in zip(some.tolist(), own, sets, strict=True):
                best = self._best(number, pairs, {p for b in bands for p in known.get(b, ())})
                if best is not None:
                    leaders[number], likeness[number] = best
                    continue
                self._keep(number, pairs)
                for band in bands:
                    crowd = known.setdefault(band, [])
                    if len(crowd) < CROWD:
                        crowd.append(number)
        return leaders, likeness

    def _best(self, number: int, pairs: Hashes, principals: set[int]) -> tuple[int, float] | None:
        """The principal that a text is most alike to, if it is alike enough."""
        if not principals:
            return None
        tried = np.array(sorted(principals), dtype=np.int64)
        rows = self._texts.rows
        guess = (rows[tried] == rows[number]).mean(axis=1)
        worth = guess >= self._threshold - SLACK
        tried, guess = tried[worth], guess[worth]
        best: tuple[int, float] | None = None
        for n in np.argsort(-guess, kind="stable")[:TRIED]:
            principal = int(tried[n])
            share = sketches.alike(pairs, self._set(principal))
            if share >= self._threshold and (best is None or share > best[1]):
                best = principal, share
        return best

    def _sets(self, numbers: Sequence[int]) -> list[Hashes]:
        """The pairs of words of some texts."""
        found: list[Hashes] = []
        for some in self._portions(numbers):
            texts = sketches.texts_of(self._s, [int(self._texts.first[n]) for n in some])
            found += sketches.pair_sets(sketches.words_of(texts, self._vocabulary))
        return found

    def _portions(self, numbers: Sequence[int]) -> Iterator[list[int]]:
        """Texts of about a million words together."""
        portion: list[int] = []
        words = 0
        for number in numbers:
            portion.append(number)
            words += int(self._texts.words[number])
            if words > 1_000_000:
                yield portion
                portion, words = [], 0
        if portion:
            yield portion

    def _set(self, principal: int) -> Hashes:
        found = self._kept.get(principal)
        if found is None:
            found = self._sets([principal])[0]
            self._keep(principal, found)
        self._kept.move_to_end(principal)
        return found

    def _keep(self, number: int, pairs: Hashes) -> None:
        self._kept[number] = pairs
        self._bytes += pairs.nbytes
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes


def _buckets(rows: Half, height: int) -> npt.NDArray[np.int32]:
    """For each text and band of its sketch a number that texts share which are equal there; -1 where alone."""
    bands = shingles.PERMUTATIONS // height
    found = np.full((len(rows), bands), -1, dtype=np.int32)
    begun = 0
    for band in range(bands):
        keys = shingles.folded(np.ascontiguousarray(rows[:, band * height : (band + 1) * height]))
        _, number, spread = np.unique(keys, return_inverse=True, return_counts=True)
        shared = spread > 1
        names = np.where(shared, begun + np.cumsum(shared) - 1, -1)
        begun += int(shared.sum())
        found[:, band] = names[number]
    return found


GroupRow = tuple[int, int, int, int, float]
MemberRow = tuple[int, int, float, int]


def _groups(
    t: _Texts, leaders: Ids, likeness: npt.NDArray[np.float64]
) -> tuple[list[GroupRow], list[MemberRow]]:
    """Rows of groups of at least two items, largest first, and of their members."""
    size = np.bincount(leaders, weights=t.spread, minlength=len(t.first)).astype(np.int64)
    texts = np.bincount(leaders, minlength=len(t.first))
    least = np.ones(len(t.first))
    np.minimum.at(least, leaders, likeness)
    heads = np.flatnonzero(size > 1)
    heads = heads[np.lexsort((t.first[heads], -size[heads]))]
    number = np.zeros(len(t.first), dtype=np.int64)
    number[heads] = np.arange(1, len(heads) + 1)
    rows = list(
        zip(
            range(1, len(heads) + 1), t.first[heads].tolist(), size[heads].tolist(),
            texts[heads].tolist(), least[heads].tolist(), strict=True,
        )
    )  # fmt: skip
    own = number[leaders][t.text]
    inside = np.flatnonzero(own)
    members = list(
        zip(
            t.items[inside].tolist(), own[inside].tolist(), likeness[t.text[inside]].tolist(),
            t.words[t.text[inside]].tolist(), strict=True,
        )
    )  # fmt: skip
    return rows, members

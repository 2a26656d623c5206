"""Near-duplicates inside a set of texts and across two: banded signatures propose, the words decide.

Two texts are near-duplicates if at least `ALIKE` of the neighbouring word pairs of both together are in both.
Bands of the signatures (`search.shingles`) propose, for each text, the likest of a few that share a band: texts
that are as alike share one of the 16 bands with a chance above 0.999. Time and memory grow with the number of
texts, not with that of pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from casekit.progress import Progress, Silent
from casekit.queries import matching
from casekit.search import shingles
from casekit.search.shingles import PERMUTATIONS, ROWS, Signatures

Ints = NDArray[np.int64]
Shares = NDArray[np.float32]

ALIKE = 0.8
PROPOSED = 0.6  # of a signature; one of 64 values misses the share by 0.05 on average
AT_ONCE = 200_000
_EMPTY = np.iinfo(np.uint32).max


def signatures(texts: Sequence[str]) -> Signatures:
    """A row for each text; only its first 256 words count."""
    import pyarrow as pa

    return shingles.signatures([pa.array(list(texts), pa.string())])


def proposed(
    rows: Signatures, others: Signatures | None = None, progress: Progress | None = None
) -> tuple[Ints, Shares]:
    """For each row the likest of the others that share a band with it, -1 if none does, and how alike.

    Args:
        rows: Signatures of the texts that are asked about.
        others: Signatures of the other set; None for the same set, where no text is its own duplicate.
        progress: Told the bands done.
    """
    inside = others is None
    there = rows if others is None else others
    best = np.full(len(rows), -1, dtype=np.int64)
    alike = np.zeros(len(rows), dtype=np.float32)
    if not len(rows) or not len(there):
        return best, alike
    progress = progress or Silent()
    told = (rows != _EMPTY).any(axis=1)
    for start in range(0, PERMUTATIONS, ROWS):
        progress.step(start // ROWS, PERMUTATIONS // ROWS, "comparing bands of near-duplicates")
        keys = shingles.folded(np.ascontiguousarray(there[:, start : start + ROWS]))
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        wanted = shingles.folded(np.ascontiguousarray(rows[:, start : start + ROWS]))
        low, high = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
        asked = np.flatnonzero((high - low > int(inside)) & told)
        for place in (low, (low + high) // 2, high - 1):
            chosen = _chosen(asked, order, low, high, place, inside)
            _keep_likest(rows, there, asked, chosen, best, alike)
    best[alike < PROPOSED] = -1
    return best, alike


def duplicates(texts: Sequence[str], best: Ints, other: Callable[[int], str]) -> NDArray[np.bool_]:
    """Which texts are near-duplicates of what was proposed for them, by all their words.

    Args:
        texts: The texts that were asked about.
        best: What `proposed` gave.
        other: The text of the other set by its number.
    """
    found = np.zeros(len(texts), dtype=bool)
    for n in np.flatnonzero(best >= 0).tolist():
        found[n] = alike(texts[n], other(int(best[n]))) >= ALIKE
    return found


def alike(one: str, other: str) -> float:
    """Of the different neighbouring word pairs of two texts together, the share that both have, 0 to 1."""
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def _pairs(text: str) -> set[tuple[str, ...]]:
    words = matching.words(text)
    return set(pairwise(words)) if len(words) > 1 else {tuple(words)} if words else set()


def _chosen(asked: Ints, order: Ints, low: Ints, high: Ints, place: Ints, inside: bool) -> Ints:
    """The text at a place of each band; where that is the asking one itself, its neighbour there."""
    at = place[asked]
    chosen = order[at]
    if inside:
        own = chosen == asked
        neighbour = np.where(at[own] + 1 < high[asked][own], at[own] + 1, low[asked][own])
        chosen = chosen.copy()
        chosen[own] = order[neighbour]
    return chosen


def _keep_likest(
    rows: Signatures, there: Signatures, asked: Ints, chosen: Ints, best: Ints, alike: Shares
) -> None:
    for start in range(0, len(asked), AT_ONCE):
        cut = slice(start, start + AT_ONCE)
        mine, theirs = asked[cut], chosen[cut]
        new = theirs != best[mine]
        mine, theirs = mine[new], theirs[new]
        share = (rows[mine] == there[theirs]).mean(axis=1, dtype=np.float32)
        likelier = share > alike[mine]
        best[mine[likelier]] = theirs[likelier]
        alike[mine[likelier]] = share[likelier]

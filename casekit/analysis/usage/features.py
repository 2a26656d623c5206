"""Prompts as vectors for A4: hashed words, weighted by how rare they are, and a Gaussian kernel over these.

No model is needed, so that the same prompts give the same figures anywhere. The kernel is approximated by
random Fourier features (Rahimi and Recht 2007): its mean over an account's prompts is one vector, and the
squared distance of two such means is the maximum mean discrepancy (MMD²) of the two sets of prompts
(Gretton et al. 2012). Whatever the approximation, a permutation test on it is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from casekit.analysis.usage.frame import Floats, Ints
from casekit.search import shingles

BUCKETS = 4_096  # that words are hashed into
FREQUENCIES = 128  # each gives a cosine and a sine
SHARPNESS = 1.0  # of the kernel: exp(-SHARPNESS · squared distance), of vectors of length 1
COMMON = 0.5  # of a script's prompts that have a word, for it to be of its wording
SUBJECTS = 40
ROUNDS = 12
LEAST_TWICE = 10
SAMPLE = 6_000  # prompts that the subjects are made from
CHUNK = 20_000
SEED = 20260101


def counted(batches: Iterable[Any]) -> Any:
    """Sparse rows: how often each bucket of words stands in each text of the Arrow string arrays, in order."""
    from scipy.sparse import csr_array

    vocabulary: dict[str, int] = {}
    columns, ends = [], [np.zeros(1, dtype=np.int64)]
    for texts in batches:
        for start in range(0, len(texts), shingles.CHUNK):
            flat, offsets = shingles.hashed(texts.slice(start, shingles.CHUNK), vocabulary)
            words = flat != 0
            before = np.r_[0, np.cumsum(words)]
            columns.append((flat[words] % np.uint64(BUCKETS)).astype(np.int32))
            ends.append(ends[-1][-1] + before[offsets[1:]])
    column = np.concatenate(columns) if columns else np.zeros(0, dtype=np.int32)
    end = np.concatenate(ends)
    made = csr_array((np.ones(len(column)), column, end), shape=(len(end) - 1, BUCKETS))
    made.sum_duplicates()
    return made


def weighed(rows: Any) -> Any:
    """Rows of counts as vectors of length 1; a row without words stays zero.

    A word weighs the logarithm of how few of the rows have it.
    """
    made = rows.copy()
    many = np.bincount(made.indices, minlength=BUCKETS)
    rare = np.log((1 + made.shape[0]) / (1 + many)) + 1e-3
    made.data = np.sqrt(made.data) * rare[made.indices]
    squares = np.add.reduceat(np.r_[made.data**2, 0.0], np.minimum(made.indptr[:-1], made.nnz))
    filled = np.diff(made.indptr) > 0
    length = np.sqrt(np.where(filled, squares, 1.0))
    made.data /= np.repeat(length, np.diff(made.indptr))
    return made


def without_wording(rows: Any, script: Ints) -> Any:
    """Rows of counts without the words that most prompts of their script have: what fills its blanks is left.

    Args:
        rows: Counts.
        script: Number of the script of each row, -1 for one of none.
    """
    from scipy.sparse import csr_array

    inside = np.flatnonzero(script >= 0)
    if not len(inside):
        return rows
    names, which = np.unique(script[inside], return_inverse=True)
    owner = csr_array((np.ones(len(inside)), (which, inside)), shape=(len(names), rows.shape[0]))
    present = rows.copy()
    present.data = np.ones(len(present.data))
    share = (owner @ present).tocsr()
    share.data /= np.repeat(np.bincount(which), np.diff(share.indptr))
    of = np.repeat(np.arange(len(names), dtype=np.int64), np.diff(share.indptr))
    wording = np.sort((of * BUCKETS + share.indices)[share.data >= COMMON])
    place = np.full(rows.shape[0], -1, dtype=np.int64)
    place[inside] = which
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    made = rows.copy()
    made.data[np.isin(place[row] * BUCKETS + rows.indices, wording) & (place[row] >= 0)] = 0.0
    made.eliminate_zeros()
    return made


def means(rows: Any, owner: Ints, owners: int) -> Floats:
    """The kernel's mean over each owner's rows, one vector an owner; zero for one without rows."""
    from scipy.sparse import csr_array

    rng = np.random.Generator(np.random.PCG64(SEED))
    waves = rng.normal(0.0, np.sqrt(2 * SHARPNESS), (BUCKETS, FREQUENCIES))
    sums = np.zeros((owners, 2 * FREQUENCIES))
    for start in range(0, rows.shape[0], CHUNK):
        turned = rows[start : start + CHUNK] @ waves
        whose = owner[start : start + CHUNK]
        at = np.arange(len(whose))
        which = csr_array((np.ones(len(whose)), (whose, at)), shape=(owners, len(whose)))
        sums += which @ np.hstack([np.cos(turned), np.sin(turned)])
    counts = np.bincount(owner, minlength=owners)
    return np.asarray(sums / (np.maximum(counts, 1)[:, None] * np.sqrt(FREQUENCIES)))


def subjects(rows: Any, subjects_: int = SUBJECTS) -> Ints:
    """The subject of each row, a number: the nearest of the middles that a sample of rows gathers about.

    By k-means on the sphere with a fixed seed. A subject is a manner of words, named by nobody.
    """
    total = rows.shape[0]
    rng = np.random.Generator(np.random.PCG64(SEED))
    picked = np.sort(rng.permutation(total)[:SAMPLE])
    sample = rows[picked]
    middles = sample[np.sort(rng.permutation(len(picked))[:subjects_])].toarray()
    for _ in range(ROUNDS):
        nearest = _nearest(sample, middles)
        for n in range(len(middles)):
            mine = np.flatnonzero(nearest == n)
            if len(mine):
                middle = np.asarray(sample[mine].sum(axis=0)).ravel()
                middles[n] = middle / max(float(np.sqrt(middle @ middle)), 1e-12)
    found = [_nearest(rows[k : k + CHUNK], middles) for k in range(0, total, CHUNK)]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _nearest(rows: Any, middles: Floats) -> Ints:
    return np.asarray(np.argmax((rows @ middles.T).round(9), axis=1), dtype=np.int64)


def breadth(counts: Ints, drawn: int) -> Floats:
    """How many different subjects `drawn` prompts of each row of counts have on average; NaN below so many.

    Exact (Hurlbert 1971), so that it does not grow with the number of prompts.
    """
    from scipy.special import gammaln

    n = counts.sum(axis=1)
    enough = n >= drawn
    whole = np.where(enough, n, drawn)[:, None]
    rest = whole - counts
    possible = rest >= drawn
    safe = np.where(possible, rest, drawn)
    none = np.exp(
        gammaln(safe + 1) - gammaln(safe - drawn + 1)
        - gammaln(whole + 1) + gammaln(whole - drawn + 1)
    )  # fmt: skip
    met = (1 - np.where(possible, none, 0.0)).sum(axis=1)
    return np.where(enough, met.round(9), np.nan)


def unseen(counts: Sequence[int] | Ints) -> int | None:
    """A lower bound of how many different things there are, by how often each was seen (Chao 1984).

    None where fewer than `LEAST_TWICE` were seen twice: then nearly anything is possible.
    """
    seen = np.asarray(counts)
    once, twice = int((seen == 1).sum()), int((seen == 2).sum())
    if twice < LEAST_TWICE:
        return None
    return int((seen > 0).sum()) + once * (once - 1) // (2 * (twice + 1))


def effective(counts: Sequence[float] | Floats | Ints) -> float:
    """The number of subjects that, used evenly, would be as varied: the exponential of the entropy."""
    share = np.asarray(counts, dtype=np.float64)
    share = share[share > 0] / max(share.sum(), 1e-12)
    return float(np.exp(-(share * np.log(share)).sum())) if len(share) else 0.0

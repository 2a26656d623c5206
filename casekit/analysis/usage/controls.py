"""What a figure is measured against: accounts of the same log with as many observations, of no group.

Where fewer than a third of the accounts are in no group, those outside of one's own group serve.

An account's p is its rank among its matched controls; a group's is that of its mean among groups drawn at
random from its members' matched controls. Both are valid at any size, and neither can be smaller than the
number of controls or of draws allows. All p of all analytics are corrected together (Benjamini and
Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekit.analysis.usage.frame import Floats, Ints

CLASSES = 10  # of the number of observations
LEAST_CONTROLS = 50  # else the neighbouring classes are taken in too
DRAWS = 9_999
BLOCK = 2_000_000  # numbers drawn at once


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of every account.

    Attributes:
        id: Of the analytic, such as `A5`.
        key: What is measured, one word.
        what: The figure in words.
        hits: Exact count behind it; `of` is what that is a part of.
        of: Observations it rests on: accounts are matched by this.
        values: The figure, higher where it speaks more for collection; NaN where an account has none.
        query: The query that the counts came from.
    """

    id: str
    key: str
    what: str
    hits: Ints
    of: Ints
    values: Floats
    query: str

    @classmethod
    def share(cls, id_: str, key: str, what: str, hits: Ints, of: Ints, query: str) -> Measure:
        """A measure that is a share."""
        values = np.where(of > 0, hits / np.maximum(of, 1), np.nan)
        return cls(id_, key, what, hits, of, values, query)


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure beside its controls.

    Attributes:
        measure: See there.
        p: Of each account; NaN where it has no figure or too few controls.
        expected: Mean of each account's matched controls, NaN likewise.
        groups: For each group its `GroupTest`, None where too few of it can be measured.
    """

    measure: Measure
    p: Floats
    expected: Floats
    groups: tuple[GroupTest | None, ...]


@dataclass(frozen=True, slots=True)
class GroupTest:
    """A group's mean, the mean of its matched controls, how many there are of both, and the p."""

    members: int
    mean: float
    controls: int
    control_mean: float
    p: float


def compare(
    measure: Measure, group_of: Ints, groups: int, seed: int, draws: int = DRAWS
) -> Compared:
    """A measure compared with matched controls.

    Args:
        measure: What is compared.
        group_of: Group number of every account, -1 outside of all.
        groups: How many groups there are.
        seed: Of the draws.
        draws: Random groups.
    """
    x = measure.values
    strata = classes(measure.of, ~np.isnan(x))
    p, expected = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for one in range(int(strata.max(initial=-1)) + 1):
        inside = np.flatnonzero(strata == one)
        for group in np.unique(group_of[inside]):
            mine = inside[group_of[inside] == group]
            others = controls_of(strata, group_of, int(group), one)
            if not len(others):
                continue
            ordered = np.sort(x[others])
            as_high = len(others) - np.searchsorted(ordered, x[mine] - 1e-12, side="left")
            itself = int(group < 0)
            p[mine] = (1 + as_high - itself) / (1 + len(others) - itself)
            expected[mine] = ordered.mean()
    rng = np.random.Generator(np.random.PCG64([seed, *measure.id.encode(), *measure.key.encode()]))
    tested = tuple(_group(x, strata, group_of, g, rng, draws) for g in range(groups))
    return Compared(measure, p, expected, tested)


def classes(of: Ints, measured: NDArray[np.bool_]) -> Ints:
    """The class of each account by its number of observations, -1 where it is not measured."""
    found = np.full(len(of), -1, dtype=np.int64)
    if not measured.any():
        return found
    edges = np.unique(np.quantile(of[measured], [k / CLASSES for k in range(1, CLASSES)]))
    found[measured] = np.searchsorted(edges, of[measured], side="left")
    return found


def controls_of(strata: Ints, group_of: Ints, group: int, one: int) -> Ints:
    """The controls of a group's accounts in one class; none where even the whole log has too few."""
    outside = group_of < 0
    if 3 * int(outside.sum()) < len(group_of):
        outside = group_of != group if group >= 0 else np.ones(len(group_of), dtype=bool)
    usable = outside & (strata >= 0)
    for width in range(int(strata.max(initial=-1)) + 1):
        found = np.flatnonzero(usable & (abs(strata - one) <= width))
        if len(found) >= LEAST_CONTROLS:
            return found
    return np.zeros(0, dtype=np.int64)


def corrected(p: Sequence[float] | Floats) -> Floats:
    """The p of many tests as false-discovery rates; NaN stays NaN and is no test."""
    values = np.asarray(p, dtype=np.float64)
    q = np.full(len(values), np.nan)
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return q
    order = known[np.argsort(values[known], kind="stable")]
    raw = values[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(1.0, np.minimum.accumulate(raw[::-1])[::-1])
    return q


def _group(
    x: Floats, strata: Ints, group_of: Ints, group: int, rng: np.random.Generator, draws: int
) -> GroupTest | None:
    """The test of one group; nobody is tested where the log has too few controls."""
    members = np.flatnonzero((group_of == group) & (strata >= 0))
    sums = np.zeros(draws)
    seen, used, expected = 0.0, 0, 0.0
    controls: set[int] = set()
    for one in np.unique(strata[members]):
        mine = members[strata[members] == one]
        others = controls_of(strata, group_of, group, int(one))
        if not len(others):
            continue
        step = max(1, BLOCK // len(mine))
        for start in range(0, draws, step):
            rows = min(step, draws - start)
            drawn = rng.integers(0, len(others), (rows, len(mine)))
            sums[start : start + rows] += x[others][drawn].sum(axis=1)
        seen += float(x[mine].sum())
        expected += float(x[others].mean()) * len(mine)
        controls |= set(others.tolist())
        used += len(mine)
    if used < 3:
        return None
    p = (1 + int((sums >= seen - 1e-9).sum())) / (1 + draws)
    return GroupTest(used, seen / used, len(controls), expected / used, p)

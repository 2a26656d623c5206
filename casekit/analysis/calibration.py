"""From scores to likelihood ratios, and how good those are.

The unit is the family of models, never the prompt: models of one family are one recipe, and a test over
prompts would accuse every innocent model. A likelihood ratio is fitted by logistic regression in which both
sides weigh the same, and within a side every family (Morrison, 2013; Brümmer and du Preez, 2006), and is
capped by the number of families on the side of the strangers: what lies beyond was never seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RIDGE = 0.001  # on the slope; weights add up to 1
STEPS = 60  # of Newton's method; it stands still after about ten


@dataclass(frozen=True, slots=True)
class Trials:
    """Models whose side is known, one entry each.

    Attributes:
        yes: Whether the model is a documented student.
        family: Its family; a family is on one side only.
    """

    yes: Bools
    family: tuple[str, ...]

    def weights(self, counts: dict[str, float] | None = None) -> Floats:
        """Weight of each model, adding up to 1: halves for both sides, equal parts for families.

        Args:
            counts: How often each family is drawn, by name; once each if not given.
        """
        counts = dict.fromkeys(self.family, 1.0) if counts is None else counts
        size: dict[str, int] = {f: self.family.count(f) for f in set(self.family)}
        raw = np.array([counts.get(f, 0.0) / size[f] for f in self.family])
        for side in (self.yes, ~self.yes):
            total = raw[side].sum()
            if total > 0:
                raw[side] *= 0.5 / total
        return raw

    def families(self, *, yes: bool) -> list[str]:
        """The families of one side, in order of name."""
        return sorted({f for f, side in zip(self.family, self.yes, strict=True) if side == yes})


def fit(score: Floats, yes: Bools, weights: Floats) -> Callable[[Floats], Floats]:
    """The map from scores to log10 likelihood ratios that these models allow, not yet capped."""
    centre, spread = _middle(score, weights)
    x = (score - centre) / spread
    sign = np.where(yes, 1.0, -1.0)
    place = (0.0, 0.0)
    been: dict[tuple[float, float], int] = {}
    for step in range(STEPS):
        if place in been:  # each step follows from the place alone: from here on it goes round
            places = list(been)
            first = been[place]
            place = places[first + (STEPS - first) % (step - first)]
            break
        been[place] = step
        place = _step(place, x, sign, weights)
    intercept, slope = place
    return lambda s: (intercept + slope * (s - centre) / spread) / math.log(10)


def _step(
    place: tuple[float, float], x: Floats, sign: Floats, weights: Floats
) -> tuple[float, float]:
    """One step of Newton's from an intercept and a slope."""
    intercept, slope = place
    total = np.add.reduce
    p = 1 / (
        1 + np.exp(np.maximum(np.minimum(sign * (intercept + slope * x), 500), -500))
    )  # of being wrong
    pull = weights * sign * p
    g0, g1 = -total(pull), -total(pull * x) + 2 * RIDGE * slope
    curve = weights * p * (1 - p)
    bent = curve * x
    h00, h01, h11 = total(curve) + 1e-12, total(bent), total(bent * x) + 2 * RIDGE
    det = h00 * h11 - h01 * h01
    d0, d1 = (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det
    length = max(
        abs(d0), abs(d1), 1.0
    )  # no step beyond 1: Newton must not leap out of a flat place
    return float(intercept - d0 / length), float(slope - d1 / length)


def fused(columns: Sequence[Floats], weights: Floats) -> Floats:
    """Scores of several statistics as one: their mean, each in units of its weighted spread."""
    parts = []
    for column in columns:
        centre, spread = _middle(column, weights)
        parts.append((column - centre) / spread)
    return np.asarray(np.mean(parts, axis=0))


def _middle(score: Floats, weights: Floats) -> tuple[float, float]:
    """Weighted mean and spread; 1 for the spread of scores that are equal but for rounding."""
    centre = float((weights * score).sum())
    spread = math.sqrt(float((weights * (score - centre) ** 2).sum()))
    return centre, spread if spread > 1e-12 * max(1.0, abs(centre)) else 1.0


def auc(score: Floats, yes: Bools, weights: Floats | None = None) -> float:
    """Chance that a student scores above a stranger, ties half; weighted if weights are given."""
    a, b = score[yes][:, None], score[~yes][None, :]
    above = (a > b) + 0.5 * (a == b)
    if weights is None:
        return float(above.mean())
    both = weights[yes][:, None] * weights[~yes][None, :]
    return float((above * both).sum() / both.sum())


def cllr(log10_lr: Floats, yes: Bools, weights: Floats | None = None) -> float:
    """Cost of the likelihood ratios: 0 perfect, 1 as good as saying nothing (Brümmer and du Preez)."""
    natural = log10_lr * math.log(10)
    own = np.ones(len(yes)) if weights is None else weights
    cost = [
        float(
            np.average(
                np.logaddexp(0, (-1 if side is yes else 1) * natural[side]), weights=own[side]
            )
        )
        for side in (yes, ~yes)
    ]
    return sum(cost) / (2 * math.log(2))


def cllr_min(score: Floats, yes: Bools) -> float:
    """The cost that the best monotone map of these scores would have (pool adjacent violators)."""
    order = np.lexsort((~yes, score))  # of equal scores the students first: they become one block
    blocks: list[list[float]] = []  # sum of yes, size
    for k in order:
        blocks.append([float(yes[k]), 1.0])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1]]
    prior = yes.sum() / (~yes).sum()
    best = np.zeros(len(yes))
    at = 0
    for hits, size in blocks:
        with np.errstate(divide="ignore"):
            best[order[at : at + int(size)]] = np.log10(np.float64(hits) / (size - hits) / prior)
        at += int(size)
    return cllr(np.clip(best, -300, 300), yes)


def capped(log10_lr: Floats, families: int) -> Floats:
    """No further from 0 than log10(families + 1): so many strangers cannot show more."""
    cap = cap_of(families)
    return np.clip(log10_lr, -cap, cap)


def cap_of(families: int) -> float:
    """The largest log10 likelihood ratio that this number of families of strangers supports."""
    return math.log10(families + 1)

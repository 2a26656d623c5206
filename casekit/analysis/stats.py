"""The few exact statistics that findings print."""

from __future__ import annotations

import math

CONFIDENCE = 0.95


def upper_bound(hits: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """One-sided Clopper-Pearson upper bound of a share, from 0 to 1; 1.0 without trials."""
    if trials == 0 or hits >= trials:
        return 1.0
    alpha = 1 - confidence
    low, high = hits / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(hits, trials, middle) > alpha:
            low = middle
        else:
            high = middle
    return high


def conformal_p(value: float, nulls: list[float]) -> float:
    """(1 + nulls at least as high) / (1 + nulls): valid at any number of exchangeable nulls."""
    return (1 + sum(null >= value for null in nulls)) / (1 + len(nulls))


def _at_most(hits: int, trials: int, share: float) -> float:
    return sum(
        math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(hits + 1)
    )

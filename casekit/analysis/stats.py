"""The few exact statistics that findings print."""

from __future__ import annotations

import math

CONFIDENCE = 0.95
SUMMED = 900
"""Trials up to which a binomial is summed term by term; those of more are too large for a float."""


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


def interval(hits: int, trials: int, confidence: float = CONFIDENCE) -> list[float]:
    """Exact (Clopper-Pearson) two-sided interval of a share, its ends from 0 to 1, to four places."""
    each = 1 - (1 - confidence) / 2
    high = upper_bound(hits, trials, each)
    low = 1 - upper_bound(trials - hits, trials, each)
    return [round(low, 4), round(high, 4)]


def conformal_p(value: float, nulls: list[float]) -> float:
    """(1 + nulls at least as high) / (1 + nulls): valid at any number of exchangeable nulls."""
    return (1 + sum(null >= value for null in nulls)) / (1 + len(nulls))


def _at_most(hits: int, trials: int, share: float) -> float:
    if trials > SUMMED:
        from scipy.special import bdtr

        return float(bdtr(hits, trials, share))
    return sum(
        math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(hits + 1)
    )


def hypergeometric_tail(hits: int, total: int, marked: int, drawn: int) -> float:
    """The chance that `drawn` of `total` things, `marked` of them marked, hold `hits` marked ones or more."""
    whole = _log_choose(total, drawn)
    highest = min(marked, drawn)
    return min(
        1.0,
        math.fsum(
            math.exp(_log_choose(marked, k) + _log_choose(total - marked, drawn - k) - whole)
            for k in range(max(hits, drawn + marked - total, 0), highest + 1)
        ),
    )


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

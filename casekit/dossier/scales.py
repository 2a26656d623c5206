"""Axes of charts: where the ticks of numbers, shares and days stand and what is written there."""

from __future__ import annotations

import math
from collections.abc import Iterable

from casekit import clock
from casekit.dossier.charts import Axis, Tick

DAY_US = 86_400_000_000
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_DAYS = (1, 2, 7, 14, 30, 61, 91, 182, 365, 730, 1826, 3652)


def numbers(values: Iterable[float], title: str, *, most: int = 6, whole: bool = False) -> Axis:
    """An axis of numbers that holds all values, from tick to tick.

    Args:
        values: What it must hold.
        title: What it measures.
        most: Ticks at most.
        whole: Counts: no tick between two whole numbers.
    """
    low, high = _span(values)
    step = _step((high - low) / (most - 1), whole=whole)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    places += abs(step * 10**places - round(step * 10**places)) > 1e-6  # a step such as 2.5
    ticks = tuple(
        Tick(rounded(n * step), f"{n * step:,.{places}f}") for n in range(first, last + 1)
    )
    return Axis(ticks[0].at, ticks[-1].at, title, ticks)


def shares(values: Iterable[float], title: str) -> Axis:
    """An axis of shares from 0, in per cent, no longer than the values need."""
    percent = numbers((0.0, *(100 * value for value in values)), title)
    ticks = tuple(Tick(rounded(t.at / 100), f"{t.label} %") for t in percent.ticks)
    return Axis(ticks[0].at, ticks[-1].at, title, ticks)


def days(first_us: int, last_us: int, title: str, *, most: int = 7) -> Axis:
    """An axis of time in days since its beginning; at its ticks stand days in UTC.

    Args:
        first_us: Where it begins, microseconds since 1970 UTC.
        last_us: Where it ends.
        title: What it is.
        most: Ticks at most.
    """
    length = max((last_us - first_us) / DAY_US, 1e-6)
    if length < 2:
        return _hours(first_us, length, title, most)
    step = next((d for d in _DAYS if length / d <= most - 1), _DAYS[-1])
    begin = -(first_us % DAY_US) / DAY_US
    places = []
    at = begin if begin == 0 else begin + 1
    while at <= length + 1e-9:
        places.append(at)
        at += step
    ticks = tuple(Tick(rounded(p), _day(first_us + round(p * DAY_US))) for p in places)
    return Axis(0.0, rounded(length), title, ticks)


def rounded(value: float) -> float:
    """Six significant digits, so that machines agree."""
    return float(f"{value:.6g}")


def _hours(first_us: int, length: float, title: str, most: int) -> Axis:
    step = next(h for h in (1, 2, 3, 6, 12) if 24 * length / h <= most - 1 or h == 12)
    hour = DAY_US // 24
    at_us = -(-first_us // hour) * hour
    ticks = []
    while at_us - first_us <= length * DAY_US:
        at = rounded((at_us - first_us) / DAY_US)
        ticks.append(Tick(at, f"{clock.from_us(at_us):%m-%d %H:%M}"))
        at_us += step * hour
    return Axis(0.0, rounded(length), title, tuple(ticks))


def _day(us: int) -> str:
    return f"{clock.from_us(us):%Y-%m-%d}"


def _span(values: Iterable[float]) -> tuple[float, float]:
    found = [v for v in values if math.isfinite(v)]
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    return (low, high) if high > low else (min(low, 0.0), max(high, 0.0) or low + 1.0)


def _step(wanted: float, *, whole: bool) -> float:
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(s * power for s in _STEPS if s * power >= wanted * (1 - 1e-9))
    return max(1.0, float(math.ceil(step))) if whole else step

"""The only wall clock: UTC-aware times, microseconds since 1970 and their printed form."""

from __future__ import annotations

import datetime as dt

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


def now() -> dt.datetime:
    """The present moment in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - this is the one place


def now_us() -> int:
    """The present moment in microseconds since 1970 UTC."""
    return to_us(now())


def to_us(moment: dt.datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime, exactly."""
    return (moment - EPOCH) // MICROSECOND


def from_us(us: int) -> dt.datetime:
    """The aware UTC datetime of microseconds since 1970."""
    return EPOCH + dt.timedelta(microseconds=us)


def iso(us: int) -> str:
    """ISO 8601 text in UTC with `Z`, fractions only where there are any."""
    return from_us(us).isoformat().replace("+00:00", "Z")

"""Dates as people write them of facts: exact to the year, the month, the day, the minute or the second.

Pure: no database. A text such as `2026-01` is a stretch of time, from its first instant to the first one
after it, read in a stated zone; a fact happened on, before, after or about it, or between two of them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, get_args

from casekit import clock
from casekit.errors import CaseKitError
from casekit.queries.zones import zone_of

DateKind = Literal["none", "on", "before", "after", "about", "range"]
DATE_KINDS: tuple[DateKind, ...] = get_args(DateKind)
_WRITTEN = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?)?)?", re.ASCII
)
_FIRST, _LAST = 1900, 2200


@dataclass(frozen=True, slots=True)
class When:
    """A date as it was written: its kind, where it begins, of a range where it ends, and its zone."""

    kind: str = "none"
    first: str = ""
    last: str = ""
    zone: str = "UTC"

    def bounds(self) -> tuple[int | None, int | None]:
        """See `bounds`."""
        return bounds(self.kind, self.first, self.last, self.zone)


def stretch(text: str, zone: str = "UTC") -> tuple[int, int]:
    """The first microsecond of a written date, and the first one after it.

    Args:
        text: `2026`, `2026-01`, `2026-01-14`, `2026-01-14 09:12` or `2026-01-14 09:12:44`.
        zone: In which it is read: `UTC`, an offset such as `+08:00`, or a zone such as `Asia/Shanghai`.

    Raises:
        CaseKitError: It is no such date, or no such zone.
    """
    found = _WRITTEN.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        numbers = [int(part) for part in found.groups() if part is not None]
        year, month, day, *time = [*numbers, 1, 1][: max(3, len(numbers))]
        hour, minute, second = (*time, 0, 0, 0)[:3]
        begin = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - its zone comes last
        if not _FIRST <= begin.year < _LAST:
            raise ValueError(text)
    except ValueError as error:
        raise CaseKitError(
            "“{text}” is no date: write it such as 2026-03-14, 2026-03-14 09:30, 2026-03 or 2026.",
            text=text,
        ) from error
    known = zone_of(zone or "UTC")
    first, after = (_instant(each, known) for each in (begin, _next(begin, len(numbers))))
    return first, max(after, first + 1)


def bounds(kind: str, first: str, last: str, zone: str) -> tuple[int | None, int | None]:
    """When a fact can have happened: its first instant and the first one after it; None where that is open.

    Args:
        kind: One of `DATE_KINDS`.
        first: The date as written; of a range where it begins.
        last: Of a range where it ends, in it; else empty.
        zone: See `stretch`.

    Raises:
        CaseKitError: A date is missing, is none, or the range ends before it begins.
    """
    if kind not in DATE_KINDS:
        raise CaseKitError("A fact is dated {kinds}: choose one.", kinds=", ".join(DATE_KINDS))
    if kind == "none":
        if first or last:
            raise CaseKitError("Say how the date is meant: on, before, after, about or a range.")
        return None, None
    if not first.strip() or (kind == "range") != bool(last.strip()):
        raise CaseKitError("A range needs the day on which it begins and the one on which it ends; other dates "
                           "need one day.")  # fmt: skip
    begin, after = stretch(first, zone)
    if kind == "before":
        return None, begin
    if kind == "after":
        return after, None
    if kind == "range":
        end = stretch(last, zone)[1]
        if end <= begin:
            raise CaseKitError("A range cannot end before it begins: change one of its dates.")
        return begin, end
    return begin, after


def _next(begin: dt.datetime, exact: int) -> dt.datetime:
    """The local time after the year, month, day, minute or second that begins here."""
    if exact == 1:
        return begin.replace(year=begin.year + 1)
    if exact == 2:
        return (begin.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    step = {3: dt.timedelta(days=1), 5: dt.timedelta(minutes=1)}
    return begin + step.get(exact, dt.timedelta(seconds=1))


def _instant(local: dt.datetime, zone: dt.tzinfo) -> int:
    return clock.to_us(local.replace(tzinfo=zone))

"""What reading local times in another zone adds to an instant, stretch by stretch between changes of clocks.

Pure: no database. An item keeps its instant as it was assumed; a decision becomes stretches of time, in each
of which the same is added. A local time that a zone skips or has twice is never settled in silence: the
stretch leads to the earliest instant it may be and says how much later it may be all the same.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache

from casekit import clock
from casekit.errors import CaseKitError

AS_ASSUMED, LEFT_OUT = "as-assumed", "left-out"
MAPPED = "assumed:the mapping says "
ORDER_ASSUMED = ("; day before month assumed", "; month before day assumed")
"""Ends of rules that left open, besides the zone, which number is the day and which the month."""

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
BEHIND_US = 12 * HOUR_US
"""No place's clock is further behind UTC; of those ahead of it see `AHEAD_US`."""
AHEAD_US = 14 * HOUR_US

SWAPPED_US = 323 * DAY_US
"""From 12 January to 1 December: so far apart are two days whose day and month are each other's."""

EARLIEST, LATEST = -(2**60), 2**60
FIRST_US = 0
LAST_US = (
    4_102_444_800_000_000  # 2100: zones are looked up from 1970 to then, as mail has no other years
)

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_NO_PLACES = ("Factory", "localtime")


@dataclass(frozen=True, slots=True)
class Shift:
    """From `from_us` up to, not including, `until_us` as assumed, the earliest instant is `shift_us` later.

    Attributes:
        wide_us: How much later it may be all the same, the clock having been moved by so much.
    """

    from_us: int
    until_us: int
    shift_us: int
    wide_us: int = 0


@lru_cache(maxsize=64)
def zone_of(reading: str) -> dt.tzinfo:
    """The zone of an offset from UTC such as `+08:00`, or of a name such as `Asia/Shanghai`.

    Raises:
        CaseKitError: It is neither.
    """
    found = _OFFSET.fullmatch(reading)
    if found:
        sign = -1 if found[1] == "-" else 1
        offset = sign * dt.timedelta(hours=int(found[2]), minutes=int(found[3]))
        us = offset // clock.MICROSECOND
        if -BEHIND_US <= us <= AHEAD_US and int(found[3]) < 60:
            return dt.timezone(offset)
    elif reading == "UTC":
        return dt.UTC
    elif reading in zone_names():
        return zoneinfo.ZoneInfo(reading)
    raise CaseKitError(
        "“{reading}” is no way to read a time: give as-assumed, left-out, an offset such as +08:00, or a "
        "zone such as Asia/Shanghai.",
        reading=reading,
    )


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The names of all zones of the world, in order."""
    return tuple(sorted(zoneinfo.available_timezones().difference(_NO_PLACES)))


def doubt(rule: str) -> tuple[int, int]:
    """How far before and behind the assumed instant the true one may lie, in microseconds.

    A local time read as UTC is up to 14 h too late or 12 h too early; of one that a mapping read in a zone
    nothing is known but that it was local, so both add up. Where the order of day and month is open too, the
    other day may be meant.
    """
    both = BEHIND_US + AHEAD_US
    swapped = SWAPPED_US if rule.endswith(ORDER_ASSUMED) else 0
    before, behind = (both, both) if rule.startswith(MAPPED) else (AHEAD_US, BEHIND_US)
    return before + swapped, behind + swapped


def shifts(
    reading: str, rule: str, first_us: int, last_us: int, *, swapped: bool = False
) -> list[Shift]:
    """What a reading adds to the instants under an assumed rule, in order; nothing where they are left out.

    Args:
        reading: `as-assumed`, `left-out`, an offset or a zone.
        rule: The items' `sent_zone`, which says how their local times were read.
        first_us: Of the instants as assumed; a year more is covered on both sides, but nothing before 1970
            or from 2100 on, unless neither zone ever changes its clock.
        last_us: See there.
        swapped: Day and month are each other's, where the rule left their order open.

    Raises:
        CaseKitError: It is no such reading, or the order of day and month was not open.
    """
    if swapped:
        return _swapped(reading, rule, first_us, last_us)
    if reading == LEFT_OUT:
        return []
    source = _source(rule)
    zone = source if reading == AS_ASSUMED else zone_of(reading)
    if isinstance(source, dt.timezone) and isinstance(zone, dt.timezone):
        return [Shift(EARLIEST, LATEST, _offset(source, 0) - _offset(zone, 0))]
    first = min(max(first_us - 366 * DAY_US, FIRST_US), LAST_US)
    last = min(last_us + 366 * DAY_US, LAST_US)
    return _stretches(source, zone, first, last) if first < last else []


def _swapped(reading: str, rule: str, first_us: int, last_us: int) -> list[Shift]:
    """What is added on each day that was written, which is read as another one first."""
    if not rule.endswith(ORDER_ASSUMED) or reading == LEFT_OUT:
        raise CaseKitError("Day and month can only be exchanged where their order was assumed.")
    found = []
    first, last = (clock.from_us(us).date() for us in (first_us, last_us))
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        if day.day > 12:
            continue  # no month has this number: it stays undecided
        start = _midnight(day)
        moved = _midnight(day.replace(month=day.day, day=day.month)) - start
        for each in shifts(reading, rule, start + moved, start + moved + DAY_US):
            from_us = max(each.from_us - moved, start)
            until_us = min(each.until_us - moved, start + DAY_US)
            if from_us < until_us:
                found.append(Shift(from_us, until_us, moved + each.shift_us, each.wide_us))
    return found


def _midnight(day: dt.date) -> int:
    return clock.to_us(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))


def _source(rule: str) -> dt.tzinfo:
    """The zone in which the rule read local times."""
    try:
        return zone_of(rule.removeprefix(MAPPED)) if rule.startswith(MAPPED) else dt.UTC
    except CaseKitError:
        return dt.UTC


def _stretches(source: dt.tzinfo, zone: dt.tzinfo, first: int, last: int) -> list[Shift]:
    before, after = first - 2 * DAY_US, last + 2 * DAY_US
    skipped = [c for c in _changes(source, before, after) if c.to_us > c.from_us]
    offsets = {_offset(source, before)}
    edges = {first}
    for change in _changes(source, before, after):
        offsets.add(change.to_us)
        edges |= {change.at_us, change.at_us + abs(change.to_us - change.from_us)}
    for change in _changes(zone, before, after):
        edges |= {change.at_us + o - p for o in (change.from_us, change.to_us) for p in offsets}
    found: list[Shift] = []
    inside = sorted(edge for edge in edges if first <= edge < last)
    for start, until in zip(inside, [*inside[1:], last], strict=True):
        shift, wide = _shift_at(start, source, zone, skipped)
        if found and (found[-1].shift_us, found[-1].wide_us) == (shift, wide):
            start = found.pop().from_us
        found.append(Shift(start, until, shift, wide))
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """At an instant a zone goes over from one offset to another."""

    at_us: int
    from_us: int
    to_us: int


def _shift_at(
    us: int, source: dt.tzinfo, zone: dt.tzinfo, skipped: list[_Change]
) -> tuple[int, int]:
    """What is added to one instant, and how much later it may be all the same."""
    written = {us + _offset(source, us)}
    # A time that the first zone skips was read as one an hour later: both may have been written.
    written |= {us + c.from_us for c in skipped if c.at_us <= us < c.at_us + c.to_us - c.from_us}
    instants = [
        clock.to_us(clock.from_us(local).replace(tzinfo=zone, fold=fold))
        for local in written
        for fold in (0, 1)
    ]
    return min(instants) - us, max(instants) - min(instants)


def _changes(zone: dt.tzinfo, first: int, last: int) -> list[_Change]:
    """When a zone changes its clock, looked for day by day and then to the second."""
    found = []
    at, old = first, _offset(zone, first)
    while at < last:
        until = at + DAY_US
        new = _offset(zone, until)
        if new != old:
            low, high = at // 1_000_000, -(-until // 1_000_000)
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(zone, middle * 1_000_000) == old:
                    low = middle
                else:
                    high = middle
            found.append(_Change(high * 1_000_000, old, new))
        at, old = until, new
    return found


def _offset(zone: dt.tzinfo, us: int) -> int:
    offset = clock.from_us(us).astimezone(zone).utcoffset() or dt.timedelta()
    return offset // clock.MICROSECOND

"""Times of calendars as instants, their zone named by the file, by a table, or owned up to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from casekit.ingest.cards.blocks import Block
from casekit.ingest.cards.lines import Line
from casekit.ingest.parsed import When

_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:T?(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?)?\s*(Z?)\Z"
)
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}\Z")
_DAY_US = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_ZONES = 500


class Zones:
    """The time zones that a calendar names.

    Args:
        blocks: Its VTIMEZONE blocks.
        data: The calendar.
    """

    def __init__(self, blocks: list[Block], data: bytes) -> None:
        self._data = data
        self._known: dict[str, tzinfo | None] = {}
        self._blocks: dict[str, Block] = {}
        for block in blocks[:_MOST_ZONES]:
            self._blocks.setdefault(block.text("TZID").strip(), block)

    def get(self, name: str) -> tzinfo | None:
        """A zone by its name: of the world's, of Windows', else as the calendar itself describes it."""
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    def _found(self, name: str) -> tzinfo | None:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

        plain = name.strip().strip("/")
        # such as /softwarestudio.org/Olson_20011030_5/America/New_York
        tail = "/".join(plain.split("/")[-2:]) if plain.count("/") > 1 else plain
        for one in (plain, WINDOWS_TO_OLSON.get(plain, ""), tail):
            if one and _ZONE_NAME.match(one):
                try:
                    return ZoneInfo(one)
                except (OSError, ValueError, LookupError):
                    continue
        return self._described(name)

    def _described(self, name: str) -> tzinfo | None:
        import icalendar

        block = self._blocks.get(name.strip())
        if block is None:
            return None
        try:
            found: Any = icalendar.Timezone.from_ical(self._data[block.start : block.end])
            zone = found.to_tz(lookup_tzid=False)
        except Exception:  # noqa: BLE001 - icalendar raises whatever a broken zone leads to
            return None
        return zone if isinstance(zone, tzinfo) else None


def read_moment(line: Line | None, zones: Zones, field: str = "") -> When | None:
    """The instant of a date or date-time; None where the line names none that a calendar has.

    A day has the resolution of a day. A time without a zone (RFC 5545 calls it floating: it is meant in
    whatever zone its reader is) is read as UTC and says so, as is one of a zone that nobody knows.

    Args:
        line: Such as DTSTART.
        zones: Those of its calendar.
        field: Its name in the result; the line's own if empty.
    """
    if line is None:
        return None
    raw = line.raw_text.strip()
    found = _MOMENT.match(raw)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - the zone is found next
    except ValueError:
        return None
    whole_day = found[4] is None
    zone, rule = _zone_of(line, zones, whole_day, utc=bool(found[7]))
    try:
        instant = local.replace(tzinfo=zone) - _EPOCH
    except (OverflowError, ValueError):
        return None
    us = instant // timedelta(microseconds=1)
    step = _DAY_US if whole_day else 1_000_000 if found[6] else 60_000_000
    return When(us, raw, field or line.name, rule, step)


def _zone_of(line: Line, zones: Zones, whole_day: bool, *, utc: bool) -> tuple[tzinfo, str]:
    name = line.parameters.get("TZID", "")
    if utc:
        return UTC, "explicit"
    if whole_day:
        return UTC, "assumed:a day, read as UTC"
    if not name:
        return UTC, "assumed:no zone given, read as UTC"
    zone = zones.get(name)
    if zone is None:
        return UTC, "assumed:unknown zone, read as UTC"
    return zone, "explicit"

"""When a message says it was sent: every date form of mail, with its zone named or owned up to."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz

from casekit.ingest.mail.words import plain
from casekit.ingest.parsed import Problem, When

FIRST_YEAR = 1971
"""Before this there was no mail: an earlier date is a clock that was never set."""
LAST_YEAR = 2100

_DAY_US = 86_400_000_000
_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_USUAL = re.compile(
    r"(?:[A-Za-z]{3},\s{0,3})?(\d{1,2})\s{1,3}([A-Za-z]{3})\s{1,3}(\d{4})\s{1,3}"
    r"(\d\d):(\d\d)(?::(\d\d))?\s{1,3}(?:([+-])(\d\d)(\d\d)|(?:GMT|UTC?|Z)(?![A-Za-z0-9+-]))"
)
_ZONE = re.compile(
    r"\d{2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?\s*"
    r"(?:(?:GMT|UTC?)?\s*[+-]\d{2}:?\d{2}\b|(?:UTC?|GMT|Z|[ECMP][SD]T|A[SD]T)\b)",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(?:Z|([+-])(\d\d):?(\d\d))?"
)
_MAX_TEXT = 200
_MAX_OFFSET = 14 * 60 + 59


def read_date(value: str, field: str = "Date") -> tuple[When | None, Problem | None]:
    """The instant a date field names.

    Args:
        value: The field's value.
        field: Its name, kept in the result.

    Returns:
        The instant, or None if the text names none; and a problem `bad-date` (no instant),
        `odd-date` (before 1971 or after 2100) or `odd-zone`. A date without a zone is read as UTC and
        says `assumed:utc`.
    """
    raw = plain(value)
    found = _USUAL.match(raw)
    if found and (month := _MONTHS.get(found[2].lower())):
        day, _, year, hour, minute, second, sign, plus_hours, plus_minutes = found.groups()
        offset = (int(plus_hours) * 60 + int(plus_minutes)) if sign else 0
        clock = (int(hour), int(minute), int(second or 0))
        us = _instant((int(year), month, int(day)), clock)
        if us is not None and offset <= _MAX_OFFSET:
            us -= (-offset if sign == "-" else offset) * 60_000_000
            return _when(us, int(year), raw, field, "explicit", second is not None)
    return _read_unusual(raw, field)


def _read_unusual(raw: str, field: str) -> tuple[When | None, Problem | None]:
    iso = _ISO.match(raw.strip())
    if iso:
        parts = iso.groups()
        calendar = (int(parts[0]), int(parts[1]), int(parts[2]))
        clock = (int(parts[3]), int(parts[4]), int(parts[5] or 0))
        offset = (
            (int(parts[7]) * 60 + int(parts[8])) * (-1 if parts[6] == "-" else 1) if parts[6] else 0
        )
        explicit = bool(parts[6]) or "Z" in iso[0]
        seconds = parts[5] is not None
    else:
        try:
            fields = parsedate_tz(raw[:_MAX_TEXT].strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            fields = None  # known to happen on junk, whatever the documentation says
        if fields is None:
            return None, Problem("parse", "bad-date", f"The {field} field holds no date.")
        calendar = (fields[0], fields[1], fields[2])
        clock = (fields[3], fields[4], fields[5])
        offset = (fields[9] or 0) // 60
        explicit = bool(_ZONE.search(raw[:_MAX_TEXT]))
        seconds = bool(re.search(r"\d:\d\d:\d\d", raw[:_MAX_TEXT]))
    us = _instant(calendar, clock)
    if us is None:
        return None, Problem(
            "parse", "bad-date", f"The {field} field names no day of the calendar."
        )
    if abs(offset) > _MAX_OFFSET:
        when, _ = _when(us, calendar[0], raw, field, "assumed:utc", seconds)
        return when, Problem(
            "parse", "odd-zone", f"The {field} field names a zone that no place has."
        )
    zone = "explicit" if explicit else "assumed:utc"
    return _when(us - offset * 60_000_000, calendar[0], raw, field, zone, seconds)


def _instant(calendar: tuple[int, int, int], clock: tuple[int, int, int]) -> int | None:
    hour, minute, second = clock
    if hour > 24 or minute > 59 or second > 60 or min(clock) < 0:
        return None
    try:
        days = date(*calendar).toordinal() - _EPOCH
    except (ValueError, OverflowError):
        return None
    return days * _DAY_US + (hour * 3600 + minute * 60 + second) * 1_000_000


def _when(
    us: int, year: int, raw: str, field: str, zone: str, seconds: bool
) -> tuple[When, Problem | None]:
    when = When(us, raw, field, zone, 1_000_000 if seconds else 60_000_000)
    if FIRST_YEAR <= year <= LAST_YEAR:
        return when, None
    return when, Problem("parse", "odd-date", f"The {field} field names a year without mail.")

"""Times as web pages of chats show them: English ones in full, and those of Telegram.

A page in another language is not guessed at: its times stay as words.
"""

from __future__ import annotations

import datetime as dt
import re

from casekit.clock import to_us
from casekit.ingest.dialects.chat import LOCAL
from casekit.ingest.parsed import When

_TELEGRAM = re.compile(
    r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?: UTC(?P<zone>[+-]\d\d:\d\d))?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
_ENGLISH = re.compile(
    rf"(?:[A-Za-z]{{3,9}},? )?(?:{_NAME} (?P<day>\d{{1,2}}),? |(?P<first>\d{{1,2}}) "
    rf"{_NAME.replace('name', 'after')} )(?P<year>\d{{4}})"
    r"(?:,? (?:at )?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))? ?(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"(?: (?P<zone>UTC|GMT))?)?"
)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_STEPS = {"second": 1_000_000, "minute": 60_000_000, "day": 86_400_000_000}


def telegram_time(untrusted_text: str, field: str) -> When | None:
    """Such as `14.12.2021 23:43:49 UTC+03:00`; older exports name no zone."""
    found = _TELEGRAM.fullmatch(untrusted_text.strip())
    if found is None:
        return None
    zone: dt.tzinfo = dt.UTC
    try:
        if found["zone"]:
            hours, minutes = found["zone"][1:].split(":")
            offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
            zone = dt.timezone(-offset if found["zone"][0] == "-" else offset)
        moment = dt.datetime(
            int(found["year"]), int(found["month"]), int(found["day"]), int(found["hour"]),
            int(found["minute"]), int(found["second"]), tzinfo=zone,
        )  # fmt: skip
    except ValueError:
        return None
    return When(to_us(moment), untrusted_text, field, "explicit" if found["zone"] else LOCAL)


def english_time(untrusted_text: str, field: str) -> When | None:
    """Such as `Jul 12, 2024 4:54:10 pm`, `Wednesday, July 6, 2016 at 1:03:44 PM UTC` or `14 December 2021`."""
    found = _ENGLISH.fullmatch(_SPACES.sub(" ", untrusted_text).strip())
    if found is None:
        return None
    name = (found["name"] or found["after"])[:3].lower()
    if name not in _MONTHS:
        return None
    hour, half = int(found["hour"] or 0), (found["half"] or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        moment = dt.datetime(
            int(found["year"]), _MONTHS.index(name) + 1, int(found["day"] or found["first"]), hour,
            int(found["minute"] or 0), int(found["second"] or 0), tzinfo=dt.UTC,
        )  # fmt: skip
    except ValueError:
        return None
    known = "second" if found["second"] else "minute" if found["minute"] else "day"
    return When(
        to_us(moment), untrusted_text, field, "explicit" if found["zone"] else LOCAL, _STEPS[known]
    )

"""Every way a record writes a time, read into microseconds with the source's own text kept beside."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from casekit.clock import to_us
from casekit.ingest.parsed import When

UTC_ASSUMED = "assumed:no zone given, read as UTC"
TICKS_ASSUMED = "assumed:.NET ticks, read as UTC"

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?)?"
)
_LOG = re.compile(
    r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([+-]\d{4}))?"
)
_NUMBER = re.compile(r"(\d{9,20})(?:\.(\d{1,9}))?")
_MAIL = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d")
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?)?"
_ENDING = r"(?:[ \u202f](?P<half>[AaPp][Mm]))?(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})"
    rf"(?:[T ,]{{1,2}}{_CLOCK}{_ENDING})?"
)
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})[- ](?P<name>[A-Z][a-z]{{2}})[a-z]{{0,6}}[- ](?P<year>\d{{4}}|\d\d)"
    rf"(?:[T ,]{{1,2}}{_CLOCK}{_ENDING})?"
)
_NAME_FIRST = re.compile(
    rf"(?P<name>[A-Z][a-z]{{2}})[a-z]{{0,6}} (?P<day>\d{{1,2}}), (?P<year>\d{{4}})"
    rf"(?:[ ,]{{1,2}}(?:at )?{_CLOCK}{_ENDING})?"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_TICKS_AT_1970 = 621_355_968_000_000_000
_EARLIEST = (
    631_152_000_000_000  # 1990: an epoch number before it is a counter or a blank, not a time
)
_LATEST = 7_258_118_400_000_000  # 2200
_fromisoformat = dt.datetime.fromisoformat
_COMMON = {20: 1_000_000, 24: 1_000, 27: 1}
"""Resolution of the commonest forms by their length: with seconds, milliseconds, microseconds and `Z`."""


def read_time(untrusted_value: object, field: str, untrusted_raw: bytes = b"") -> When | None:
    """The instant that a field of a record states.

    Read are ISO 8601 with up to nine digits of a second, epoch seconds, milliseconds, microseconds and
    nanoseconds (as number or digits), .NET ticks, the time of a web server's log, the date of a mail or
    HTTP header, dates with the year first and dates with an English month. What is ambiguous, such as
    11/10/2026 or a time without a year, is not read.

    Args:
        untrusted_value: The parsed value.
        field: Where it stood.
        untrusted_raw: The record's bytes: a fraction is taken from there as it was printed.

    Returns:
        The instant, or None if it states none. Instants are cut, not rounded, to microseconds.
    """
    if type(untrusted_value) is str:
        return _from_text(untrusted_value, field)
    if type(untrusted_value) is int:
        return _from_number(str(untrusted_value), field, str(untrusted_value))
    if type(untrusted_value) is float:
        return _from_float(untrusted_value, field, untrusted_raw)
    return None


def _from_text(text: str, field: str) -> When | None:
    resolution = _COMMON.get(len(text))
    if resolution and text[7] == "-" and text[10] == "T" and text[16] == ":" and text[-1] == "Z":
        try:
            return When(to_us(_fromisoformat(text)), text, field, "explicit", resolution)
        except ValueError:
            pass  # such as second 60: the forms below say what it is
    stripped = text.strip()
    for pattern, reader in _FORMS:
        match = pattern.fullmatch(stripped)
        if match:
            try:
                return reader(match, text, field)
            except (ValueError, OverflowError):
                return None
    if _MAIL.match(stripped):
        return _from_mail(stripped, text, field)
    for pattern in (_YEAR_FIRST, _DAY_FIRST, _NAME_FIRST):
        match = pattern.fullmatch(stripped)
        if match:
            try:
                return _from_parts(match.groupdict(), text, field)
            except ValueError:
                return None
    return None


def _from_parts(parts: dict[str, str | None], raw: str, field: str) -> When:
    """A time whose year comes first, or whose month has its English name: neither can be misread."""
    month = (
        _MONTHS[name] if (name := parts.get("name")) in _MONTHS else int(parts.get("month") or 0)
    )
    year, hour = int(parts["year"] or 0), int(parts["hour"] or 0)
    if half := (parts["half"] or "").lower():
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone = parts["zone"]
    moment = dt.datetime(
        year + 2000 if year < 100 else year, month, int(parts["day"] or 0), hour,
        int(parts["minute"] or 0), int(parts["second"] or 0), tzinfo=_zone("Z" if zone == "GMT" else zone),
    )  # fmt: skip
    fraction = parts["fraction"] or ""
    us = to_us(moment) + int((fraction + "000000")[:6])
    step = 86_400_000_000 if parts["hour"] is None else 1_000_000 if parts["second"] else 60_000_000
    if fraction:
        step = max(1, 10 ** (6 - min(6, len(fraction))))
    return When(us, raw, field, "explicit" if zone else UTC_ASSUMED, step)


def _from_iso(match: re.Match[str], raw: str, field: str) -> When:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    moment = dt.datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=_zone(zone)
    )
    us = to_us(moment)
    if second:
        if int(second) > 60:
            raise ValueError("no such second")
        us += int(second) * 1_000_000 + int(((fraction or "") + "000000")[:6])
    if hour is None:
        resolution = 86_400_000_000
    elif second is None:
        resolution = 60_000_000
    else:
        resolution = max(1, 10 ** (6 - len(fraction or "")) if len(fraction or "") < 6 else 1)
    return When(us, raw, field, "explicit" if zone else UTC_ASSUMED, resolution)


def _zone(text: str | None) -> dt.tzinfo:
    if not text or text in "Zz" or text == "UTC":
        return dt.UTC
    sign = -1 if text[0] == "-" else 1
    minutes = int(text[-2:]) if len(text) > 3 else 0  # PostgreSQL writes whole hours alone
    return dt.timezone(sign * dt.timedelta(hours=int(text[1:3]), minutes=minutes))


def _from_log(match: re.Match[str], raw: str, field: str) -> When:
    day, month, year, hour, minute, second, fraction, zone = match.groups()
    moment = dt.datetime(
        int(year), _MONTHS.get(month, 0), int(day), int(hour), int(minute),
        tzinfo=_zone(zone),
    )  # fmt: skip
    if int(second) > 60:
        raise ValueError("no such second")
    us = to_us(moment) + int(second) * 1_000_000 + int(((fraction or "") + "000000")[:6])
    step = max(1, 10 ** (6 - min(6, len(fraction or ""))))
    return When(us, raw, field, "explicit" if zone else UTC_ASSUMED, step)


def _from_digits(match: re.Match[str], raw: str, field: str) -> When | None:
    return _from_number(match.group(), field, raw)


_FORMS = ((_ISO, _from_iso), (_LOG, _from_log), (_NUMBER, _from_digits))


def _from_mail(text: str, raw: str, field: str) -> When | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        return When(to_us(moment.replace(tzinfo=dt.UTC)), raw, field, UTC_ASSUMED)
    return When(to_us(moment), raw, field)


def _from_float(value: float, field: str, untrusted_raw: bytes) -> When | None:
    """A fraction of an epoch number, with the digits that the record printed."""
    name = re.escape(field.rsplit(".", 1)[-1].encode())
    found = re.findall(
        rb'"' + name + rb'"\s*:\s*([0-9]{9,20}(?:\.[0-9]{1,30})?)(?![0-9eE.])', untrusted_raw
    )
    same = [each for each in found if float(each) == value]
    printed = same[0].decode() if same else repr(value)
    return _from_number(printed, field, printed)


def _from_number(printed: str, field: str, raw: str) -> When | None:
    """Epoch seconds, or a finer unit that the size of the number tells."""
    whole, _, fraction = printed.partition(".")
    if not whole.isdecimal() or (fraction and not fraction.isdecimal()):
        return None
    number, zone = int(whole), "explicit"
    if number < 10**11:
        unit = 1_000_000
    elif number < 10**14:
        unit = 1_000
    elif number < 10**17:
        unit = 1
    elif _TICKS_AT_1970 + _EARLIEST * 10 <= number < _TICKS_AT_1970 + 40_000_000_000_000_000:
        return When((number - _TICKS_AT_1970) // 10, raw, field, TICKS_ASSUMED, 1)
    else:
        number, unit, fraction = number // 1000, 1, ""
    us = number * unit + int((fraction + "0" * 9)[:9]) * unit // 10**9
    if not _EARLIEST <= us <= _LATEST:
        return None
    return When(us, raw, field, zone, max(1, unit // 10 ** len(fraction)))


def milliseconds(untrusted_seconds: object) -> int | None:
    """A duration given in seconds, rounded to milliseconds, or None if it is none."""
    if isinstance(untrusted_seconds, (int, float)) and 0 <= untrusted_seconds < 10**9:
        return round(untrusted_seconds * 1000)
    return None


_UNITS = {
    "ns": 1e-6, "us": 0.001, "µs": 0.001, "μs": 0.001, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000,
}  # fmt: skip
_PIECE = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(ns|us|µs|μs|ms|s|m|h)")


def printed_milliseconds(untrusted_text: object) -> int | None:
    """A duration as programs in Go and Rust print it, such as `1m2.5s`, rounded to milliseconds, or None."""
    if type(untrusted_text) is not str or not untrusted_text or _PIECE.sub("", untrusted_text):
        return None
    return round(
        sum(float(number) * _UNITS[unit] for number, unit in _PIECE.findall(untrusted_text))
    )

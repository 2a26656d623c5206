from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail.dates import read_date
from casekit.ingest.parsed import When

_SECOND = 1_000_000


def us(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * _SECOND  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("raw", "instant", "zone", "resolution"),
    [
        ("Tue, 03 Feb 2026 05:05:06 +0100", us(2026, 2, 3, 4, 5, 6), "explicit", _SECOND),
        ("3 Feb 2026 05:05 -0530", us(2026, 2, 3, 10, 35), "explicit", 60 * _SECOND),
        ("Tue, 3 Feb 2026 04:05:06 GMT", us(2026, 2, 3, 4, 5, 6), "explicit", _SECOND),
        ("Tue, 3 Feb 2026 04:05:06 -0000 (x)", us(2026, 2, 3, 4, 5, 6), "explicit", _SECOND),
        ("Tue, 3 Feb 2026 04:05:06 EST", us(2026, 2, 3, 9, 5, 6), "explicit", _SECOND),
        ("Tue, 3 Feb 2026 04:05:06", us(2026, 2, 3, 4, 5, 6), "assumed:utc", _SECOND),
        ("Tue, 3 Feb 2026 04:05:06 XYZ", us(2026, 2, 3, 4, 5, 6), "assumed:utc", _SECOND),
        ("Tue Feb  3 04:05:06 2026", us(2026, 2, 3, 4, 5, 6), "assumed:utc", _SECOND),
        ("Wed, 11 Feb 98 11:51 CST", us(1998, 2, 11, 17, 51), "explicit", 60 * _SECOND),
        ("2026-02-03T05:05:06.7+01:00", us(2026, 2, 3, 4, 5, 6), "explicit", _SECOND),
        ("2026-02-03 04:05:06", us(2026, 2, 3, 4, 5, 6), "assumed:utc", _SECOND),
    ],
)
def test_every_form_of_date_is_read_with_its_zone(
    raw: str, instant: int, zone: str, resolution: int
) -> None:
    assert read_date(raw) == (When(instant, raw, "Date", zone, resolution), None)


@pytest.mark.parametrize(
    ("raw", "kept", "kind"),
    [
        ("", False, "bad-date"),
        ("yesterday", False, "bad-date"),
        ("Tue, 99 Feb 9999999999 25:61:00 +9999", False, "bad-date"),
        ("Tue, 30 Feb 2026 04:05:06 +0000", False, "bad-date"),
        ("Thu, 1 Jan 1970 00:00:00 +0000", True, "odd-date"),
        ("Thu, 1 Jan 2235 00:00:00 +0000", True, "odd-date"),
        ("Tue, 3 Feb 2026 04:05:06 +9959", True, "odd-zone"),
    ],
)
def test_an_impossible_date_is_a_problem(raw: str, kept: bool, kind: str) -> None:
    when, problem = read_date(raw)
    assert problem is not None
    assert (when is not None, problem.kind) == (kept, kind)


@given(st.text(alphabet="0123456789:+-, JanFeb\udce9TZ", max_size=40))
def test_nothing_raises(raw: str) -> None:
    read_date(raw)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 12, 31)), st.integers(-720, 840))  # noqa: DTZ001
def test_the_usual_form_gives_the_instant(moment: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    zone = f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    raw = f"{moment:%d %b %Y %H:%M:%S} {zone}"
    when, problem = read_date(raw)
    assert problem is None
    assert when is not None
    seconds = int(moment.replace(tzinfo=UTC, microsecond=0).timestamp())
    assert when.us == (seconds - minutes * 60) * _SECOND

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.clock import EPOCH, to_us
from casekit.ingest.dialects.times import (
    TICKS_ASSUMED,
    UTC_ASSUMED,
    printed_milliseconds,
    read_time,
)
from casekit.ingest.parsed import When

US = 1_770_091_506_000_000  # 2026-02-03 04:05:06 UTC


@pytest.mark.parametrize(
    ("value", "us", "zone", "resolution"),
    [
        ("2026-02-03T04:05:06.789Z", US + 789_000, "explicit", 1000),
        ("2026-02-03T04:05:06Z", US, "explicit", 1_000_000),
        ("2026-02-03T04:05:06.120000Z", US + 120_000, "explicit", 1),
        ("2016-12-31T23:59:60.250Z", 1_483_228_800_250_000, "explicit", 1000),
        ("2026-02-03T04:05:06.1234567Z", US + 123_456, "explicit", 1),
        ("2026-02-03T04:05:06.9999999Z", US + 999_999, "explicit", 1),
        ("2026-02-03T00:05:06.5-04:00", US + 500_000, "explicit", 100_000),
        ("2026-02-03 05:05:06+0100", US, "explicit", 1_000_000),
        ("2026-02-03 04:05:06.308+00", US + 308_000, "explicit", 1000),
        ("2026-02-03 00:05:06-04", US, "explicit", 1_000_000),
        ("2026-02-03 04:05:06,25", US + 250_000, UTC_ASSUMED, 10_000),
        ("2026-02-03 04:05", US - 6_000_000, UTC_ASSUMED, 60_000_000),
        ("2026-02-03", US - 14_706_000_000, UTC_ASSUMED, 86_400_000_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000, "explicit", 1_000_000),
        (" 2026-02-03T04:05:06 UTC", US, "explicit", 1_000_000),
        ("03/Feb/2026:05:05:06 +0100", US, "explicit", 1_000_000),
        ("Tue, 03 Feb 2026 04:05:06 GMT", US, "explicit", 1_000_000),
        ("2026/02/03 04:05:06", US, UTC_ASSUMED, 1_000_000),
        ("2026-2-3 4:05:06 AM", US, UTC_ASSUMED, 1_000_000),
        ("03-Feb-26 04:05 AM", US - 6_000_000, UTC_ASSUMED, 60_000_000),
        ("Feb 3, 2026, 4:05:06.25 AM UTC", US + 250_000, "explicit", 10_000),
        ("February 3, 2026", US - 14_706_000_000, UTC_ASSUMED, 86_400_000_000),
        ("1770091506", US, "explicit", 1_000_000),
        ("1770091506.25", US + 250_000, "explicit", 10_000),
        (1770091506, US, "explicit", 1_000_000),
        (1770091506789, US + 789_000, "explicit", 1000),
        (1770091506789123, US + 789_123, "explicit", 1),
        ("1770091506789123456", US + 789_123, "explicit", 1),
        (1770091506.5, US + 500_000, "explicit", 100_000),
        (638_481_757_794_854_611, 1_712_578_979_485_461, TICKS_ASSUMED, 1),
    ],
)
def test_a_time_is_read_and_its_own_text_kept(
    value: object, us: int, zone: str, resolution: int
) -> None:
    assert read_time(value, "ts") == When(us, str(value), "ts", zone, resolution)


@pytest.mark.parametrize(
    "value",
    [
        None, True, "", "soon", "11/10/2026", "12-06 14:09:27", "2026-13-01", "2026-02-03T25:00:00Z",
        "2026-02-03T04:05:99Z", 0, 12, -1770091506, 10**30, 1e300, float("nan"), [], {},
        "03/Foo/2026:05:05:06 +0100", "2026-02-30T04:05:06.789Z", "0000-01-01",
        "2026-02-03 04:05:06+99", "2026-W06-2T04:05:06Z", "2026-W06-2T04:05:06.789Z",
        "2026/02/30", "2026/2-3", "03-Foo-26 04:05 AM", "03-Feb-26 14:05 PM", "2026-2-3 0:05 AM", "Foo 3, 2026",
    ],
)  # fmt: skip
def test_what_states_no_instant_is_not_read(value: object) -> None:
    assert read_time(value, "ts") is None


def test_a_fraction_is_kept_as_it_was_printed() -> None:
    raw = b'{"x":{"tstamp": 1711076966.371617794}}'
    assert read_time(1711076966.371617794, "tstamp", raw) == When(
        1_711_076_966_371_617, "1711076966.371617794", "tstamp", "explicit", 1
    )


@given(st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2199, 12, 30)))  # noqa: DTZ001 - naive bounds
def test_every_instant_comes_back_in_every_form(moment: dt.datetime) -> None:
    aware = moment.replace(tzinfo=dt.UTC)
    us = to_us(aware)
    whole = us // 1_000_000
    found = [
        read_time(each, "t") for each in (aware.isoformat(), whole, f"{whole}.{us % 10**6:06}")
    ]
    assert [each and each.us for each in found] == [us, whole * 1_000_000, us]
    assert aware - EPOCH == dt.timedelta(microseconds=us)


@pytest.mark.parametrize(
    ("written", "took"),
    [("735.200735ms", 735), ("955.594µs", 1), ("1m2.5s", 62_500), ("127ns", 0), ("1h", 3_600_000), ("", None),
     ("1.5", None), ("1.5s later", None), (1.5, None), (None, None)],
)  # fmt: skip
def test_a_duration_as_it_is_printed(written: object, took: int | None) -> None:
    assert printed_milliseconds(written) == took

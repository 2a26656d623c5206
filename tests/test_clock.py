import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit import clock

LEAST, MOST = -62_135_596_800_000_000, 253_402_300_799_999_999  # years 1 to 9999


def test_now_is_aware_utc_and_the_same_in_microseconds() -> None:
    before, us, after = clock.now(), clock.now_us(), clock.now()
    assert before.tzinfo is dt.UTC
    assert before <= clock.from_us(us) <= after


@pytest.mark.parametrize(
    ("us", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (1_767_225_600_000_000, "2026-01-01T00:00:00Z"),
        (2_147_483_648_000_001, "2038-01-19T03:14:08.000001Z"),
        (MOST, "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_times_are_written_in_iso_with_z(us: int, text: str) -> None:
    assert clock.iso(us) == text
    assert clock.to_us(dt.datetime.fromisoformat(text)) == us


@given(st.integers(LEAST, MOST))
def test_no_microsecond_is_lost_on_the_way(us: int) -> None:
    assert clock.to_us(clock.from_us(us)) == us
    assert clock.to_us(dt.datetime.fromisoformat(clock.iso(us))) == us


def test_other_zones_are_the_same_instant() -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=45))
    assert clock.to_us(dt.datetime(1970, 1, 1, 5, 45, tzinfo=zone)) == 0

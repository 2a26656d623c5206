from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit import clock
from casekit.errors import CaseKitError
from casekit.queries.moments import When, bounds, stretch


def us(text: str) -> int:
    return clock.to_us(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2025-12", "2025-12-01", "2026-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2026-01-14 09:12", "2026-01-14 09:12", "2026-01-14 09:13"),
        ("2026-01-14T09:12:44", "2026-01-14 09:12:44", "2026-01-14 09:12:45"),
    ],
)
def test_a_text_is_as_long_as_it_is_exact(text: str, first: str, after: str) -> None:
    assert stretch(text) == (us(first), us(after))


def test_it_is_read_in_its_zone() -> None:
    assert stretch("2026-01-14", "+08:00") == (us("2026-01-13 16:00"), us("2026-01-14 16:00"))
    summer = stretch("2026-03-29", "Europe/Berlin")  # a day of 23 hours
    assert summer == (us("2026-03-28 23:00"), us("2026-03-29 22:00"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13",
        "2026-02-30",
        "14.01.2026",
        "2026-1-4",
        "0026",
        "9999-12-31",
        "２０２６",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CaseKitError, match="is no date"):
        stretch(text)


def test_kinds_leave_open_what_nobody_knows() -> None:
    day = (us("2026-01-14"), us("2026-01-15"))
    assert bounds("on", "2026-01-14", "", "UTC") == bounds("about", "2026-01-14", "", "UTC") == day
    assert bounds("before", "2026-01-14", "", "UTC") == (None, day[0])
    assert bounds("after", "2026-01-14", "", "UTC") == (day[1], None)
    assert bounds("range", "2026-01-14", "2026-02", "UTC") == (day[0], us("2026-03-01"))
    assert When().bounds() == (None, None)


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (When("range", "2026-02-02", "2026-02-01"), "cannot end before"),
        (When("range", "2026"), "range needs"), (When("on"), "need one day"),
        (When("on", "2026", "2027"), "range needs"), (When("none", "2026"), "is meant"),
        (When("soon", "2026"), "choose one"), (When("on", "2026", "", "Mars"), "no way to read"),
    ],
)  # fmt: skip
def test_a_date_that_says_too_little_or_too_much_is_refused(when: When, why: str) -> None:
    with pytest.raises(CaseKitError, match=why):
        when.bounds()


@given(
    st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)), st.integers(-12, 14)
)
def test_days_follow_one_another_without_a_gap(day: dt.date, hours: int) -> None:
    zone = f"{'-' if hours < 0 else '+'}{abs(hours):02}:00"
    end = stretch(day.isoformat(), zone)[1]
    if day < dt.date(2199, 12, 31):
        assert stretch((day + dt.timedelta(days=1)).isoformat(), zone)[0] == end

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ingest import chat_stamps
from casekit.queries import zones
from casekit.queries.zones import AHEAD_US, BEHIND_US, HOUR_US, Shift, shifts

UTC_RULE = "assumed:no zone given, read as UTC"
MAPPED = "assumed:the mapping says Europe/Berlin"
FIRST, LAST = 63_072_000_000_000, 4_000_000_000_000_000  # 1972 to 2096
names = st.sampled_from(zones.zone_names())
# Whole minutes, often those near a change of clocks, which fall on few of all hours of a year.
times = st.integers(FIRST // 60_000_000, LAST // 60_000_000).map(lambda n: n * 60_000_000)


def us(text: str) -> int:
    return clock.to_us(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC))


def at(found: list[Shift], moment: int) -> tuple[int, int]:
    """What is added to an instant as assumed, and how wide it gets."""
    (one,) = (s for s in found if s.from_us <= moment < s.until_us)
    return one.shift_us, one.wide_us


def true_instants(local: int, zone: dt.tzinfo) -> list[int]:
    """Every instant at which the zone's clock shows this, found by asking the clock."""
    offsets = {
        clock.from_us(local + hours * HOUR_US).astimezone(zone).utcoffset() // clock.MICROSECOND
        for hours in range(-50, 51)
    }
    shown = {local - o: clock.from_us(local - o).astimezone(zone) for o in offsets}
    return sorted(u for u, moment in shown.items() if us(f"{moment:%Y-%m-%dT%H:%M:%S.%f}") == local)


@settings(deadline=None)
@given(names, times)
def test_a_local_time_becomes_every_instant_at_which_the_clock_shows_it(
    name: str, local: int
) -> None:
    zone = ZoneInfo(name)
    shift, wide = at(shifts(name, UTC_RULE, local, local), local)
    true = true_instants(local, zone)
    if true:
        assert (local + shift, local + shift + wide) == (true[0], true[-1])
    else:  # skipped by the clock: as it was read before the change, and as after it
        assert wide > 0
        shown = [clock.from_us(local + s).astimezone(zone) for s in (shift, shift + wide)]
        early, late = (us(f"{moment:%Y-%m-%dT%H:%M:%S}") for moment in shown)
        assert early < local < late


@settings(deadline=None)
@given(st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
       st.integers(0, 400_000))  # fmt: skip
def test_stretches_follow_each_other_without_a_gap(name: str, hours: int) -> None:
    first = FIRST + hours * HOUR_US
    found = shifts(name, UTC_RULE, first, first + 3 * 366 * zones.DAY_US)
    assert found[0].from_us <= first
    assert found[-1].until_us > first + 3 * 366 * zones.DAY_US
    for one, after in pairwise(found):
        assert one.until_us == after.from_us
        assert (one.shift_us, one.wide_us) != (after.shift_us, after.wide_us)


@settings(deadline=None)
@given(names, times)
def test_what_a_mapping_read_in_a_zone_is_read_in_another_one(name: str, local: int) -> None:
    """Read as the mapping read it, the local time is again what was written, or one that Berlin skips."""
    assumed = clock.to_us(
        clock.from_us(local).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(dt.UTC)
    )
    shift, wide = at(shifts(name, MAPPED, assumed, assumed), assumed)
    direct, more = at(shifts(name, UTC_RULE, local, local), local)
    earliest, latest = local + direct, local + direct + more
    assert assumed + shift <= earliest
    assert assumed + shift + wide >= latest
    if not at(shifts("as-assumed", MAPPED, assumed, assumed), assumed)[1]:
        assert (assumed + shift, wide) == (earliest, more)


@pytest.mark.parametrize(
    ("reading", "local", "earliest", "wide"),
    [
        ("Asia/Shanghai", "2025-03-05T14:00", "2025-03-05T06:00", 0),
        ("+08:00", "2025-03-05T14:00", "2025-03-05T06:00", 0),
        ("-0330", "2025-03-05T14:00", "2025-03-05T17:30", 0),
        ("UTC", "2025-03-05T14:00", "2025-03-05T14:00", 0),
        ("as-assumed", "2025-03-05T14:00", "2025-03-05T14:00", 0),
        ("America/New_York", "2025-11-02T01:30", "2025-11-02T05:30", HOUR_US),  # twice
        ("America/New_York", "2025-11-02T02:00", "2025-11-02T07:00", 0),
        ("America/New_York", "2025-03-09T01:59:59", "2025-03-09T06:59:59", 0),
        ("America/New_York", "2025-03-09T02:00", "2025-03-09T06:00", HOUR_US),  # never
        ("America/New_York", "2025-03-09T03:00", "2025-03-09T07:00", 0),
        ("Australia/Lord_Howe", "2025-04-06T01:45", "2025-04-05T14:45", HOUR_US // 2),
    ],
)  # fmt: skip
def test_readings_of_one_local_time(reading: str, local: str, earliest: str, wide: int) -> None:
    found = shifts(reading, UTC_RULE, us(local), us(local))
    assert at(found, us(local)) == (us(earliest) - us(local), wide)


def test_what_a_mapping_read_at_a_change_of_its_clock_is_owned_up_to() -> None:
    written = us("2025-10-26T00:30")  # 02:30 in Berlin, which its clock shows twice
    assert at(shifts("as-assumed", MAPPED, written, written), written) == (0, HOUR_US)
    skipped = us("2025-03-30T01:30")  # 03:30 there; 02:30, which it skips, was read as this too
    assert at(shifts("as-assumed", MAPPED, skipped, skipped), skipped) == (-HOUR_US, HOUR_US)
    assert at(shifts("+03:00", MAPPED, written, written), written) == (-HOUR_US, 0)


def test_what_is_left_out_has_no_instant_and_no_zone_is_looked_up_beyond_its_years() -> None:
    assert shifts("left-out", UTC_RULE, FIRST, LAST) == []
    far = us("1821-05-05T12:00")
    assert [s for s in shifts("Europe/Paris", UTC_RULE, far, far) if s.from_us <= far] == []
    assert at(shifts("+01:00", UTC_RULE, far, far), far) == (-HOUR_US, 0)


@pytest.mark.parametrize("wrong", ["", "Asia", "Asia/Shangai", "../etc/passwd", "+15:00", "-12:30", "+01:75",
                                   "localtime", "Factory", "posixrules", "GMT+8 "])  # fmt: skip
def test_what_is_no_reading_is_refused(wrong: str) -> None:
    with pytest.raises(CaseKitError, match="no way to read a time"):
        shifts(wrong, UTC_RULE, FIRST, FIRST)


@settings(deadline=None)
@given(names, times)
def test_day_and_month_are_exchanged_before_a_time_is_read(name: str, local: int) -> None:
    written = clock.from_us(local)
    rule = UTC_RULE + zones.ORDER_ASSUMED[0]
    found = shifts(name, rule, local, local, swapped=True)
    if written.day > 12:
        assert found == []
        return
    other = clock.to_us(written.replace(month=written.day, day=written.month))
    shift, wide = at(found, local)
    direct, more = at(shifts(name, rule, other, other), other)
    assert (local + shift, wide) == (other + direct, more)


def test_days_are_exchanged_only_where_their_order_was_assumed() -> None:
    first, last = us("2021-03-01T00:00"), us("2021-04-12T23:59")
    found = shifts("UTC", UTC_RULE + zones.ORDER_ASSUMED[1], first, last, swapped=True)
    assert [s.from_us for s in found] == [
        us(f"2021-{month:02}-{day:02}T00:00") for month in (3, 4) for day in range(1, 13)
    ]
    for rule, reading in ((UTC_RULE, "UTC"), (UTC_RULE + zones.ORDER_ASSUMED[0], "left-out")):
        with pytest.raises(CaseKitError, match="where their order was assumed"):
            shifts(reading, rule, first, last, swapped=True)


def test_how_far_off_an_assumption_may_be() -> None:
    assert zones.doubt(UTC_RULE) == (AHEAD_US, BEHIND_US)
    assert zones.doubt(MAPPED) == (26 * HOUR_US, 26 * HOUR_US)
    assert zones.ORDER_ASSUMED == (chat_stamps.ORDER_ASSUMED, chat_stamps.US_ASSUMED)
    days = [dt.date(2025, month, day) for month in range(1, 13) for day in range(1, 13)]
    swapped = max(abs(day - day.replace(month=day.day, day=day.month)).days for day in days)
    assert zones.doubt(UTC_RULE + chat_stamps.US_ASSUMED) == (
        AHEAD_US + swapped * zones.DAY_US, BEHIND_US + swapped * zones.DAY_US,
    )  # fmt: skip

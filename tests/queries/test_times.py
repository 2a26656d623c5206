from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casekit import clock
from casekit.ops import journal
from casekit.ops.items import NewItem
from casekit.ops.times import decide_time
from casekit.queries import filters, items, times
from casekit.queries.times import Instant, TimeDecision
from casekit.queries.zones import AHEAD_US, BEHIND_US, HOUR_US, ORDER_ASSUMED
from casekit.store.case import Case
from casekit.store.tables import item
from tests.builders import file_items, make_item

RULE = "assumed:no zone given, read as UTC"
MAPPED = "assumed:the mapping says Europe/Berlin"
WHY = "The phone was bought and used in Shanghai."


def us(text: str) -> int:
    return clock.to_us(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC))


def timed(text: str, zone: str = RULE, field: str = "line", **columns: object) -> NewItem:
    when = {"sent_us": us(text), "sent_raw": text, "sent_field": field, "sent_zone": zone}
    return make_item(text, **{**when, "sent_resolution_us": 1_000_000, **columns})


@pytest.fixture
def timed_case(case: Case, tmp_path: Path) -> Case:
    """Two chats without a zone (1 to 3, 4 and 5), one line that names it (6), and an item without any (7)."""
    chat = ["2025-03-05T14:00:00", "2025-03-05T23:30:00", "2025-11-02T01:30:00"]
    file_items(case, [timed(text) for text in chat], tmp_path, "first.txt")
    second = [timed("2025-03-06T05:00:00"), timed("2025-03-06T06:00:00", MAPPED)]
    file_items(case, [*second, timed("2025-03-06T07:00:00", "explicit")], tmp_path, "second.txt")
    file_items(case, [make_item("no time")], tmp_path, "third.txt")
    return case


def ids(case: Case, condition: object) -> list[int]:
    with case.read() as s:
        query = select(item.c.id).where(condition).order_by(item.c.id)  # type: ignore[arg-type]
        return list(s.execute(query).scalars())


def decide(case: Case, numbers: list[int], reading: str) -> journal.Changes:
    with case.write() as s:
        return decide_time(s, numbers, reading, WHY)


def states(case: Case) -> dict[str, list[int]]:
    return {state: ids(case, times.in_state(state)) for state in times.STATES}


def test_times_that_had_to_be_assumed_are_grouped_by_original_field_and_rule(
    timed_case: Case,
) -> None:
    with timed_case.read() as s:
        first, second, mapped = times.groups(s)
        assert times.undecided_groups(s) == 3
        assert [times.group_of(s, n) for n in range(1, 9)] == [1, 1, 1, 4, 5, None, None, None]
    assert (first.number, first.path, first.field, first.items) == (1, "first.txt", "line", 3)
    assert first.rule == "no zone given, read as UTC"
    assert (first.first_us, first.last_us) == (us("2025-03-05T14:00:00"), us("2025-11-02T01:30:00"))
    assert sorted(first.samples) == [
        "2025-03-05T14:00:00", "2025-03-05T23:30:00", "2025-11-02T01:30:00",
    ]  # fmt: skip
    assert (second.number, second.items, second.decision) == (4, 1, None)
    assert (mapped.number, mapped.rule) == (5, "the mapping says Europe/Berlin")


def test_what_is_decided_may_be_used_and_what_is_not_may_not(timed_case: Case) -> None:
    assert ids(timed_case, times.usable()) == [6]
    assert states(timed_case) == {
        "exact": [6], "undecided": [1, 2, 3, 4, 5], "decided": [], "left-out": [],
    }  # fmt: skip
    decide(timed_case, [2], "Asia/Shanghai")
    decide(timed_case, [4], "left-out")
    assert ids(timed_case, times.usable()) == [1, 2, 3, 6]
    assert states(timed_case) == {
        "exact": [6], "undecided": [5], "decided": [1, 2, 3], "left-out": [4],
    }  # fmt: skip
    with timed_case.read() as s:
        assert [g.number for g in times.groups(s, undecided=True)] == [5]
        (first, *_) = times.groups(s)
    assert first.decision is not None
    assert (first.decision.reading, first.decision.reason) == ("Asia/Shanghai", WHY)
    assert first.decision.by == timed_case.actor


def test_the_instant_of_an_item_says_how_far_it_can_be_relied_on(timed_case: Case) -> None:
    with timed_case.read() as s:
        assumed = us("2025-03-05T14:00:00")
        assert times.instants(s, [1, 7]) == {
            1: Instant(assumed, assumed, "undecided", "no zone given, read as UTC")
        }
    done = decide(timed_case, [1], "America/New_York")
    with timed_case.read() as s:
        found = times.instants(s, range(1, 8))
        rows = {row.id: row for row in items.rows(s, range(1, 8))}
        view = items.view(s, 3)
    said = TimeDecision("America/New_York", WHY, timed_case.actor, found[1].decision.at_us)  # type: ignore[union-attr]
    assert found[1] == Instant(
        us("2025-03-05T19:00:00"), assumed, "decided", "no zone given, read as UTC", 0, said
    )
    assert (found[3].us, found[3].wide_us) == (us("2025-11-02T05:30:00"), HOUR_US)  # shown twice
    assert [found[n].is_sure for n in range(1, 7)] == [True, True, False, False, False, True]
    assert found[6] == Instant(us("2025-03-06T07:00:00"), us("2025-03-06T07:00:00"), "exact")
    assert {n: rows[n].time for n in found} == found
    assert {n: rows[n].sent_us for n in found} == {n: each.us for n, each in found.items()}
    assert (rows[7].sent_us, rows[7].time) == (None, Instant())
    assert (view.row.time, view.sent_resolution_us) == (found[3], HOUR_US + 1_000_000)
    with timed_case.write() as s:
        journal.undo(s, done.act)
    assert ids(timed_case, times.usable()) == [6]


def test_what_is_kept_once_computed_rests_on_stated_zones_alone(timed_case: Case) -> None:
    decide(timed_case, [1], "Asia/Shanghai")
    with timed_case.read() as s:
        stated = s.execute(select(times.stated_us()).order_by(item.c.id)).scalars().all()
    assert stated == [None] * 5 + [us("2025-03-06T07:00:00"), None]


def test_lists_by_date_follow_the_decision(timed_case: Case) -> None:
    with timed_case.read() as s:
        assert list(items.item_ids(s, order="date")) == [1, 2, 4, 5, 6, 3, 7]
        assert times.by_instant(s) is item.c.sent_us
    decide(timed_case, [4], "-12:00")
    with timed_case.read() as s:
        assert list(items.item_ids(s, order="date")) == [1, 2, 5, 6, 4, 3, 7]
        assert list(items.item_ids(s, order="-date")) == [3, 4, 6, 5, 2, 1, 7]


def found(
    case: Case, first: str, last: str, *, surely: bool = False, but: bool = False
) -> list[int]:
    node: filters.Node = filters.date_range(first, last)
    return ids(case, filters.where(filters.Not(node) if but else node, surely=surely))


def test_a_range_of_dates_loses_no_item_over_a_doubt(timed_case: Case) -> None:
    assert found(timed_case, "2025-03-05", "2025-03-05") == [1, 2, 4, 5]
    assert found(timed_case, "2025-03-05", "2025-03-05", surely=True) == []
    assert found(timed_case, "2025-03-05", "2025-03-05", but=True) == [1, 2, 3, 4, 5, 6, 7]
    assert found(timed_case, "2025-03-05", "2025-03-05", surely=True, but=True) == [3, 6, 7]
    assert found(timed_case, "2025-03", "2025-03", surely=True) == [1, 2, 4, 5, 6]
    decide(timed_case, [1], "Asia/Shanghai")
    assert found(timed_case, "2025-03-05", "2025-03-05", surely=True) == [1, 2]
    decide(timed_case, [1], "-11:00")
    assert found(timed_case, "2025-03-05", "2025-03-05") == [4, 5]
    assert found(timed_case, "2025-03-06", "2025-03-06", surely=True) == [1, 2, 6]
    decide(timed_case, [1], "left-out")
    assert found(timed_case, "2025", "2025") == [4, 5, 6]
    assert found(timed_case, "2025", "2025", surely=True, but=True) == [1, 2, 3, 7]


def test_a_time_that_the_clock_shows_twice_is_in_the_ranges_of_both(timed_case: Case) -> None:
    decide(timed_case, [1], "America/New_York")  # item 3 is 05:30 or 06:30 UTC
    ends = [us(f"2025-11-02T{clock}") for clock in ("05:00", "06:00", "07:00")]
    inside = [
        (surely, 3 in ids(timed_case, times.in_range(start, stop, surely=surely)))
        for surely in (False, True)
        for start, stop in (
            (ends[0], ends[1]),
            (ends[1], ends[2]),
            (ends[0], ends[2]),
            (ends[2], None),
        )
    ]
    assert inside == [
        (False, True), (False, True), (False, True), (False, False),
        (True, False), (True, False), (True, True), (True, False),
    ]  # fmt: skip


def test_a_day_and_a_month_that_may_be_each_other_s_are_found_on_either_day(
    case: Case, tmp_path: Path
) -> None:
    chat = [timed("2021-04-03T10:00:00", f"{RULE}{end}") for end in ORDER_ASSUMED]
    file_items(case, chat, tmp_path, "chat.txt")
    assert found(case, "2021-03-04", "2021-03-04") == [1, 2]
    assert found(case, "2021-03-04", "2021-03-04", surely=True, but=True) == []
    assert found(case, "2020-01", "2020-01") == []
    with case.read() as s:
        time = times.instants(s, [1])[1]
    assert (time.is_day_open, time.off_hours) == (True, 14)
    decide(case, [1], "UTC")
    assert found(case, "2021-03-04", "2021-03-04") == [2]
    with case.write() as s:
        decide_time(s, [2], "+08:00", WHY, swapped=True)
    with case.read() as s:
        (_, group) = times.groups(s)
        time = times.instants(s, [2])[2]
    assert (time.us, time.state) == (us("2021-03-04T02:00:00"), "decided")
    assert group.decision == time.decision
    assert group.decision is not None
    assert group.decision.swapped


LOCALS = st.datetimes(dt.datetime(2024, 12, 1), dt.datetime(2025, 12, 1))  # noqa: DTZ001


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "+05:45", "as-assumed", "left-out", ""]),
    st.integers(1, 5), LOCALS, st.integers(0, 100),
)  # fmt: skip
def test_ranges_are_the_same_in_the_database_and_by_hand(
    timed_case: Case, reading: str, number: int, start: dt.datetime, hours: int
) -> None:
    if reading:
        decide(timed_case, [number], reading)
    start_us = us(start.isoformat())
    stop_us = start_us + hours * HOUR_US
    with timed_case.read() as s:
        known = times.instants(s, range(1, 8))
    for surely in (False, True):
        expected = []
        for n, time in known.items():
            early = late = time.us or 0
            if time.state == "undecided":
                mapped = time.rule.startswith("the mapping")
                early -= AHEAD_US + mapped * BEHIND_US
                late += BEHIND_US + mapped * AHEAD_US
            late += time.wide_us
            inside = (early >= start_us and late < stop_us) if surely else (
                late >= start_us and early < stop_us
            )  # fmt: skip
            if inside and time.state != "left-out":
                expected.append(n)
        assert ids(timed_case, times.in_range(start_us, stop_us, surely=surely)) == expected
    assert ids(timed_case, times.in_range(None, None)) == [
        n for n, time in known.items() if time.state != "left-out"
    ]


def test_a_time_reaches_as_far_as_its_doubt_and_what_its_text_can_express() -> None:
    assert times.reach(Instant()) is None
    assert times.reach(Instant(5, 5, "exact")) == (5, 5)
    assert times.reach(Instant(5, 5, "exact"), 1_000_000) == (5, 1_000_004)
    assert times.reach(Instant(5, 5, "left-out", "x")) is None
    rule = RULE.removeprefix("assumed:")
    assert times.reach(Instant(0, 0, "undecided", rule)) == (-AHEAD_US, BEHIND_US)
    assert times.reach(Instant(7, 0, "decided", rule, 100)) == (7, 107)

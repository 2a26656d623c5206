from __future__ import annotations

import pytest

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops import facts
from casekit.ops.events import add_event
from casekit.queries import events
from casekit.queries.moments import When
from casekit.store.case import Case


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "first", "stop"),
    [
        ("2026", "", "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2026-03", "2026-04", "UTC", "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"),
        ("2026-03-14", "", "Asia/Shanghai", "2026-03-13T16:00:00Z", "2026-03-14T16:00:00Z"),
        ("2026-03-14 09:30", "", "+08:00", "2026-03-14T01:30:00Z", "2026-03-14T01:31:00Z"),
        ("2026-03-14 09:30:05", "", "UTC", "2026-03-14T09:30:05Z", "2026-03-14T09:30:06Z"),
    ],
)
def test_a_date_as_people_write_it_is_a_stretch_of_time(
    starts: str, ends: str, zone: str, first: str, stop: str
) -> None:
    assert tuple(map(clock.iso, events.bounds(starts, ends, zone))) == (first, stop)


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "said"),
    [
        ("", "", "UTC", "is no date"),
        ("2026-02-30", "", "UTC", "is no date"),
        ("2026-03-14 25:00", "", "UTC", "is no date"),
        ("٢٠٢٦", "", "UTC", "is no date"),
        ("2026-03", "2026-02", "UTC", "ends before it starts"),
        ("2026", "", "Nowhere/Town", "no way to read a time"),
    ],
)
def test_what_is_no_date_is_refused(starts: str, ends: str, zone: str, said: str) -> None:
    with pytest.raises(CaseKitError, match=said):
        events.bounds(starts, ends, zone)


def test_facts_with_a_date_stand_among_them_and_those_without_do_not(case: Case) -> None:
    with case.write() as s:
        facts.add_fact(s, "They knew", when=When("before", "2026-03"))
        facts.add_fact(s, "They met", when=When("range", "2026-01", "2026-02"), status="undisputed")
        facts.add_fact(s, "Somewhen")
    with case.read() as s:
        rows = events.fact_events(s)
    assert [(r.fact_id, r.kind, r.title, r.when) for r in rows] == [
        (2, "fact", "They met", "2026-01 … 2026-02"), (1, "fact", "They knew", "before 2026-03"),
    ]  # fmt: skip
    assert clock.iso(rows[0].stop_us) == "2026-03-01T00:00:00Z"
    assert rows[1].stop_us - rows[1].start_us == 1
    assert rows[0].note == "undisputed"


def test_events_are_listed_in_order_of_time(case: Case) -> None:
    with case.write() as s:
        add_event(s, "Suit filed", "2026-05-02", kind="legal")
        add_event(s, "Aurora-4", "2026-03", ends="2026-04", kind="release", note="In two steps")
    with case.read() as s:
        rows = events.events(s)
        assert [(r.id, r.title, r.when, r.kind, r.note) for r in rows] == [
            (2, "Aurora-4", "2026-03 … 2026-04", "release", "In two steps"),
            (1, "Suit filed", "2026-05-02", "legal", ""),
        ]
        assert events.event(s, 2) == rows[0]
        with pytest.raises(CaseKitError, match="no event 9"):
            events.event(s, 9)

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import journal
from casekit.ops.times import decide_time
from casekit.queries import items, times
from casekit.store.case import Case
from casekit.store.tables import item, time_decision, time_shift
from tests.builders import file_items
from tests.queries.test_times import timed

WHY = "The log’s host ran on Shanghai time, says its administrator."


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    file_items(
        case, [timed("2025-03-05T14:00:00"), timed("2025-11-02T01:30:00")], tmp_path, "a.log"
    )
    file_items(
        case,
        [timed("1821-05-05T12:00:00"), timed("2025-03-05T14:00:00", "explicit")],
        tmp_path,
        "b.log",
    )
    return case


def decided(case: Case) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    with case.read() as s:
        said = select(time_decision.c.id, time_decision.c.original_id, time_decision.c.reading)
        found = [tuple(row) for row in s.execute(said)]
        return found, [tuple(row) for row in s.execute(select(time_shift))]


def test_a_decision_is_kept_replaced_and_taken_back_and_leaves_items_alone(filed: Case) -> None:
    with filed.read() as s:
        before = s.execute(select(item).order_by(item.c.id)).all()
    with filed.write() as s:
        first = decide_time(s, [2, 1, 2], "America/New_York", f"  {WHY} ")
    assert (first.label, first.kinds) == ("Times read as America/New_York", {"times", "items"})
    new_york = decided(filed)
    assert new_york[0] == [(1, 1, "America/New_York")]
    with filed.write() as s:
        second = decide_time(s, [1], "+08:00", WHY)
    assert len(decided(filed)[1]) == 1
    with filed.read() as s:
        assert items.rows(s, [1])[0].sent_us == before[0].sent_us - 8 * 3_600_000_000
        (group,) = [g for g in times.groups(s) if g.number == 1]
    assert group.decision is not None
    assert (group.decision.reading, group.decision.reason) == ("+08:00", WHY)
    with (
        pytest.raises(CaseKitError, match="a later act, “Times read as \\+08:00”"),
        filed.write() as s,
    ):
        journal.undo(s, first.act)
    with filed.write() as s:
        undone = journal.undo(s, second.act)
    assert decided(filed) == new_york
    assert "times" in undone.kinds
    with filed.write() as s:
        journal.undo(s, first.act)
    assert decided(filed) == ([], [])
    with filed.write() as s:
        journal.undo(s, undone.act + 1)  # redo
    assert decided(filed) == new_york
    with filed.read() as s:
        assert s.execute(select(item).order_by(item.c.id)).all() == before
    assert verify(filed).damaged == []


def test_verify_names_a_decision_that_nobody_made(filed: Case) -> None:
    with filed.write() as s:
        decide_time(s, [1], "+08:00", WHY)
    with filed.write() as s:
        s.execute(time_shift.update().values(shift_us=0))
        s.execute(time_decision.update().values(reason="Because."))
    damaged = [d.what.split(",")[0] for d in verify(filed).damaged]
    assert damaged == ["table time_decision", "table time_shift"]


@pytest.mark.parametrize(
    ("number", "reading", "reason", "why"),
    [
        (1, "Asia/Shanghai", "  ", "needs a reason"), (1, "Shanghai", WHY, "no way to read a time"),
        (4, "+08:00", WHY, "Item 4 has no time whose zone was assumed"), (9, "+08:00", WHY, "Item 9 has no"),
        (3, "Europe/Paris", WHY, "before 1970"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_changes_nothing(
    filed: Case, number: int, reading: str, reason: str, why: str
) -> None:
    with pytest.raises(CaseKitError, match=why), filed.write() as s:
        decide_time(s, [1, number], reading, reason)
    assert decided(filed) == ([], [])


def test_times_before_the_years_of_zones_can_be_read_at_an_offset(filed: Case) -> None:
    with filed.write() as s:
        decide_time(s, [3], "+00:09", WHY)
    with filed.read() as s:
        assert times.instants(s, [3])[3].state == "decided"

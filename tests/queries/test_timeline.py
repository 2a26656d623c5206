from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from casekit import clock
from casekit.errors import CaseKitError
from casekit.ops.events import add_event
from casekit.ops.times import decide_time
from casekit.queries import timeline, times
from casekit.queries.timeline import Axis
from casekit.store import arrays
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail

DAY = 86_400_000_000


def at(text: str) -> int:
    return clock.to_us(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC))


def axis_of(case: Case) -> Axis:
    read = arrays.read(case)
    with case.read() as s:
        return timeline.axis(s, read)


@pytest.fixture
def dated(case: Case, tmp_path: Path) -> Case:
    """Exchanges 1-4 of two accounts, mails 5-6, of which 6 has no zone, items 7-8 without an instant."""
    made = []
    for n, account in enumerate(("a", "a", "b", ""), 1):
        new = make_exchange(f"Q{n}", f"A{n}", "m", account=account or None)
        new.columns |= {"sent_us": at(f"2026-01-0{n} 23:30"), "sent_zone": "explicit"}
        made.append(new)
    local = make_mail("Local", "a@x.example", "b@x.example", at("2026-01-02 12:00"))
    local.columns |= {"sent_zone": "assumed:UTC, none is written", "sent_field": "Date"}
    yearless = make_item("Yearless", sent_raw="Jan 5 10:00")
    file_items(case, [*made, make_mail("Hi", "a@x.example", "b@x.example", at("2026-01-05 00:00")),
                      local, yearless, make_item("Dateless")], tmp_path)  # fmt: skip
    return case


def test_items_stand_in_order_of_time_and_the_doubtful_apart(dated: Case) -> None:
    axis = axis_of(dated)
    assert axis.ids.tolist() == [1, 2, 3, 4, 5]
    assert (axis.undecided.tolist(), axis.left_out, axis.unclear, axis.without) == ([6], 0, 1, 1)
    assert axis.between(at("2026-01-02 00:00"), at("2026-01-05 00:00")).tolist() == [2, 3, 4]
    assert axis.between(0, 2**60, ["letters"]).tolist() == [5]
    assert axis.undecided_between(at("2026-01-02 00:00"), at("2026-01-03 00:00")).tolist() == [6]


def test_counts_by_stretch_are_those_of_the_calendar_in_a_zone(dated: Case) -> None:
    axis = axis_of(dated)
    span = axis.span()
    assert span == (at("2026-01-01 23:30"), at("2026-01-05 00:00") + 1)
    found = timeline.counts(axis, *span, by="day", group="account")
    assert found.edges.tolist() == [at("2026-01-01 00:00") + n * DAY for n in range(6)]
    assert dict(zip(found.values, found.api.tolist(), strict=True)) == {
        "a": [1, 1, 0, 0, 0], "": [0, 0, 0, 1, 0], "b": [0, 0, 1, 0, 0],
    }  # fmt: skip
    assert found.tracks["letters"].tolist() == [0, 0, 0, 0, 1]
    assert found.undecided.tolist() == [0, 1, 0, 0, 0]
    shanghai = timeline.counts(axis, *span, by="day", zone="Asia/Shanghai")
    assert shanghai.tracks["api"].tolist() == [1, 1, 1, 1]
    assert shanghai.edges[0] == at("2026-01-01 16:00")
    hours = timeline.counts(axis, span[0], span[0] + 1, by="hour", zone="+05:30")
    assert hours.edges[0] == at("2026-01-01 23:30")


@pytest.mark.parametrize("reading", ["Asia/Shanghai", "left-out", "as-assumed"])
def test_a_decision_moves_items_as_the_rest_of_the_case_reads_them(
    dated: Case, reading: str
) -> None:
    with dated.write() as s:
        decide_time(s, [6], reading, "The server’s settings")
    axis = axis_of(dated)
    with dated.read() as s:
        instant = times.instants(s, [6])[6]
    if instant.state == "left-out":
        assert (axis.left_out, 6 in axis.ids, len(axis.undecided)) == (1, False, 0)
    else:
        assert axis.us[axis.ids == 6].tolist() == [instant.us]
        assert len(axis.undecided) == 0


def test_stretches_follow_the_calendar_also_over_changes_of_the_clock() -> None:
    lines = timeline.edges(at("2026-03-28 12:00"), at("2026-03-30 12:00"), "day", "Europe/Berlin")
    assert (np.diff(lines) // 3_600_000_000).tolist() == [24, 23, 24]
    months = timeline.edges(at("2025-11-15 00:00"), at("2026-01-15 00:00"), "month")
    assert [clock.iso(int(v))[:10] for v in months] == [
        "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01",
    ]  # fmt: skip
    assert clock.from_us(int(timeline.edges(at("2026-01-08 00:00"), 0, "week")[0])).weekday() == 0
    assert len(timeline.edges(at("0001-01-01 00:00"), at("0003-01-01 00:00"), "year", "-08:00")) > 2
    with pytest.raises(CaseKitError, match="too many"):
        timeline.edges(at("0001-01-01 00:00"), at("2026-01-01 00:00"), "hour")


def test_the_first_view_leaves_out_what_lies_far_off_and_holds_all_events(
    case: Case, tmp_path: Path
) -> None:
    made = [
        make_item(f"D{n}", sent_us=at("2026-01-01 00:00") + n * DAY // 10, sent_zone="explicit")
        for n in range(400)
    ]
    file_items(case, [make_item("Old", sent_us=0, sent_zone="explicit"), *made], tmp_path)
    with case.write() as s:
        add_event(s, "Suit filed", "2026-03-01")
    axis = axis_of(case)
    view = axis.first_view()
    assert view is not None
    assert view[0] > at("2025-12-01 00:00")
    assert view[1] >= at("2026-03-02 00:00")
    assert axis.span() == (0, at("2026-03-02 00:00"))


def test_rare_groups_are_one_series_and_nothing_is_lost(case: Case, tmp_path: Path) -> None:
    made = []
    for n in range(20):
        new = make_exchange(f"Q{n}", "A", "m", account=f"a{min(n, 9)}")
        new.columns |= {"sent_us": at("2026-01-01 00:00") + n, "sent_zone": "explicit"}
        made.append(new)
    file_items(case, made, tmp_path)
    found = timeline.counts(axis_of(case), 0, 2**51, by="year", group="account")
    assert found.has_rest
    assert (len(found.values), int(found.api.sum())) == (7, 20)
    assert int(found.api[-1].sum()) == 4

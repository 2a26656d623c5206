from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from casekit.queries.events import EventRow
from casekit.queries.timeline import Counts
from casekit.ui.time_chart import PATTERNS, Span, TimeAxis, TimeChart, brush_of

DAY_S = 86_400


def test_ticks_stand_where_days_and_months_of_the_zone_begin(dressed: object) -> None:
    axis = TimeAxis()
    axis.zone = "Asia/Shanghai"
    start = 1_767_225_600  # 2026-01-01 UTC
    ((_, ticks),) = axis.tickValues(start, start + 30 * DAY_S, 600)
    assert 2 <= len(ticks) <= 7
    assert {int(v) % DAY_S for v in ticks} == {16 * 3600}
    assert axis.tickStrings(ticks, 1, 1)[0] == "2026-01-05"  # a Monday
    ((_, months),) = axis.tickValues(start, start + 900 * DAY_S, 600)
    assert set(axis.tickStrings(months, 1, 1)) <= {
        f"{y}-{m:02}" for y in range(2026, 2029) for m in range(1, 13, 6)
    }
    ((_, hours),) = axis.tickValues(start, start + DAY_S, 600)
    assert all(text.endswith((":00",)) for text in axis.tickStrings(hours, 1, 1))


def test_no_two_series_are_told_apart_by_colour_alone(dressed: object) -> None:
    assert len({brush_of(n).style() for n in range(len(PATTERNS))}) == len(PATTERNS)


@pytest.mark.qt_log_ignore("not accepted by receiving widget", extend=True)
def test_dragging_brushes_a_span_and_a_click_lets_go(dressed: object, qtbot: QtBot) -> None:
    chart = TimeChart()
    qtbot.addWidget(chart)
    chart.resize(900, 420)
    chart.show()
    day = DAY_S * 1_000_000
    chart.show_whole(Span(0, 10 * day), Span(0, 10 * day), "UTC")
    edges = np.arange(11, dtype=np.int64) * day
    ten = np.arange(10, dtype=np.int64)
    chart.show_counts(Counts("day", "UTC", edges, np.array([ten, ten]), ("a", "b"), False,
                             dict.fromkeys(("api", "letters", "documents"), ten), ten * 0))  # fmt: skip
    lane = chart.lanes["api"]
    heard: list[Span | None] = []
    chart.brushed.connect(heard.append)

    def place(x_s: float) -> object:
        scene = lane.mapViewToScene(QPointF(x_s, 5))
        return chart.mapFromScene(scene)

    qtbot.mousePress(chart.viewport(), Qt.MouseButton.LeftButton, pos=place(2 * DAY_S))
    for at in (2.5, 3, 3.5, 4):
        qtbot.mouseMove(chart.viewport(), place(at * DAY_S))
        qtbot.wait(5)
    qtbot.mouseRelease(chart.viewport(), Qt.MouseButton.LeftButton, pos=place(4 * DAY_S))
    assert chart.brush is not None
    assert abs(chart.brush.start_us - 2 * day) < day // 10
    assert abs(chart.brush.stop_us - 4 * day) < day // 10
    chart.set_brush(None)
    assert heard[-1] is None


def test_titles_of_events_end_before_the_next_sign(dressed: object, qtbot: QtBot) -> None:
    chart = TimeChart()
    qtbot.addWidget(chart)
    chart.resize(900, 420)
    chart.show()
    day = DAY_S * 1_000_000
    chart.show_whole(Span(0, 100 * day), Span(0, 100 * day), "UTC")
    rows = [
        EventRow(n, "other", f"A rather long title of event {n}", "", "", "UTC", at * day,
                 at * day + stop * day, None, "", "", 0)
        for n, (at, stop) in enumerate(((10, 1), (11, 1), (12, 1), (30, 20), (13, 1), (14, 1), (80, 1)))
    ]  # fmt: skip
    chart.show_events(rows)
    titles = [title.textItem.toPlainText() for title in chart._titles]
    assert titles[0].endswith("…")  # the next on its line is 20 days later
    assert titles[1] == titles[2] == ""  # a day leaves no room
    assert titles[4].strip() == rows[4].title
    assert chart._titles[3].pos().x() == 50 * DAY_S  # after its bar, not upon it
    before = titles[0]
    chart.look(Span(5 * day, 40 * day))
    assert len(chart._titles[0].textItem.toPlainText()) > len(before)


def test_the_span_under_the_pointer_keeps_the_colour_of_the_theme(
    dressed: object, qtbot: QtBot
) -> None:
    chart = TimeChart()
    qtbot.addWidget(chart)
    for region in chart._regions:
        plain, pointed = region.brush.color(), region.hoverBrush.color()
        assert plain.getRgb()[:3] == pointed.getRgb()[:3]
        assert plain.alpha() < pointed.alpha() < 90

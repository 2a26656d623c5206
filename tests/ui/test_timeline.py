from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit import i18n
from casekit.ops import events
from casekit.queries import events as event_queries
from casekit.queries.timeline import Counts
from casekit.ui import theme
from casekit.ui.events import EventForm
from casekit.ui.items_model import COLUMNS, EXHIBIT, TAGS
from casekit.ui.time_chart import Span
from casekit.ui.timeline import TimelinePage
from casekit.ui.window import Window

Rest = Callable[..., None]
JANUARY_13, JANUARY_14 = 1_768_262_400_000_000, 1_768_348_800_000_000


@pytest.fixture
def page(window: Window, rest: Rest) -> Iterator[TimelinePage]:
    """The page over the sample case, with an event, read and drawn."""
    assert window.shell is not None
    with window.shell.case.write() as s:
        events.add_event(s, "Aurora-4 released", "2026-01-13", kind="release", item_id=351)
    made = TimelinePage(window.shell)
    window.stack.addWidget(made)
    window.stack.setCurrentWidget(made)
    made.shown()
    rest(lambda: made.counts is not None and not made._timer.isActive())
    yield made
    window.stack.removeWidget(made)
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def counts(page: TimelinePage) -> Counts:
    assert page.counts is not None
    return page.counts


def test_everything_with_a_time_is_drawn_and_the_rest_is_told(page: TimelinePage) -> None:
    found = counts(page)
    assert int(found.api.sum()) == 350
    assert int(found.tracks["letters"].sum()) == 24
    assert "days begin in UTC" in page.said.text()
    assert "subject: 150" in page.legend.toolTip()
    assert page.counts is not None
    i18n.use("zh")
    page._show_counts(page.counts)
    i18n.use("en")
    assert "被检模型: 150" in page.legend.toolTip().replace("：", ": ")
    texts = [page.apart.itemAt(n).widget().text() for n in range(page.apart.count())]
    assert any("without a time" in text for text in texts)
    assert [page.events.table.item(0, n).text() for n in (0, 3, 4)] == [
        "2026-01-13",
        "Aurora-4 released",
        "351",
    ]


def test_a_brushed_span_lists_its_items_and_opens_them_in_review(
    page: TimelinePage, window: Window, rest: Rest, qtbot: QtBot
) -> None:
    assert page.chart is not None
    assert page.list is not None
    page.chart.set_brush(Span(JANUARY_13, JANUARY_14))
    rest()
    axis = page.axis
    assert axis is not None
    wanted = axis.between(JANUARY_13, JANUARY_14).tolist()
    assert len(wanted) > 10
    assert page.model.ids.tolist() == wanted
    assert page.held.text().startswith(
        f"{len(wanted)} items · 2026-01-13 00:00 to 2026-01-14 00:00"
    )
    qtbot.keyClick(page.chart, Qt.Key.Key_Return)
    rest()
    assert window.workspace is not None
    assert sorted(window.workspace.model.ids.tolist()) == sorted(wanted)
    qtbot.keyClick(page.chart, Qt.Key.Key_Escape)
    rest()
    assert page.model.ids.tolist() == []
    assert not page.open.isEnabled()


def test_keys_brush_move_and_zoom(page: TimelinePage, rest: Rest, qtbot: QtBot) -> None:
    chart = page.chart
    assert chart is not None
    first = chart.view()
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    near = chart.view()
    assert near.stop_us - near.start_us < first.stop_us - first.start_us
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.view().start_us > near.start_us
    qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    begun = chart.brush
    qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert begun is not None
    assert chart.brush is not None
    assert chart.brush.start_us == begun.start_us
    assert chart.brush.stop_us > begun.stop_us
    rest(lambda: not page._timer.isActive())
    assert counts(page).edges[0] <= chart.view().start_us


def test_events_are_changed_and_taken_off_from_the_table(
    page: TimelinePage, window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows() -> list[str]:
        assert window.shell is not None
        with window.shell.case.read() as s:
            return [f"{e.title} {e.when}" for e in event_queries.events(s)]

    def answer(form: EventForm) -> dict[str, str]:
        form.title.setText("Aurora-4 in two steps")
        form.ends.setText("2026-01-15")
        form.check()
        assert form.trouble.text() == ""
        return form.values()

    monkeypatch.setattr(EventForm, "answer", answer)
    page.events.table.selectRow(0)
    page.events.edit.click()
    rest()
    assert rows() == ["Aurora-4 in two steps 2026-01-13 … 2026-01-15"]
    page.events.table.selectRow(0)
    page.events.remove.click()
    rest()
    assert rows() == []
    window.trigger("edit.undo")
    rest()
    assert page.events.table.rowCount() == 1


def test_another_theme_group_and_zone_redraw_it(page: TimelinePage, rest: Rest) -> None:
    page.group.setCurrentIndex(page.group.findData("account"))
    rest()
    assert counts(page).has_rest
    theme.apply(QApplication.instance(), "dark")  # type: ignore[arg-type]
    page.redress()
    theme.apply(QApplication.instance(), "light")  # type: ignore[arg-type]
    page.zones.addItem("Shanghai", "Asia/Shanghai")
    page.zones.setCurrentIndex(page.zones.count() - 1)
    rest()
    assert counts(page).zone == "Asia/Shanghai"
    assert "days begin in Asia/Shanghai" in page.said.text()


def test_the_list_of_a_span_has_neither_tags_nor_exhibits(page: TimelinePage) -> None:
    assert page.list is not None
    page.resize(1600, 900)
    QApplication.processEvents()
    assert [c for c in range(COLUMNS) if page.list.isColumnHidden(c)] == [TAGS, EXHIBIT]


def test_a_case_without_times_says_what_to_do(window: Window, rest: Rest, case: Any) -> None:
    assert window.shell is not None
    window.shell.case, kept = case, window.shell.case
    made = TimelinePage(window.shell)
    window.stack.addWidget(made)
    made.shown()
    rest()
    assert "import evidence" in made.said.text()
    assert made.chart is not None
    assert made.chart.isHidden()
    window.stack.removeWidget(made)
    made.deleteLater()
    window.shell.case = kept


def test_what_is_made_ahead_waits_for_its_counts_and_takes_another_theme(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.pages is not None
    page = window.pages.page("timeline")
    assert isinstance(page, TimelinePage)
    for _ in page.prepare():
        pass
    assert page.chart is not None
    assert page.list is not None
    assert page.chart.isHidden()
    done: list[str] = []
    monkeypatch.setattr(page.list.delegate, "redress", lambda: done.append(theme.name()))
    window.dress("dark")
    window.show_page("timeline")
    assert done == ["dark"]
    assert page.chart.backgroundBrush().color() == theme.current().colour("surface")
    rest()
    assert not page.chart.isHidden()
    assert window.focusWidget() is page.chart


def test_the_keys_go_to_the_chart_when_it_comes_late(window: Window, rest: Rest) -> None:
    window.show_page("timeline")
    assert window.pages is not None
    page = window.pages.page("timeline")
    assert isinstance(page, TimelinePage)
    assert page.chart is None
    rest()
    assert window.focusWidget() is page.chart

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.events import EventRow
from casekit.ui import event_table
from casekit.ui.event_table import EventsPane
from casekit.ui.window import Window

EVENT = EventRow(1, "release", "Aurora-4", "2026-01", "", "UTC", 0, 1, 12, "", "A", 0)
FACT = EventRow(0, "fact", "They met", "2026-02", "", "UTC", 2, 3, None, "undisputed", "A", 0, 7)


def test_a_fact_can_be_looked_at_and_an_event_changed(
    window: Window, rest: Callable[..., None]
) -> None:
    assert window.shell is not None
    pane = EventsPane(window.shell)
    pane.show_events([EVENT, FACT])
    assert pane.said.text() == "2 events"
    pane.choose(FACT)
    assert pane.chosen() == FACT
    assert [b.isEnabled() for b in (pane.edit, pane.remove, pane.source)] == [False, False, False]
    pane.choose(EVENT)
    assert [b.isEnabled() for b in (pane.edit, pane.remove, pane.source)] == [True, True, True]
    pane.source.click()
    rest()
    assert window.workspace is not None
    assert window.workspace.model.ids.tolist() == [12]
    pane.show_events([])
    assert "No event yet" in pane.said.text()
    pane.deleteLater()


def test_events_fit_a_narrow_pane(dressed: QApplication, qtbot: QtBot, window: Window) -> None:
    assert window.shell is not None
    pane = EventsPane(window.shell)
    qtbot.addWidget(pane)
    pane.show()
    for width, hidden in ((700, []), (430, [4]), (360, [1, 4])):
        pane.resize(width, 300)
        QApplication.processEvents()
        table = pane.table
        assert table.horizontalScrollBar().maximum() == 0
        assert [n for n in range(5) if table.isColumnHidden(n)] == hidden
        assert table.columnWidth(event_table.EVENT) >= 120

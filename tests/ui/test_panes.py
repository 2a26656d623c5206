from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from casekit.ui.panes import Panes


def test_list_and_viewer_stand_between_sidebar_and_coding(qtbot: QtBot) -> None:
    sidebar, listed, viewer, coding = (QWidget() for _ in range(4))
    panes = Panes(sidebar, listed, viewer, coding)
    qtbot.addWidget(panes)
    assert [panes.row.widget(n) for n in range(3)] == [sidebar, panes.centre, coding]
    assert [panes.centre.widget(n) for n in range(2)] == [listed, viewer]

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from casekit.ui.finding_parts import head, line, link, listed


def test_text_of_evidence_is_never_markup_and_links_run(
    dressed: QApplication, qtbot: QtBot
) -> None:
    ran: list[int] = []
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    listed(column, "Limits", [])
    assert column.count() == 0
    listed(column, "Limits", ["<b>one</b>", "two"])
    assert column.count() == 3
    assert line("<b>x</b>").textFormat() == Qt.TextFormat.PlainText
    assert head("limits").text() == "LIMITS"
    link("go", lambda: ran.append(1)).click()
    assert ran == [1]

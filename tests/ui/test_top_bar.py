from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.top_bar import SearchField


def test_the_field_runs_on_enter_changes_its_mode_and_is_cleared(
    dressed: QApplication, qtbot: QtBot
) -> None:
    ran: list[tuple[str, str]] = []
    left: list[int] = []
    field = SearchField(lambda text, mode: ran.append((text, mode)), lambda: left.append(1))
    qtbot.addWidget(field)
    field.show()
    field._modes["meaning"].click()
    assert ran == []
    QTest.keyClicks(field.edit, " cap ")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    field._modes["words"].click()
    QTest.keyClick(field.edit, Qt.Key.Key_Escape)
    field.clear()
    assert (ran, left) == ([("cap", "meaning"), ("cap", "words"), ("", "words")], [1])
    field.put("saved", "both")
    assert (field.edit.text(), field.mode, len(ran)) == ("saved", "both", 3)

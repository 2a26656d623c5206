from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.top_bar import TYPING_MS, SearchField


def test_the_field_runs_on_enter_changes_its_mode_and_is_cleared(
    dressed: QApplication, qtbot: QtBot
) -> None:
    ran: list[tuple[str, str]] = []
    left: list[int] = []
    field = SearchField(
        lambda text, mode: ran.append((text, mode)), lambda: left.append(1), lambda *_typed: None
    )
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


def test_words_are_looked_for_while_they_are_typed_and_meaning_is_not(
    dressed: QApplication, qtbot: QtBot
) -> None:
    ran: list[str] = []
    typed: list[tuple[str, str]] = []
    field = SearchField(
        lambda text, _mode: ran.append(text),
        lambda: None,
        lambda text, mode: typed.append((text, mode)),
    )
    qtbot.addWidget(field)
    field.show()
    QTest.keyClicks(field.edit, "damages cap")
    qtbot.waitUntil(lambda: bool(typed))
    assert (typed, ran) == ([("damages cap", "words")], [])
    QTest.keyClicks(field.edit, " x")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    field._modes["meaning"].click()
    QTest.keyClicks(field.edit, " y")
    qtbot.wait(TYPING_MS + 100)
    assert typed == [("damages cap", "words")]
    assert ran == ["damages cap x", "damages cap x"]

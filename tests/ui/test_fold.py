from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.fold import Fold


def test_a_text_is_laid_out_once_it_is_asked_for_and_can_be_copied(
    dressed: QApplication, qtbot: QtBot
) -> None:
    fold = Fold("Query of A5", 'SELECT "a" FROM log')
    qtbot.addWidget(fold)
    assert (fold.is_open(), fold.label) == (False, None)
    assert (fold.toggle.text(), fold.toggle.accessibleName()) == (
        "▸ Query of A5",
        "Query of A5, folded",
    )
    fold.toggle.click()
    assert fold.label is not None
    assert (fold.is_open(), fold.label.text()) == (True, 'SELECT "a" FROM log')
    assert fold.toggle.accessibleName() == "Query of A5, open"
    assert fold.copy.accessibleName() == "Copy: Query of A5"
    fold.copy.click()
    assert QGuiApplication.clipboard().text() == 'SELECT "a" FROM log'
    assert fold.copy.text() == "Copied"
    fold.toggle.click()
    assert (fold.is_open(), fold.copy.isHidden()) == (False, True)
    fold.toggle.click()
    assert (fold.is_open(), fold.copy.text()) == (True, "Copy")

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui import theme
from casekit.ui.nav import NavRow


def test_a_row_is_chosen_by_mouse_and_by_key(dressed: QApplication, qtbot: QtBot) -> None:
    clicks: list[int] = []
    row = NavRow("Model outputs", lambda: clicks.append(1), icon="api")
    qtbot.addWidget(row)
    row.set_count(47_495)
    row.resize(200, 30)
    row.click()
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert (len(clicks), row.count, row.accessibleName()) == (2, "47,495", "Model outputs")


def test_every_state_looks_different(dressed: QApplication, qtbot: QtBot) -> None:
    row = NavRow("Hot", lambda: None, colour="hot", indent=1)
    qtbot.addWidget(row)
    row.resize(200, 30)
    looks = [bytes(row.grab().toImage().constBits())]
    row.enterEvent(QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    looks.append(bytes(row.grab().toImage().constBits()))
    row.leaveEvent(QEvent(QEvent.Type.Leave))
    row.setChecked(True)
    looks.append(bytes(row.grab().toImage().constBits()))
    theme.apply(dressed, "contrast")
    looks.append(bytes(row.grab().toImage().constBits()))
    theme.apply(dressed, "light")
    assert len(set(looks)) == 4

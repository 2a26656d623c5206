"""What the fixture `clean` calls left behind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import conftest


def test_a_timer_that_fires_once_is_waited_for(qapp: QApplication) -> None:
    before = conftest.timers()
    fired: list[int] = []
    QTimer.singleShot(60, qapp, lambda: fired.append(1))
    assert conftest.left_behind(before) == []
    assert fired == [1]


@pytest.mark.parametrize("modifier", ["ControlModifier", "ShiftModifier"])
def test_keys_of_an_earlier_test_are_let_go(qapp: QApplication, modifier: str) -> None:
    QTest.keyClick(QWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier[modifier])
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier[modifier]
    conftest.let_go_of_keys()
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier


def test_a_timer_that_goes_on_is_told(qapp: QApplication) -> None:
    before = conftest.timers()
    goes_on = QTimer()
    goes_on.start(7)
    assert conftest.left_behind(before) == [goes_on]
    goes_on.stop()
    assert conftest.left_behind(before) == []

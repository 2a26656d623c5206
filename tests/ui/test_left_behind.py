"""What the fixture `clean` calls left behind."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.ui import conftest


def test_a_timer_that_fires_once_is_waited_for(qapp: QApplication) -> None:
    before = conftest.timers()
    fired: list[int] = []
    QTimer.singleShot(60, qapp, lambda: fired.append(1))
    assert conftest.left_behind(before) == []
    assert fired == [1]


def test_a_timer_that_goes_on_is_told(qapp: QApplication) -> None:
    before = conftest.timers()
    goes_on = QTimer()
    goes_on.start(7)
    assert conftest.left_behind(before) == [goes_on]
    goes_on.stop()
    assert conftest.left_behind(before) == []

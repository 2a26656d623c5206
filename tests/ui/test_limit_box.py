from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.errors import CaseKitError
from casekit.ui.limit_box import LimitBox


def test_a_court_or_a_number_is_told_and_words_are_marked(
    dressed: QApplication, qtbot: QtBot
) -> None:
    box = LimitBox(7.5)
    qtbot.addWidget(box)
    told: list[float] = []
    box.told.connect(told.append)
    assert box.megabytes() == 7.5
    box.setCurrentIndex(box.findData("nvb"))
    box.setCurrentText("12,5 MB")
    line = box.lineEdit()
    assert line is not None
    assert line.property("bad") is True
    with pytest.raises(CaseKitError, match="no size"):
        box.megabytes()
    box.setCurrentText("12.5 MB")
    assert line.property("bad") is False
    box.setCurrentIndex(0)
    assert told == [35, 12.5, 0]

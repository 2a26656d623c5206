from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from casekit import ui
from casekit.ui.basics import Choice, Label, height_within, tip


def test_a_label_shows_markup_as_it_was_written(dressed: QApplication, qtbot: QtBot) -> None:
    label = Label("Aurora <b>v.</b> Meridian")
    qtbot.addWidget(label)
    plain = Label("Aurora v. Meridian")
    qtbot.addWidget(plain)
    assert label.sizeHint().width() > plain.sizeHint().width()


def test_a_tool_tip_shows_markup_as_it_was_written() -> None:
    assert tip("a < b & c") == "a < b & c"
    assert tip("<b>Hans</b>") == "<qt>&lt;b&gt;Hans&lt;/b&gt;</qt>"


def test_the_wheel_chooses_nothing_and_scrolls_on(dressed: QApplication, qtbot: QtBot) -> None:
    box = Choice()
    qtbot.addWidget(box)
    box.addItems(["Not decided", "Attorney-client", "Work product"])
    chosen: list[int] = []
    box.activated.connect(chosen.append)
    box.show()
    box.setFocus()
    at = QPointF(box.rect().center())
    turned = QWheelEvent(
        at, QPointF(box.mapToGlobal(box.rect().center())), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, turned)
    assert (box.currentIndex(), chosen) == (0, [])
    assert not turned.isAccepted()  # it goes on to what is scrolled


def test_all_of_the_window_is_made_of_them() -> None:
    """Qt's own would take names for HTML, and decide by the wheel."""
    made = re.compile(r"(?<![\w.])(QLabel|QComboBox)\(|^class .*\((QLabel|QComboBox)\):")
    own = Path(str(ui.__file__)).parent
    found = [
        f"{file.name}: {line.strip()}"
        for file in sorted(own.glob("*.py"))
        if file.name != "basics.py"
        for line in file.read_text("utf-8").splitlines()
        if made.search(line)
    ]
    assert found == []


def test_a_window_is_no_higher_than_its_screen(dressed: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize().height()
    assert height_within(window, 300) == 300
    assert height_within(window, 9000) < room

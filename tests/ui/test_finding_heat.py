from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.finding_heat import NAMES, TOP, HeatMap


def made(qtbot: QtBot, told: list[tuple[int, int]], size: int = 3) -> HeatMap:
    names = [f"m{n}" for n in range(size)]
    shares = [[None if r == c else 0.1 * (r + 1) for c in range(size)] for r in range(size)]
    heat = HeatMap(names, names, shares, lambda r, c: told.append((r, c)), lambda r, _c: r == 0)
    qtbot.addWidget(heat)
    heat.resize(heat.sizeHint())
    return heat


def test_a_cell_says_its_share_and_opens_what_it_has(dressed: QApplication, qtbot: QtBot) -> None:
    told: list[tuple[int, int]] = []
    heat = made(qtbot, told)
    assert heat.words(1, 0) == "20.0 % of the answers of m1 share a run with m0"
    assert "m0 share a run with m2" in heat.accessibleDescription()
    middle = heat.cell // 2
    for row in (0, 1):
        at = QPoint(NAMES + heat.cell + middle, TOP + row * heat.cell + middle)
        assert heat.at(at.x(), at.y()) == (row, 1)
        qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=at)
    assert told == [(0, 1)]
    assert heat.at(2, 2) is None
    assert not heat.grab().isNull()


def test_sixty_sets_still_fit(dressed: QApplication, qtbot: QtBot) -> None:
    heat = made(qtbot, [], 60)
    assert heat.sizeHint().width() <= 720
    assert not heat.grab().isNull()

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from casekit.ui.actions import ACTIONS
from casekit.ui.palette import Legend, Palette, fit, ranked
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_what_is_typed_finds_the_command() -> None:
    offered = list(ACTIONS)
    assert [action.id for action in ranked("dossier", offered)][:2] == [
        "dossier.edit",
        "dossier.export",
    ]
    assert "volume.produce" in [action.id for action in ranked("production", offered)]
    assert ranked("high con", offered)[0].id == "theme.contrast"
    assert ranked("undo", offered)[0].id == "edit.undo"
    assert ranked("", offered) == offered
    assert ranked("qqqq", offered) == []
    assert (fit("un", "Undo"), fit("xyz", "Undo")) == (0, None)


def test_a_command_is_done_from_the_palette(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    palette = Palette(window)
    palette.open_over(window)
    palette.grab()
    QTest.keyClicks(palette.edit, "next item")
    QTest.keyClick(palette.edit, Qt.Key.Key_Down)
    QTest.keyClick(palette.edit, Qt.Key.Key_Up)
    QTest.keyClick(palette.edit, Qt.Key.Key_Return)
    rest()
    assert window.workspace.list.currentIndex().row() == 1


def test_the_legend_holds_every_key(window: Window) -> None:
    legend = Legend(window)
    words = {label.text() for label in legend.findChildren(QLabel)}
    missing = [
        a.id for a in ACTIONS if a.keys and a.text not in words and not a.id.startswith("code.")
    ]
    legend.close()
    assert missing == []

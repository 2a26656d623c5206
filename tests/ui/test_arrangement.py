from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from casekit import settings
from casekit.ui import arrangement
from casekit.ui.arrangement import ViewerWindow
from casekit.ui.window import Window

Rest = Callable[..., None]


def store(told: Any) -> None:
    settings.save(dataclasses.replace(settings.load(), arrangement=told))


def test_sizes_and_hidden_panes_come_back_the_next_day(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.resize(1200, 820)
    window.trigger("view.coding")
    window.trigger("view.compact")
    window.workspace.panes.row.setSizes([300, 900, 0])
    rest()
    before = window.workspace.panes.row.sizes()
    folder = window.shell.case.folder
    window.close_case()
    rest()
    told = settings.load().arrangement
    assert (told["size"], told["panes"]) == ([1200, 820], before)
    assert (told["sidebar"], told["coding"], told["compact"]) == (True, False, True)
    window.open_case(folder)
    rest(lambda: window.workspace is not None)
    assert window.workspace is not None
    assert window.workspace.coding.isHidden()
    assert not window.workspace.sidebar.isHidden()
    assert window.workspace.list.compact


@pytest.mark.parametrize(
    "told",
    [
        {"size": [5, 5], "panes": [0, 0, 0], "centre": ["a", 1]},
        {"size": "big", "panes": [1, 2], "centre": None, "coding": 0},
        {"size": [10**9, 600], "panes": [-4, 800, 200], "whole": "yes"},
    ],
)
def test_a_stored_arrangement_that_makes_no_sense_is_passed_over(window: Window, told: Any) -> None:
    assert window.workspace is not None
    size, panes = window.size(), window.workspace.panes.row.sizes()
    store(told)
    arrangement.bring_back(window)
    arrangement.bring_back_panes(window.workspace)
    assert (window.size(), window.workspace.panes.row.sizes()) == (size, panes)
    assert not window.workspace.coding.isHidden()


def test_the_viewer_moves_to_its_own_window_and_back_with_all_keys(
    window: Window, rest: Rest
) -> None:
    assert window.workspace is not None
    viewer, centre = window.workspace.viewer, window.workspace.panes.centre
    centre.setSizes([260, 500])
    before = centre.sizes()
    window.trigger("view.apart")
    rest()
    apart = arrangement.viewer_window(window)
    assert apart is not None
    assert viewer.window() is apart
    assert centre.count() == 1
    apart.activateWindow()
    QTest.keyClick(apart, Qt.Key.Key_J)
    rest()
    assert window.workspace.list.currentIndex().row() == 1
    window.trigger("view.apart")
    rest()
    assert viewer.window() is window
    assert centre.indexOf(viewer) == 1
    assert viewer.isVisible()
    assert centre.sizes() == before


def test_closing_the_case_closes_the_viewers_window(window: Window, rest: Rest) -> None:
    window.trigger("view.apart")
    rest()
    window.close_case()
    rest()
    assert [w for w in window.findChildren(ViewerWindow) if w.isVisible()] == []

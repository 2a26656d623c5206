from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from casekit.ui.panes import CODING, LIST, PANES, PLACES, SIDEBAR, VIEWER, WIDTHS, Panes, Stand

STANDS = [Stand(*places) for places in product(PLACES[SIDEBAR], PLACES[LIST], PLACES[CODING])]


@pytest.fixture
def parts() -> dict[str, QWidget]:
    return {name: QWidget() for name in PANES}


@pytest.fixture
def panes(qtbot: QtBot, parts: dict[str, QWidget]) -> Panes:
    made = Panes()
    qtbot.addWidget(made)
    made.resize(1440, 900)
    for name, pane in parts.items():
        made.put(name, pane)
    made.even_out()
    made.show()
    return made


def seen(panes: Panes, parts: dict[str, QWidget], name: str) -> tuple[int, int]:
    """Where a pane's middle is on the page."""
    at = parts[name].mapTo(panes, parts[name].rect().center())
    return at.x(), at.y()


@pytest.mark.parametrize("stand", STANDS)
def test_each_pane_stands_where_it_was_put_and_has_room(
    panes: Panes, parts: dict[str, QWidget], stand: Stand
) -> None:
    panes.rearrange(stand)
    places = {name: seen(panes, parts, name) for name in PANES}
    at, viewer = places[LIST], places[VIEWER]
    beside = {"left": at[0] < viewer[0], "right": at[0] > viewer[0],
              "above": at[1] < viewer[1], "below": at[1] > viewer[1]}  # fmt: skip
    assert beside[stand.list]
    assert (places[SIDEBAR][0] < viewer[0]) == (stand.sidebar == "left")
    coding = places[CODING]
    if stand.coding == "below":
        assert coding[1] > max(at[1], viewer[1])
    else:
        assert (coding[0] < min(at[0], viewer[0])) == (stand.coding == "left")
    for name in PANES:
        assert min(parts[name].width(), parts[name].height()) >= 180
    panes.rearrange(Stand())
    assert [panes.row.indexOf(w) for w in (parts[SIDEBAR], panes.middle, parts[CODING])] == [
        0,
        1,
        2,
    ]


def test_a_pane_that_stays_where_it_is_keeps_the_size_that_was_drawn(
    panes: Panes, parts: dict[str, QWidget]
) -> None:
    panes.row.setSizes([310, 780, 350])
    panes.rearrange(Stand(list="left"))
    assert [parts[name].width() for name in (SIDEBAR, CODING)] == [310, 350]
    panes.rearrange(Stand(coding="below"))
    panes.middle.setSizes([500, 400])
    panes.rearrange(Stand(list="right", coding="below"))
    assert (parts[SIDEBAR].width(), parts[CODING].height()) == (310, 400)
    panes.rearrange(Stand(coding="left"))
    assert parts[CODING].width() == WIDTHS[CODING]
    panes.even_out()
    assert parts[SIDEBAR].width() == WIDTHS[SIDEBAR]


def test_a_pane_in_a_window_of_its_own_is_left_there(
    panes: Panes, parts: dict[str, QWidget], qtbot: QtBot
) -> None:
    apart = QWidget()
    qtbot.addWidget(apart)
    parts[VIEWER].setParent(apart)
    panes.rearrange(Stand(list="left", coding="below"))
    assert parts[VIEWER].window() is apart
    assert panes.centre.count() == 1
    panes.put(VIEWER, parts[VIEWER])
    assert panes.centre.orientation() == Qt.Orientation.Horizontal
    assert panes.centre.indexOf(parts[VIEWER]) == 1

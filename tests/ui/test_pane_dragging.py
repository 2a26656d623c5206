from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from casekit.ui import arrangement
from casekit.ui.panes import CODING, LIST, SIDEBAR, VIEWER, Panes
from casekit.ui.window import Window

Rest = Callable[..., None]


def panes_of(window: Window, rest: Rest) -> Panes:
    assert window.workspace is not None
    window.resize(1400, 880)
    window.show()
    rest()
    return window.workspace.panes


def send(pane: QWidget, kind: QEvent.Type, at: QPoint) -> None:
    """A mouse event with the left button, at a place of the screen."""
    held = kind != QEvent.Type.MouseButtonRelease
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    QApplication.sendEvent(
        pane,
        QMouseEvent(
            kind, QPointF(pane.mapFromGlobal(at)), QPointF(at), button,
            Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        ),
    )  # fmt: skip


def hold(panes: Panes, name: str, to: QPoint) -> QWidget:
    """Press at the head of a pane and draw to a place of the screen."""
    pane = panes.pane(name)
    assert pane is not None
    send(pane, QEvent.Type.MouseButtonPress, pane.mapToGlobal(QPoint(pane.width() // 2, 8)))
    send(pane, QEvent.Type.MouseMove, to)
    return pane


def draw(panes: Panes, name: str, to: QPoint) -> None:
    send(hold(panes, name, to), QEvent.Type.MouseButtonRelease, to)


def at(widget: QWidget, x: float, y: float) -> QPoint:
    """A place of the screen by shares of a widget's width and height."""
    return widget.mapToGlobal(QPoint(int(widget.width() * x), int(widget.height() * y)))


@pytest.mark.parametrize(
    ("name", "x", "y", "stands"),
    [
        (SIDEBAR, 0.9, 0.5, "right"),
        (CODING, 0.5, 0.95, "below"),
        (CODING, 0.05, 0.5, "left"),
        (LIST, 0.95, 0.5, "right"),
        (LIST, 0.5, 0.95, "below"),
    ],
)
def test_a_pane_stands_where_it_is_let_go(
    window: Window, rest: Rest, name: str, x: float, y: float, stands: str
) -> None:
    panes = panes_of(window, rest)
    draw(panes, name, at(panes.centre if name == LIST else panes, x, y))
    assert getattr(panes.stand, name) == stands
    assert QApplication.overrideCursor() is None


def test_the_viewer_is_drawn_to_the_other_side_of_the_list(window: Window, rest: Rest) -> None:
    panes = panes_of(window, rest)
    draw(panes, VIEWER, at(panes.centre, 0.03, 0.5))
    assert panes.stand.list == "right"


def test_the_viewer_goes_out_of_the_window_and_comes_back(window: Window, rest: Rest) -> None:
    panes = panes_of(window, rest)
    beyond = window.frameGeometry().bottomRight() + QPoint(300, 0)
    draw(panes, VIEWER, beyond)
    assert arrangement.viewer_window(window) is not None
    draw(panes, VIEWER, at(panes.centre, 0.5, 0.95))
    assert arrangement.viewer_window(window) is None
    assert panes.stand.list == "above"
    viewer = panes.pane(VIEWER)
    assert viewer is not None
    head = viewer.mapToGlobal(QPoint(200, 8))
    send(viewer, QEvent.Type.MouseButtonDblClick, head)
    assert arrangement.viewer_window(window) is not None
    send(viewer, QEvent.Type.MouseButtonDblClick, viewer.mapToGlobal(QPoint(200, 8)))
    assert arrangement.viewer_window(window) is None


def test_escape_or_too_short_a_way_lets_a_pane_stay(window: Window, rest: Rest) -> None:
    panes = panes_of(window, rest)
    before = panes.stand
    to = at(panes, 0.9, 0.5)
    pane = hold(panes, SIDEBAR, to)
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        escape = QKeyEvent(kind, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(window, escape)
    send(pane, QEvent.Type.MouseButtonRelease, to)
    assert panes.stand == before
    assert QApplication.overrideCursor() is None
    start = pane.mapToGlobal(QPoint(pane.width() // 2, 8))
    draw(panes, SIDEBAR, start + QPoint(2, 1))
    assert panes.stand == before


def test_what_is_pressed_below_the_head_is_no_ones_to_draw(window: Window, rest: Rest) -> None:
    panes = panes_of(window, rest)
    before = panes.stand
    pane = panes.pane(CODING)
    assert pane is not None
    send(pane, QEvent.Type.MouseButtonPress, pane.mapToGlobal(QPoint(100, 300)))
    for kind in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease):
        send(pane, kind, at(panes, 0.05, 0.5))
    assert panes.stand == before


def test_the_right_button_on_a_head_offers_the_places(window: Window, rest: Rest) -> None:
    panes = panes_of(window, rest)
    pane = panes.pane(VIEWER)
    assert pane is not None
    place = QPoint(100, 8)
    QApplication.sendEvent(
        pane,
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, pane.mapToGlobal(place)),
    )
    menu = next(m for m in panes.findChildren(QMenu) if m.isVisible())
    assert window.qactions["view.apart"] in menu.actions()
    assert window.qactions["layout.choose"] in menu.actions()
    menu.close()

"""The order in which Tab goes through a window: as it is read, pane by pane, whatever came into it later.

Qt's own order is that in which widgets were made; what a pane fills in afterwards comes last in it, wherever it
stands. Here the order is read off the window at each step.
"""

from __future__ import annotations

from functools import cmp_to_key

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)

SAME_LINE = 0.5  # share of the lower one's height that two widgets beside each other have in common
PANES = ("topbar", "rail", "notice")  # object names of what is a pane without a splitter


def stops(root: QWidget) -> list[QWidget]:
    """What Tab reaches inside a widget, in order of reading.

    Of buttons that exclude one another only the chosen one is a stop: the arrows walk the others.
    """
    found: list[QWidget] = []
    _gather(root, found)
    return found


def step(window: QWidget, forward: bool) -> bool:
    """Move the focus to the next or the last stop of a window, round its end.

    Returns:
        Whether there was one to go to.
    """
    reached = stops(window)
    if not reached:
        return False
    now = QApplication.focusWidget()
    while now is not None and now not in reached and now is not window:
        now = now.parentWidget()  # inside a composed field
    if now in reached:
        place = (reached.index(now) + (1 if forward else -1)) % len(reached)
    else:
        place = 0 if forward else -1
    goal = reached[place]
    goal.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    _bring_into_sight(goal)
    return True


def to_pane(window: QWidget, forward: bool = True) -> None:
    """Move the focus to the next or the last pane of a window: to where it was last, else to its first stop."""
    panes: dict[QWidget, list[QWidget]] = {}
    for stop in stops(window):
        panes.setdefault(_pane_of(stop), []).append(stop)
    now = QApplication.focusWidget()
    order = list(panes)
    if not order:
        return
    here = _pane_of(now) if now is not None else None
    place = order.index(here) + (1 if forward else -1) if here in panes else 0
    pane = order[place % len(order)]
    last = pane.focusWidget()
    goal = last if last in panes[pane] else panes[pane][0]
    goal.setFocus(Qt.FocusReason.OtherFocusReason)
    _bring_into_sight(goal)


def _pane_of(widget: QWidget) -> QWidget:
    """The bar, the rail, a pane between splitters, or a page without any."""
    while True:
        parent = widget.parentWidget()
        if parent is None or parent.isWindow() or isinstance(parent, QSplitter | QStackedWidget):
            return widget
        if widget.objectName() in PANES:
            return widget
        widget = parent


def _gather(widget: QWidget, found: list[QWidget]) -> None:
    if _is_stop(widget):
        found.append(widget)
    if isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QScrollArea):
        inner = [child for child in _shown(widget.viewport()) if child.objectName() != "qt_edit"]
    elif isinstance(widget, QStackedWidget):
        current = widget.currentWidget()
        inner = [current] if current is not None and current.isVisible() else []
    else:
        inner = _shown(widget)
    for child in sorted(inner, key=cmp_to_key(_as_read)):
        _gather(child, found)


def _shown(widget: QWidget) -> list[QWidget]:
    # Widgets alone: of a layout or an animation Qt for Python would first make all the classes that it may be.
    directly = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [child for child in directly if child.isVisible() and not child.isWindow()]


def _is_stop(widget: QWidget) -> bool:
    if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or not widget.isEnabled():
        return False
    if widget.focusProxy() is not None or not widget.isVisible():
        return False
    if isinstance(widget, QAbstractButton) and widget.isCheckable() and not widget.isChecked():
        return not any(other.isChecked() for other in _alternatives(widget))
    return True


def _alternatives(button: QAbstractButton) -> list[QAbstractButton]:
    group = button.group()
    if group is not None:
        return group.buttons() if group.exclusive() else []
    parent = button.parentWidget()
    if not button.autoExclusive() or parent is None:
        return []
    beside = parent.findChildren(QAbstractButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [one for one in beside if one.autoExclusive() and one.group() is None]


def _as_read(one: QWidget, other: QWidget) -> int:
    """Beside each other: from left to right; else from top to bottom."""
    a, b = one.geometry(), other.geometry()
    if _beside(a, b):
        return a.left() - b.left()
    return a.top() - b.top() or a.left() - b.left()


def _beside(a: QRect, b: QRect) -> bool:
    common = min(a.bottom(), b.bottom()) - max(a.top(), b.top()) + 1
    return common > SAME_LINE * min(a.height(), b.height())


def _bring_into_sight(widget: QWidget) -> None:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget, 8, 8)
        around = around.parentWidget()

"""Panes drawn to another place by mouse: a pane is held by its head and let go where it is to stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QCursor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QRubberBand, QWidget

from casekit.ui import arrangement, layouts
from casekit.ui.panes import BELOW, CODING, LIST, PANES, PLACES, SIDEBAR, VIEWER, WIDTHS, Panes

if TYPE_CHECKING:
    from casekit.ui.window import Window

HEADS = {SIDEBAR: 44, LIST: 36, VIEWER: 60, CODING: 36}
"""Pixels of a pane's top by which it is held."""
APART = "apart"
OPPOSITE = {"above": "below", "below": "above", "left": "right", "right": "left"}
MENUS = {
    SIDEBAR: ("layout.sidebar", "view.sidebar"),
    LIST: ("layout.list",),
    VIEWER: ("view.apart", "layout.list"),
    CODING: ("layout.coding", "view.coding"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a pane would stand if it were let go: one of its places, and its part of the window."""

    place: str
    rect: QRect


class PaneDragging(QObject):
    """Hears the heads of the panes: drawing moves, a double click on the viewer's sets it apart or back.

    The right button offers the same as a menu; Escape lets a pane that is drawn stay where it was.
    """

    def __init__(self, window: Window, panes: Panes) -> None:
        super().__init__(panes)
        self._window, self._panes = window, panes
        self._names: dict[QObject, str] = {}
        for name in PANES:
            pane = panes.pane(name)
            if pane is not None:
                self._names[pane] = name
                pane.installEventFilter(self)
        self._held = ""
        self._from = QPoint()
        self._target: Target | None = None
        self._band: QRubberBand | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is done at the head of a pane that no button there has taken."""
        if isinstance(event, QKeyEvent):
            return self._key(event)
        name = self._names.get(watched, "")
        if name and isinstance(event, QContextMenuEvent) and self._is_head(name, event.pos()):
            self._offer(name, event.globalPos())
            return True
        if name and isinstance(event, QMouseEvent):
            return self._mouse(name, event)
        return super().eventFilter(watched, event)

    def _is_head(self, name: str, at: QPoint) -> bool:
        return 0 <= at.y() < HEADS[name]

    def _mouse(self, name: str, event: QMouseEvent) -> bool:
        left = event.button() == Qt.MouseButton.LeftButton
        at = event.globalPosition().toPoint()
        if event.type() == QEvent.Type.MouseMove and self._held:
            self._draw(at)
            return True
        if event.type() == QEvent.Type.MouseButtonRelease and left and self._held:
            self._let_go(at)
            return True
        if not left or not self._is_head(name, event.position().toPoint()):
            return False
        if event.type() == QEvent.Type.MouseButtonPress:
            self._held, self._from = name, at
            return True
        if event.type() == QEvent.Type.MouseButtonDblClick and name == VIEWER:
            self._held = ""
            self._window.trigger("view.apart")
            return True
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if self._band is None or event.key() != Qt.Key.Key_Escape:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # else it would be a command
        elif event.type() == QEvent.Type.KeyPress:
            self._end()
        return True

    def _draw(self, at: QPoint) -> None:
        """Show where the pane would stand."""
        if self._band is None:
            if (at - self._from).manhattanLength() < QApplication.startDragDistance():
                return
            self._band = QRubberBand(QRubberBand.Shape.Rectangle, self._panes)
            QApplication.setOverrideCursor(QCursor(Qt.CursorShape.ClosedHandCursor))
            app = QApplication.instance()
            if app is not None:
                app.installEventFilter(self)
        self._target = self._find(self._held, at)
        self._band.setVisible(self._target is not None and self._target.place != APART)
        if self._target is not None:
            self._band.setGeometry(self._target.rect)

    def _let_go(self, at: QPoint) -> None:
        name, target = self._held, self._find(self._held, at) if self._band is not None else None
        self._end()
        if target is None:
            return
        if name != VIEWER:
            layouts.put(self._window, name, target.place)
            return
        if (target.place == APART) != (arrangement.viewer_window(self._window) is not None):
            arrangement.detach_viewer(self._window)
        apart = arrangement.viewer_window(self._window)
        if apart is not None:
            apart.move(at - QPoint(apart.width() // 2, HEADS[VIEWER] // 2))
        else:
            layouts.put(self._window, LIST, OPPOSITE[target.place])

    def _end(self) -> None:
        if self._band is not None:
            self._band.hide()
            self._band.deleteLater()
            QApplication.restoreOverrideCursor()
            app = QApplication.instance()
            if app is not None:
                app.removeEventFilter(self)
        self._held, self._band, self._target = "", None, None

    def _find(self, name: str, at: QPoint) -> Target | None:
        """The place that is nearest to the pointer; None where the pane would stay as it is."""
        if name == VIEWER and not self._window.frameGeometry().contains(at):
            return Target(APART, QRect())
        centre = name in (LIST, VIEWER)
        space: QWidget = self._panes.centre if centre else self._panes
        inside = space.mapFromGlobal(at)
        if not space.rect().contains(inside):
            return None
        x, y = inside.x() / max(1, space.width()), inside.y() / max(1, space.height())
        away = {"left": x, "right": 1 - x, "above": y, "below": 1 - y}
        places = PLACES[LIST] if centre else PLACES[name]
        place = min(places, key=lambda each: away[each])
        if (name, place) == (CODING, "below"):
            space = self._panes.middle  # it leaves the sidebar its whole height
        whole = QRect(space.mapTo(self._panes, QPoint()), space.size())
        return Target(place, self._part(name, place, whole))

    def _part(self, name: str, place: str, whole: QRect) -> QRect:
        """The part of a rectangle that a pane takes at one of its edges."""
        across = place in ("left", "right")
        size = whole.width() // 2 if across else whole.height() // 2
        if name in WIDTHS:
            size = min(size, WIDTHS[name] if across else BELOW)
        part = QRect(whole)
        if across:
            part.setWidth(size)
        else:
            part.setHeight(size)
        if place == "right":
            part.moveRight(whole.right())
        elif place == "below":
            part.moveBottom(whole.bottom())
        return part

    def _offer(self, name: str, at: QPoint) -> None:
        names = (*MENUS[name], "", "layout.choose", "layout.reset")
        menu = self._window.menu_of(names, self._panes)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

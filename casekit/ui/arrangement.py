"""How the window is arranged: remembered from one day to the next, and the viewer in a window of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from casekit import settings
from casekit.i18n import tr
from casekit.ui.panes import VIEWER

if TYPE_CHECKING:
    from casekit.ui.window import Window
    from casekit.ui.workspace import Workspace

LEAST, MOST = 200, 20_000  # pixels that a stored size may have


class ViewerWindow(QWidget):
    """The viewer by itself, for a second screen; closing it puts the viewer back."""

    def __init__(self, window: Window, viewer: QWidget, on_close: Callable[[], None]) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(tr("{case}: viewer", case=window.windowTitle()))
        self.resize(900, 1000)
        self._on_close = on_close
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(viewer)
        self.addActions(list(window.qactions.values()))  # every key works here too
        viewer.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the viewer back before the window goes."""
        self._on_close()
        super().closeEvent(event)


def detach_viewer(window: Window) -> None:
    """Show the viewer in a window of its own, or put it back below the list."""
    space = window.workspace
    if space is None:
        return
    apart = viewer_window(window)
    if apart is not None:
        apart.close()
        return
    sizes = space.panes.centre.sizes()

    def back() -> None:
        if window.workspace is space:
            space.panes.put(VIEWER, space.viewer)
            space.panes.centre.setSizes(sizes)
            space.viewer.show()

    made = ViewerWindow(window, space.viewer, back)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    made.show()


def viewer_window(window: Window) -> ViewerWindow | None:
    """The viewer's own window, if it has one."""
    found = window.findChildren(ViewerWindow)
    return next((one for one in found if one.isVisible()), None)


def keep(window: Window) -> None:
    """Store how the window is arranged; without a case only its size."""
    told: dict[str, Any] = dict(settings.load().arrangement)
    whole = window.isMaximized() or window.isFullScreen()
    told["whole"] = whole
    if not whole:
        told["size"] = [window.width(), window.height()]
    space = window.workspace
    if space is not None:
        told |= {
            "panes": space.panes.row.sizes(),
            "sidebar": not space.sidebar.isHidden(),
            "coding": not space.coding.isHidden(),
            "compact": space.list.compact,
        }
        if viewer_window(window) is None:
            told["centre"] = space.panes.centre.sizes()
    kept = settings.load()
    if told != kept.arrangement:
        settings.save(dataclasses.replace(kept, arrangement=told))


def bring_back(window: Window) -> None:
    """Give the window its size of last time; what cannot be read or used is passed over."""
    told = settings.load().arrangement
    size = _sizes(told.get("size"), 2)
    if size and min(size) >= LEAST:
        window.resize(*size)
    if told.get("whole") is True:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def bring_back_panes(space: Workspace) -> None:
    """Give the panes of a case their sizes of last time, and hide those that were hidden."""
    told = settings.load().arrangement
    for splitter, name in ((space.panes.row, "panes"), (space.panes.centre, "centre")):
        sizes = _sizes(told.get(name), splitter.count())
        if sum(sizes) >= LEAST:
            splitter.setSizes(sizes)
    for pane, name in ((space.sidebar, "sidebar"), (space.coding, "coding")):
        if told.get(name) is False:
            pane.hide()
    if told.get("compact") is True and not space.list.compact:
        space.list.toggle_compact()


def _sizes(given: Any, count: int) -> list[int]:
    """Stored sizes if they can be used, else none."""
    if not isinstance(given, list) or len(given) != count:
        return []
    good = all(isinstance(one, int) and 0 <= one <= MOST for one in given)
    return given if good else []

"""How the window is arranged: remembered from one day to the next, and the viewer in a window of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from casekit import settings
from casekit.i18n import tr
from casekit.ui.basics import height_within
from casekit.ui.panes import PLACES, VIEWER, Stand

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
        self.resize(900, height_within(self, 1000))
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
            if len(sizes) == space.panes.centre.count():
                space.panes.centre.setSizes(sizes)
            space.viewer.show()

    made = ViewerWindow(window, space.viewer, back)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    other = next((one for one in QGuiApplication.screens() if one is not window.screen()), None)
    if other is None:
        made.show()
    else:
        made.move(other.availableGeometry().topLeft())
        made.showMaximized()


def bring_back_viewer(window: Window) -> None:
    """Put the viewer on the second screen if it stood there last time and there still is one."""
    apart = settings.load().arrangement.get("apart") is True
    if apart and viewer_window(window) is None and len(QGuiApplication.screens()) > 1:
        detach_viewer(window)


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
    if window.workspace is not None:
        told |= told_of(window)
    kept = settings.load()
    if told != kept.arrangement:
        settings.save(dataclasses.replace(kept, arrangement=told))


def told_of(window: Window) -> dict[str, Any]:
    """How the panes of the open case stand, which are hidden, and their sizes."""
    space = window.workspace
    assert space is not None
    apart = viewer_window(window) is not None
    told: dict[str, Any] = {
        "stand": dataclasses.asdict(space.panes.stand),
        "panes": space.panes.row.sizes(),
        "middle": space.panes.middle.sizes(),
        "sidebar": not space.sidebar.isHidden(),
        "coding": not space.coding.isHidden(),
        "compact": space.list.compact,
        "columns": space.list.columns.told(),
        "apart": apart,
    }
    if not apart:
        told["centre"] = space.panes.centre.sizes()
    return told


def stand_of(told: Mapping[str, Any]) -> Stand:
    """Where the panes stood; a place that makes no sense is the usual one."""
    given = told.get("stand")
    places = given if isinstance(given, dict) else {}
    return Stand(**{pane: p for pane, p in places.items() if pane in PLACES and p in PLACES[pane]})


def bring_back(window: Window) -> None:
    """Give the window its size of last time; what cannot be read or used is passed over."""
    told = settings.load().arrangement
    size = _sizes(told.get("size"), 2)
    if size and min(size) >= LEAST:
        window.resize(*size)
    if told.get("whole") is True:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def bring_back_panes(space: Workspace) -> None:
    """Give the panes of a case their places and sizes of last time, and hide those that were hidden."""
    _put(space, settings.load().arrangement)


def take(window: Window, told: Mapping[str, Any]) -> None:
    """Lay out the open case as was told."""
    if window.workspace is None:
        return
    if (told.get("apart") is True) != (viewer_window(window) is not None):
        detach_viewer(window)
    _put(window.workspace, told)


def _put(space: Workspace, told: Mapping[str, Any]) -> None:
    panes = space.panes
    panes.rearrange(stand_of(told))
    for splitter, name in (
        (panes.row, "panes"), (panes.middle, "middle"), (panes.centre, "centre")
    ):  # fmt: skip
        sizes = _sizes(told.get(name), splitter.count())
        if sum(sizes) >= LEAST:
            splitter.setSizes(sizes)
    for pane, name in ((space.sidebar, "sidebar"), (space.coding, "coding")):
        pane.setVisible(told.get(name) is not False)
    space.list.columns.put(told.get("columns"))
    if (told.get("compact") is True) != space.list.compact:
        space.list.toggle_compact()


def _sizes(given: Any, count: int) -> list[int]:
    """Stored sizes if they can be used, else none."""
    if not isinstance(given, list) or len(given) != count:
        return []
    good = all(isinstance(one, int) and 0 <= one <= MOST for one in given)
    return given if good else []

"""The actions of the table as Qt has them: made, put into menus, allowed or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QDropEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from casekit.i18n import tr
from casekit.ui import actions, icons
from casekit.ui.pages import REVIEW

if TYPE_CHECKING:
    from casekit.ui.window import Window

OF_ITEMS = ("item", "items")


def make(window: Window) -> dict[str, QAction]:
    """Every action of the table by its id, with its keys live in the window."""
    made = {}
    for action in actions.ACTIONS:
        one = QAction(tr(action.text), window)
        one.setShortcut(QKeySequence(action.keys))
        one.setToolTip(tr(action.help))
        one.setStatusTip(tr(action.help))
        one.setProperty("icon_name", action.icon)
        one.triggered.connect(lambda _checked=False, name=action.id: window.trigger(name))
        window.addAction(one)
        made[action.id] = one
    return made


def menu(made: Mapping[str, QAction], parent: QWidget) -> QMenu:
    """The one menu: a menu below it for each row of the table of menus, then the palette."""
    whole = QMenu(parent)
    for title, names in actions.MENUS:
        below = menu_of(made, names, whole)
        below.setTitle(tr(title))
        whole.addMenu(below)
    whole.addSeparator()
    whole.addAction(made["go.palette"])
    return whole


def menu_of(made: Mapping[str, QAction], names: Sequence[str], parent: QWidget) -> QMenu:
    """A menu of actions by their ids; an empty one is a line."""
    some = QMenu(parent)
    for name in names:
        some.addAction(made[name]) if name else some.addSeparator()
    return some


def draw_icons(made: Mapping[str, QAction]) -> None:
    """Draw the icons of the tools in the colours of the present theme."""
    for name in actions.TOOLS:
        made[name].setIcon(icons.icon(actions.BY_ID[name].icon))


def allows(window: Window, need: actions.Need) -> bool:
    """Whether there is what an action needs; what is not in sight is not acted on."""
    if need == "none":
        return True
    if window.shell is None or window.workspace is None or window.pages is None:
        return False
    if need == "case":
        return True
    if window.pages.current != REVIEW:
        return False
    if need == "item":
        return window.shell.selection.view is not None
    return window.workspace.model.rowCount() > 0


def wake(made: Mapping[str, QAction], page: str) -> None:
    """Keys that act on items live on the page of the items only; other pages may have them."""
    for action in actions.ACTIONS:
        if action.needs in OF_ITEMS:
            made[action.id].setEnabled(page == REVIEW)


def take_copy(event: QDropEvent) -> None:
    """Take what is dragged as a copy: a file manager deletes files of which it is told that they moved."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()

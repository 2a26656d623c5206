"""The menu of a text in the viewer: what can be done with the marked passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from casekit.i18n import tr
from casekit.ui import actions

if TYPE_CHECKING:
    from casekit.ui.viewer import Viewer
    from casekit.ui.window import Window


def attach(window: Window, viewer: Viewer) -> None:
    """Offer the acts on a passage by the right button, as the row of a list offers those on an item."""
    page = viewer.page

    def show(place: QPoint) -> None:
        page.finish()  # its “Select all” means all of the page
        menu = window.menu_of(actions.PASSAGE_MENU, page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        own = page.createStandardContextMenu(place)
        # It keeps copying and choosing all, which have their place at the end.
        own.setParent(menu, own.windowFlags())
        menu.addSeparator()
        menu.addActions(own.actions())
        menu.popup(page.viewport().mapToGlobal(place))

    page.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    page.customContextMenuRequested.connect(show)


def ask_to_mark(window: Window, sentence: str) -> None:
    """Say what is to be marked first; where what is marked has no place in the item's text, say that.

    Args:
        window: Where.
        sentence: What is to be marked and what for, in the user's language.
    """
    space = window.workspace
    page = None if space is None else space.viewer.page
    if page is not None and page.isVisible() and page.textCursor().hasSelection():
        sentence = tr(
            "What is marked is a line that CaseKit wrote of the item: mark words of its text."
        )
    window.say(sentence)

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from casekit.ui import actions
from casekit.ui.passage_menu import ask_to_mark
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_the_right_button_offers_what_can_be_done_with_a_passage(
    window: Window, rest: Rest
) -> None:
    space = window.workspace
    assert space is not None
    window.show()
    rest()
    page = space.viewer.page
    page.customContextMenuRequested.emit(QPoint(20, 20))
    menu = next(m for m in page.findChildren(QMenu) if m.isVisible())
    wanted = [window.qactions[name] for name in actions.PASSAGE_MENU if name]
    offered = menu.actions()
    assert [a for a in offered if a in wanted] == wanted
    own = [a for a in offered if a not in wanted and not a.isSeparator()]
    assert len(own) >= 2  # Qt's own: copy, choose all
    menu.close()


def test_a_mark_outside_the_text_is_told_from_no_mark(window: Window, rest: Rest) -> None:
    space = window.workspace
    assert space is not None
    window.show()
    rest()
    page = space.viewer.page
    ask_to_mark(window, "Mark something first.")
    assert window.notice.text == "Mark something first."
    page.selectAll()
    ask_to_mark(window, "Mark something first.")
    assert "mark words of its text" in window.notice.text


def test_choosing_all_by_the_menu_means_all_of_a_long_text(window: Window, rest: Rest) -> None:
    space = window.workspace
    assert space is not None
    page = space.viewer.page
    page.begin()
    page.passage("output", "a line of a long answer\n" * 4000)
    page.end()
    assert page.writing
    page.customContextMenuRequested.emit(QPoint(5, 5))
    assert not page.writing
    for menu in page.findChildren(QMenu):
        menu.close()

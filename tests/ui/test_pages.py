from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from casekit.ui import pages, theme
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_the_rail_goes_to_every_page_by_mouse_and_by_key(window: Window, rest: Rest) -> None:
    assert window.pages is not None
    for page in pages.PAGES:
        QTest.mouseClick(window.pages.buttons[page.id], Qt.MouseButton.LeftButton)
        rest()
        assert window.pages.current == page.id
        assert window.pages.stack.currentWidget() is window.pages.page(page.id)
        assert window.pages.buttons[page.id].isChecked()
    review = window.pages.buttons[pages.REVIEW]
    review.setFocus()
    QTest.keyClick(review, Qt.Key.Key_Return)
    assert window.pages.current == pages.REVIEW


def test_keys_that_code_are_dead_where_no_item_is_in_sight(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    assert window.allows("item")
    row = window.workspace.list.currentIndex().row()
    before = window.shell.selection.view
    window.show_page("findings")
    rest()
    for key in (Qt.Key.Key_1, Qt.Key.Key_P, Qt.Key.Key_J):
        QTest.keyClick(window, key)
    window.trigger("code.1")
    window.trigger("privilege.mark")
    rest()
    assert not window.allows("item")
    assert not window.allows("items")
    assert window.shell.selection.view is before
    window.show_page(pages.REVIEW)
    assert window.workspace.list.currentIndex().row() == row
    assert window.allows("item")


def test_a_search_leads_back_to_the_items(window: Window, rest: Rest) -> None:
    assert window.pages is not None
    window.show_page("findings")
    rest()
    window.search.edit.setText("clause")
    window.search.run()
    rest()
    assert window.pages.current == pages.REVIEW


def test_named_items_are_listed_in_the_order_given(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.show_page("findings")
    window.workspace.show_items("A pair", [12, 7, 999_999])
    rest()
    assert window.workspace.outcome is not None
    assert window.workspace.outcome.ids.tolist() == [12, 7]
    window.workspace.run_search("nosuchwordanywhere", "words")
    rest()
    assert window.workspace.outcome.ids.tolist() == []
    window.workspace.show_query("Outputs", "in:outputs")
    rest()
    assert window.workspace.outcome.total == window.workspace.model.rowCount() > 2


def test_a_page_takes_the_colours_of_another_theme_when_it_is_in_sight(
    window: Window, rest: Rest
) -> None:
    assert window.pages is not None
    window.show_page("timeline")
    rest()
    done: list[str] = []
    window.pages.page("timeline").redress = lambda: done.append(theme.name())  # type: ignore[attr-defined]
    window.dress("dark")
    assert done == ["dark"]
    window.show_page(pages.REVIEW)
    window.dress("contrast")
    window.dress("light")
    assert done == ["dark"]
    window.show_page("timeline")
    window.show_page("timeline")
    assert done == ["dark", "light"]


def test_pages_are_made_before_they_are_asked_for_and_none_twice(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_AHEAD_MS", 0)
    monkeypatch.setattr(pages, "_BETWEEN_MS", 0)
    assert window.pages is not None
    made = window.pages
    made.make_ahead()
    window.show_page("overview")  # asked for between two steps
    rest(lambda: made.stack.count() == len(pages.PAGES))
    assert made.current == "overview"
    assert made.stack.currentWidget() is made.page("overview")
    for page in pages.PAGES:
        widget = made.page(page.id)
        window.show_page(page.id)
        rest()
        assert made.page(page.id) is widget is made.stack.currentWidget()
    assert made.stack.count() == len(pages.PAGES)


def test_a_page_made_ahead_is_the_one_that_is_shown_in_the_theme_of_then(
    window: Window, rest: Rest
) -> None:
    made = window.pages
    assert made is not None
    steps = made._steps_ahead()
    while "timeline" not in made._ahead:
        next(steps)
    widget, done = made._ahead["timeline"], list[str]()
    widget.redress = lambda: done.append(theme.name())  # type: ignore[attr-defined]
    window.dress("dark")
    window.show_page("timeline")
    rest()
    assert made.stack.currentWidget() is widget
    assert done == ["dark"]
    for _ in steps:
        pass
    assert made.stack.count() == len(pages.PAGES)

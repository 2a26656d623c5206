from __future__ import annotations

from collections.abc import Callable

from casekit.ui.sidebar import Scope
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_a_scope_is_listed_and_left_again(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.workspace.show_scope(Scope("in:outputs", "Model outputs", "in:outputs"))
    rest()
    assert window.workspace.model.rowCount() == 150
    assert window.workspace.head._count.text() == "150 exchanges"
    window.workspace.head._scope.click()
    rest()
    assert window.workspace.model.rowCount() == 384


def test_exhibits_and_problems_have_lists_of_their_own(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.workspace.show_scope(Scope("exhibits", "Exhibits", kind="exhibits"))
    rest()
    assert window.workspace.model.ids.tolist() == [1, 2, 383]
    window.workspace.show_scope(Scope("problems", "Problems", kind="problems"))
    rest()
    assert window.workspace.lists.currentIndex() == 1
    assert window.workspace.head._count.text() == "6 problems"
    window.workspace.problems.table.selectRow(5)
    rest()
    assert window.shell.selection.current == 383


def test_a_query_that_cannot_be_read_is_shown_with_its_place(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.search.put("cap AND (bar", "words")
    window.search.run()
    rest()
    assert window.workspace.head._notice.text().endswith("cap AND (bar\n        ^")


def test_an_order_and_a_saved_search(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.workspace.overview is not None
    window.workspace.head._choose("id")
    rest()
    assert window.workspace.model.ids[:3].tolist() == [1, 2, 3]
    window.workspace.run_saved(window.workspace.overview.searches[0])
    rest()
    assert window.search.edit.text() == window.workspace.overview.searches[0].query
    assert window.workspace.wanted.text == window.search.edit.text()


def test_the_place_is_kept_by_id_when_the_list_is_read_again(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.workspace.list.go_to_row(20)
    rest()
    before = window.workspace.list.current_id()
    window.trigger("view.refresh")
    rest()
    assert window.workspace.list.current_id() == before

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from casekit.ui.sidebar import EVERYTHING, Scope
from casekit.ui.window import Window
from tests.builders import file_items, make_message

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


def test_what_the_first_page_of_a_dossier_needs_is_loaded_once_the_case_can_be_seen(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    loaded: list[bool] = []
    monkeypatch.setattr(
        "casekit.jobs.preview.warm_up",
        lambda: loaded.append(
            window.workspace is not None and window.workspace.contents is not None
        ),
    )
    window.open_case(window.shell.case.folder)
    rest()
    assert window.workspace is not None
    window.workspace.read_contents()
    rest()
    assert loaded == [True]


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


def test_a_whole_conversation_is_listed_as_it_was_said(
    window: Window, rest: Rest, tmp_path: Path
) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    said = [make_message(f"said {n}", "Ann", n * 1_000_000, channel='a "b"') for n in (3, 1, 2)]
    file_items(window.shell.case, said, tmp_path)
    window.trigger("view.refresh")
    rest()
    (chat,) = window.workspace.contents.conversations if window.workspace.contents else ()
    assert (chat.value, chat.count) == ('Slack: a "b"', 3)
    window.workspace.open_item(387)
    rest()
    assert window.shell.selection.view is not None
    assert window.shell.selection.view.around is not None
    window.trigger("item.conversation")
    rest()
    assert window.workspace.model.ids.tolist() == [386, 387, 385]
    assert window.shell.selection.current == 387
    assert window.workspace.sidebar._rows['conversation:"Slack: a ""b"""'].isChecked()
    window.workspace.show_scope(EVERYTHING)
    rest()
    window.workspace.open_item(1)
    rest()
    window.trigger("item.conversation")
    rest()
    assert window.workspace.scope == EVERYTHING


def test_a_query_that_cannot_be_read_is_shown_with_its_place(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.search.put("cap AND (bar", "words")
    window.search.run()
    rest()
    assert window.workspace.head._notice.text().endswith("cap AND (bar\n        ^")


def test_an_order_and_a_saved_search(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.workspace.contents is not None
    window.workspace.head._choose("id")
    rest()
    assert window.workspace.model.ids[:3].tolist() == [1, 2, 3]
    window.workspace.run_saved(window.workspace.contents.searches[0])
    rest()
    assert window.search.edit.text() == window.workspace.contents.searches[0].query
    assert window.workspace.wanted.text == window.search.edit.text()


def test_the_place_is_kept_by_id_when_the_list_is_read_again(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.workspace.list.go_to_row(20)
    rest()
    before = window.workspace.list.current_id()
    window.trigger("view.refresh")
    rest()
    assert window.workspace.list.current_id() == before


def test_the_list_follows_while_a_search_is_typed(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.show_page("findings")
    window.search.edit.setFocus()
    QTest.keyClicks(window.search.edit, "cap date:")
    rest(lambda: window.pages is not None and window.pages.current == "review")
    assert window.workspace.outcome is not None
    whole = window.workspace.outcome.total
    assert window.search.edit.hasFocus()  # what is typed next goes on in the field
    assert not window.workspace.head._notice.isVisible()
    for _ in "date:":
        QTest.keyClick(window.search.edit, Qt.Key.Key_Backspace)
    rest(lambda: window.workspace.outcome.total < whole)  # type: ignore[union-attr]
    assert window.search.edit.hasFocus()
    QTest.keyClicks(window.search.edit, "date:")
    QTest.keyClick(window.search.edit, Qt.Key.Key_Return)
    rest(window.workspace.head._notice.isVisible)  # type: ignore[union-attr]

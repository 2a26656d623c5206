from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from casekit.ui.viewer import Viewer
from casekit.ui.window import Window
from casekit.ui.writing import LONGEST_PASSAGE, Span

Rest = Callable[..., None]


def test_tabs_stay_while_moving_where_the_item_has_them(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    viewer = window.workspace.viewer
    window.workspace.open_item(1)
    rest()
    window.trigger("view.details")
    window.workspace.open_item(2)
    rest()
    assert viewer.tab == "details"
    window.workspace.open_item(384)
    rest()
    window.trigger("view.pages")
    window.workspace.open_item(1)
    rest()
    assert viewer.tab == "read"
    assert viewer._tabs["pages"].isHidden()


def test_hits_are_counted_and_walked(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    viewer = window.workspace.viewer
    window.workspace.open_item(1)
    rest()
    viewer.show_spans({"output": [Span(0, 2, 1), Span(3, 7, 2)]})
    assert viewer._hits.text() == "2 hits"
    window.trigger("hit.next")
    window.trigger("hit.next")
    assert viewer._hits.text() == "2 of 2 hits"
    window.trigger("hit.previous")
    assert viewer._hits.text() == "1 of 2 hits"


def test_a_link_in_the_family_goes_to_the_attachment(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.workspace.open_item(353)
    rest()
    window.workspace.viewer.page._follow(QUrl("item:354"))
    rest()
    assert window.shell.selection.view is not None
    assert window.shell.selection.view.row.name == "accounts.csv"
    window.workspace.viewer.page._follow(QUrl("whole:body"))


def test_marked_text_becomes_the_place_of_a_cite(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.workspace.open_item(1)
    rest()
    page = window.workspace.viewer.page
    page.setTextCursor(page.document().find("limits recovery"))
    assert window.shell.selection.view is not None
    at = window.shell.selection.view.text("output").index("limits recovery")
    assert window.shell.selection.cite == ("output", at, at + len("limits recovery"))


def test_hidden_characters_are_counted_shown_and_left_out(window: Window, rest: Rest) -> None:
    from casekit.ingest import ingest
    from casekit.queries.items import item_ids

    assert window.shell is not None
    assert window.workspace is not None
    file = window.shell.case.folder.parent / "note.txt"
    file.write_text("pay\u200bment for p\u0430ypal con\u00adtract\n", "utf-8")
    ingest(window.shell.case, [file])
    with window.shell.case.read() as s:
        item_id = int(item_ids(s, order="id")[-1])
    window.workspace.refresh()
    rest()
    window.workspace.open_item(item_id)
    rest()
    viewer = window.workspace.viewer
    viewer.open_tab("read")
    assert viewer.hidden.text() == "⟨ ⟩ 3 hidden"
    assert "zero-width characters: 1" in viewer.hidden.accessibleName()
    assert "pay⟨U+200B⟩ment for p\u0430⟨U+0430⟩ypal" in viewer.page.toPlainText()
    window.trigger("view.hidden")
    assert "payment for" in viewer.page.toPlainText()
    assert "Left out" in viewer.hidden.toolTip()
    place = viewer.page.toPlainText().index("contract")
    cursor = viewer.page.textCursor()
    cursor.setPosition(place)
    cursor.setPosition(place + 8, cursor.MoveMode.KeepAnchor)
    viewer.page.setTextCursor(cursor)
    assert window.shell.selection.cite == ("body", 20, 29)  # with the soft hyphen in it
    window.trigger("view.hidden")
    viewer.open_tab("details")
    assert viewer.hidden.isHidden()


def _shows_long(window: Window, rest: Rest, length: int, *marks: int) -> Viewer:
    """The viewer with an answer of that many characters and passages of ten marked in it."""
    assert window.workspace is not None
    viewer = window.workspace.viewer
    window.workspace.open_item(1)
    rest()
    assert viewer._view is not None
    text = ("somebody wrote this line of an answer\n" * (length // 38 + 1))[:length]
    spans = {"output": [Span(at, at + 10, n) for n, at in enumerate(marks, 1)]}
    viewer.show_item(replace(viewer._view, texts=(("output", text),)), spans)
    return viewer


def test_marks_behind_the_first_portion_are_counted_and_walked_to(
    window: Window, rest: Rest, qtbot: QtBot
) -> None:
    viewer = _shows_long(window, rest, LONGEST_PASSAGE, 500, 140_000, 155_000)
    assert viewer.page.writing
    viewer.next_hit(1)
    assert viewer._hits.text().startswith("1 of ")
    viewer.next_hit(1)
    qtbot.wait_until(lambda: not viewer.page.writing)
    assert viewer._hits.text() == "2 of 3 hits"
    viewer.next_hit(-1)
    viewer.next_hit(-1)
    assert viewer._hits.text() == "3 of 3 hits"


def test_a_mark_behind_what_is_shown_of_a_long_text_shows_all_of_it(
    window: Window, rest: Rest, qtbot: QtBot
) -> None:
    viewer = _shows_long(window, rest, 3 * LONGEST_PASSAGE, 2 * LONGEST_PASSAGE)
    qtbot.wait_until(lambda: not viewer.page.writing)
    assert viewer._hits.text() == "1 hit"
    viewer.next_hit(1)
    assert viewer._hits.text() == "1 of 1 hits"


def test_a_place_still_to_come_is_selected_once_it_is_there(
    window: Window, rest: Rest, qtbot: QtBot
) -> None:
    viewer = _shows_long(window, rest, 3 * LONGEST_PASSAGE)
    for place in (("output", 150_000, 150_020), ("output", 570_000, 570_010)):
        viewer.go_to(place)
        qtbot.wait_until(lambda place=place: viewer.page.marked() == place)  # type: ignore[misc]


def test_the_place_in_a_long_text_stays_while_its_marks_change(
    window: Window, rest: Rest, qtbot: QtBot
) -> None:
    viewer = _shows_long(window, rest, LONGEST_PASSAGE)
    viewer.go_to(("output", 150_000, 150_020))
    qtbot.wait_until(lambda: not viewer.page.writing)
    at = viewer.page.verticalScrollBar().value()
    assert at > 0
    viewer.show_spans({"output": [Span(150_000, 150_010, 1)]})
    assert not viewer.page.updatesEnabled()
    qtbot.wait_until(lambda: not viewer.page.writing)
    assert viewer.page.verticalScrollBar().value() == at
    assert viewer.page.marked() == ("output", 150_000, 150_020)
    assert viewer.page.updatesEnabled()

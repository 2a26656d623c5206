from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QUrl
from PySide6.QtWidgets import QDialog

from casekit.queries.annotations import AnnotationRow, annotations_of
from casekit.ui.annotating import Annotations, WriteNote, quote_of
from casekit.ui.window import Window

Rest = Callable[..., None]


def open_and_mark(window: Window, rest: Rest, needle: str) -> None:
    assert window.workspace is not None
    window.workspace.open_item(1)
    rest()
    page = window.workspace.viewer.page
    page.setTextCursor(page.document().find(needle))


def rows(window: Window) -> list[AnnotationRow]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return annotations_of(s)


def test_one_key_annotates_and_the_same_key_writes_the_note(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None
    window.workspace.open_item(1)
    rest()
    window.trigger("annotation.add")
    assert "press A" in window.notice.text
    open_and_mark(window, rest, "limits recovery")
    page = window.workspace.viewer.page
    window.trigger("annotation.add")
    rest()
    (row,) = rows(window)
    assert (row.item_id, row.part, row.quote, row.text) == (1, "output", "limits recovery", "")
    assert page.marked() == ("output", row.start, row.stop), "the passage stays marked"
    monkeypatch.setattr(window.ask, "annotation", lambda _row: ("twelve months", "teal"))
    window.trigger("annotation.add")
    rest()
    (row,) = rows(window)
    assert (row.text, row.colour) == ("twelve months", "teal")
    assert "limits recovery [a]" in page.toPlainText().replace("\u00a0", " ")
    assert "twelve months" in page.toPlainText(), "listed below the text"
    assert [note.text for note in page.margin.notes] == ["twelve months"]
    window.trigger("edit.undo")
    rest()
    assert [each.text for each in rows(window)] == [""]
    monkeypatch.setattr(window.ask, "annotation", lambda _row: ("", ""))
    window.workspace.viewer._link(f"annotate:{row.id}")
    rest()
    assert (rows(window), page.margin.notes) == ([], [])


def test_the_list_leads_to_passages_of_other_items(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    open_and_mark(window, rest, "limits recovery")
    window.trigger("annotation.add")
    rest()
    window.workspace.open_item(2)
    rest()
    window.trigger("annotation.list")
    rest()
    dialog = window.findChild(Annotations)
    assert dialog is not None
    assert dialog.scope.currentData() == "case"
    assert [dialog.table.item(0, n).text() for n in range(3)] == ["1a", "“limits recovery”", ""]
    dialog.go()
    rest()
    assert window.shell.selection.current == 1
    (row,) = rows(window)
    assert window.shell.selection.cite == ("output", row.start, row.stop)
    window.trigger("annotation.list")
    rest()
    again = window.findChildren(Annotations)[-1]
    again.remove()
    rest()
    assert (again.table.rowCount(), rows(window)) == (0, [])
    again.accept()


def test_a_link_and_a_click_in_the_margin_lead_there(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None
    open_and_mark(window, rest, "limits recovery")
    window.trigger("annotation.add")
    rest()
    (row,) = rows(window)
    page = window.workspace.viewer.page
    page.moveCursor(page.textCursor().MoveOperation.Start)
    page._follow(QUrl(f"annotation:{row.id}"))
    assert page.marked() == ("output", row.start, row.stop)
    page.grab()
    area, note = page.margin._drawn[0]
    assert page.margin.note_at(area.center()) == note == row.id
    assert page.margin.note_at(QPoint(5, 5)) is None


def test_the_form_gives_note_and_colour_or_takes_it_away(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = AnnotationRow(1, 1, "a", "output", 0, 4, "To\nread", "blue", "old", "x", 0)
    form = WriteNote(window, row)
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
    form.note.setPlainText(" new ")
    assert form.answer() == ("new", "blue")
    form._take_away()
    assert form.answer() == ("new", "")
    form.deleteLater()
    assert quote_of(row) == "“To read”"
    gone = AnnotationRow(1, 1, "a", "output", 0, 4, "", "blue", "", "x", 0)
    assert "no longer says" in quote_of(gone)

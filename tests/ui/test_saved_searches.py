from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog

from casekit.progress import Silent
from casekit.queries.saved_searches import SearchRow, saved_searches
from casekit.search import filling
from casekit.ui.saved_searches import SavedSearches, SaveSearch, change
from casekit.ui.window import Window

Rest = Callable[..., None]


def rows(window: Window) -> dict[str, SearchRow]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return {row.name: row for row in saved_searches(s)}


def says(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """Whoever is asked for a search writes these values into the form and agrees."""

    def answer(form: SaveSearch) -> int:
        for name, text in values.items():
            edit = getattr(form, name)
            edit.setPlainText(text) if name == "note" else edit.setText(text)
        form.check()
        return form.result()

    monkeypatch.setattr(SaveSearch, "exec", answer)


def test_a_search_is_saved_with_a_note_listed_counted_changed_and_taken_away(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    filling.index_pending(window.shell.case, Silent())
    window.search.put("cap OR flat", "words")
    window.search.run()
    rest()
    says(monkeypatch, name="Terms", note="for Ann")
    window.trigger("search.save")
    rest()
    kept = rows(window)["Terms"]
    assert (kept.query, kept.note) == ("cap OR flat", "for Ann")
    window.trigger("search.saved")
    rest()
    (dialog,) = window.findChildren(SavedSearches)
    dialog.table.selectRow([row.name for row in dialog.rows].index("Terms"))
    dialog.count()
    rest()
    count = rows(window)["Terms"].count
    assert count is not None
    assert window.workspace.outcome is not None
    assert count.hits == window.workspace.outcome.total > 0
    cell = dialog.table.item(dialog.table.currentRow(), 2)
    assert cell is not None
    assert cell.text() == f"{count.hits:,}"
    side = window.workspace.sidebar._rows[f"search:{kept.id}"]
    assert (side.count, "for Ann" in side.toolTip()) == (f"{count.hits:,}", True)
    assert [a.text() for a in side.actions()] == ["Change …", "All saved searches …"]
    says(monkeypatch, name="Words", query="cap")
    dialog.change()
    rest()
    assert (rows(window)["Words"].query, rows(window)["Words"].count) == ("cap", None)
    dialog.count_all()
    rest()
    assert all(row.count for row in rows(window).values())
    dialog.remove()
    rest()
    assert "Words" not in rows(window)
    dialog.table.selectRow(0)
    dialog.list_now()
    rest()
    assert window.search.edit.text() == next(iter(rows(window).values())).query


def test_a_saved_search_within_a_scope_keeps_what_belongs_together(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekit.ui.sidebar import Scope

    assert window.workspace is not None
    window.workspace.show_scope(Scope("in:outputs", "Model outputs", "in:outputs"))
    window.search.put("cap OR flat", "words")
    window.search.run()
    rest()
    asked: list[Mapping[str, Any]] = []

    def form(dialog: SaveSearch) -> None:
        asked.append({"query": dialog.query.text(), "name": dialog.name.text()})

    monkeypatch.setattr(window.ask, "form", form)
    window.trigger("search.save")
    assert asked == [{"query": "in:outputs (cap OR flat)", "name": "cap OR flat"}]
    change(window, next(iter(rows(window).values())))
    assert len(asked) == 2


def test_the_words_of_a_saved_search_are_marked_in_the_text(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    filling.index_pending(window.shell.case, Silent())
    window.search.put('saved:"Night traffic"', "words")
    window.search.run()
    rest()
    window.workspace.list.go_by(0)
    assert window.workspace.outcome is not None
    window.workspace.open_item(int(window.workspace.outcome.ids[0]))
    rest()
    assert window.workspace.viewer.page.hits > 0


def test_a_form_wants_a_name_and_words(window: Window) -> None:
    form = SaveSearch(window, "", "words")
    form.check()
    assert form.trouble.text() == "▲ A saved search needs a name."
    form.name.setText("x")
    form.check()
    assert "without a word" in form.trouble.text()
    form.query.setText("cap")
    form.check()
    assert form.result() == QDialog.DialogCode.Accepted
    form.deleteLater()

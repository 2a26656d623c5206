from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from casekit.ops import highlights
from casekit.queries.highlights import PATTERNS, HighlightSet, highlight_sets
from casekit.ui import highlighting, writing
from casekit.ui.highlighting import EditHighlights, Highlights, swatch
from casekit.ui.window import Window
from tests.ui.conftest import in_turn

Rest = Callable[..., None]


def make(window: Window, rest: Rest, **sets: list[str]) -> None:
    assert window.shell is not None
    for name, terms in sets.items():
        window.shell.do("test", lambda s, n=name, t=terms: highlights.set_highlights(s, n, terms=t))
    rest()


def test_sets_are_drawn_walked_alone_and_hidden(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    viewer = window.workspace.viewer
    window.workspace.open_item(1)
    rest()
    assert viewer.legend.isHidden()
    make(window, rest, Caps=["cap"], Law=["court", "claim*"])
    caps, law = viewer.legend._chips.values()
    counts = [viewer.marks.count(one.id) for one in viewer.marks.sets]
    assert caps.text() == f" Caps  {counts[0]}"
    assert viewer.page.hits == sum(counts) > counts[1] > 0
    assert (
        viewer.page.document().find("court").charFormat().background().color().name() == "#d0e4fb"
    )
    law.click()
    assert viewer._hits.text() == f"1 of {counts[1]} hits"
    window.trigger("hit.next")
    assert viewer._hits.text() == f"2 of {counts[1]} hits"
    law.click()
    assert viewer.page.hits == sum(counts)
    plain = viewer._view.text("output") if viewer._view else ""
    window.trigger("highlight.switch")
    assert (viewer.page.hits, viewer.legend._chips) == (0, {})
    assert window.shell is not None
    assert window.shell.selection.view is not None
    assert window.shell.selection.view.text("output") == plain


def test_the_list_counts_and_shows_and_hides_sets(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.workspace.open_item(1)
    rest()
    make(window, rest, Caps=["cap", "nowhere"])
    window.trigger("highlight.edit")
    rest()
    dialog = window.findChild(Highlights)
    assert dialog is not None
    top = dialog.tree.topLevelItem(0)
    assert top is not None
    assert [top.text(0), top.child(1).text(0), top.child(1).text(1), top.child(1).text(2)] == [
        "Caps", "nowhere", "0", "0"
    ]  # fmt: skip
    top.setCheckState(0, Qt.CheckState.Unchecked)
    rest()
    assert [one.shown for one in window.workspace.viewer.marks.sets] == [False]
    assert window.workspace.viewer.legend._said.text() == "1 set is hidden"
    dialog.remove()
    assert "Choose a set" in dialog.trouble.text()
    dialog.tree.setCurrentItem(dialog.tree.topLevelItem(0))
    dialog.remove()
    rest()
    assert dialog.tree.topLevelItemCount() == 0
    dialog.accept()


def test_a_set_is_asked_for_and_again_where_it_is_refused(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch, reasons: list[str]
) -> None:
    asked = in_turn({"name": "People", "terms": ["Priya"]}, {"name": "Bad", "terms": ["--"]})
    monkeypatch.setattr(window.ask, "highlights", asked)
    window.trigger("highlight.edit")
    rest()
    dialog = window.findChild(Highlights)
    assert dialog is not None
    for _ in range(2):
        dialog.new()
        rest()
    assert dialog.tree.topLevelItemCount() == 1
    assert "no letter or digit" in reasons[0]
    dialog.accept()


def test_marked_words_become_a_term(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.workspace.open_item(1)
    rest()
    window.trigger("highlight.add")
    assert "Mark the words" in window.notice.text
    page = window.workspace.viewer.page
    page.setTextCursor(page.document().find("limits recovery"))
    window.trigger("highlight.add")
    rest()
    with window.shell.case.read() as s:
        assert [(one.name, one.terms) for one in highlight_sets(s)] == [
            ("Marked words", ("limits recovery",))
        ]


def test_a_set_is_edited_and_needs_name_and_term(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = HighlightSet(4, 2, "Old", "teal", "wavy", ("a", "b*"), True)
    form = EditHighlights(window, one)
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
    form.terms.clear()
    form.check()
    assert "one term" in form.trouble.text()
    form.terms.setPlainText("c\nd")
    form.name.setText("New")
    assert form.answer() == {
        "name": "Old", "new_name": "New", "terms": ["c", "d"], "colour": "teal", "pattern": "wavy"
    }  # fmt: skip
    fresh = EditHighlights(window, None)
    fresh.check()
    assert "needs a name" in fresh.trouble.text()
    for each in (form, fresh):
        each.deleteLater()


def test_every_pattern_looks_different_without_colour(dressed: QApplication) -> None:
    pictures = set()
    for pattern in PATTERNS:
        image = (
            swatch(HighlightSet(1, 1, "x", "green", pattern, ("x",), True)).pixmap(24, 18).toImage()
        )
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == len(PATTERNS) == len(highlighting.PATTERN_WORDS)
    assert set(PATTERNS) < set(writing.UNDERLINES)

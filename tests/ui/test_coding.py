from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

from casekit.queries.facets import TagRow
from casekit.ui.coding import CodingPane, entries_text, grouped
from casekit.ui.window import Window

Rest = Callable[..., None]


def texts(pane: CodingPane) -> str:
    return "\n".join(label.text() for label in pane.findChildren(QLabel) if not label.isHidden())


def test_the_pane_shows_decisions_and_origin(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.workspace.open_item(1)
    rest()
    pane = window.workspace.coding
    on = [b.accessibleName() for b in pane.findChildren(QCheckBox) if b.isChecked()]
    assert on == ["Responsive", "Hot", "Issue/Reasoning elicitation"]
    said = texts(pane)
    assert "Same two sentences as Aurora-4" in said
    assert (
        "from Aurora platform team, export of 20 Jan on encrypted disk collected by R. Okafor"
        in said
    )
    window.workspace.open_item(383)
    rest()
    assert "▲ The supplied hash differs from the file received." in texts(pane)


def test_a_box_and_a_new_tag_act_on_the_item(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.workspace.open_item(2)
    rest()
    pane = window.workspace.coding
    next(b for b in pane.findChildren(QCheckBox) if b.accessibleName() == "Hot").click()
    rest()
    pane._new_tag.setText("Issue/Wording")
    pane._make_tag()
    rest()
    pane._decide.privilege("work-product")
    rest()
    view = window.shell.selection.view
    assert view is not None
    assert view.row.tags == ("Hot", "Issue/Wording")
    assert view.privilege_basis == "work-product"
    note = window.workspace.coding
    note._decide.note("One")
    rest()
    assert window.shell.selection.view is not None
    note._decide.change_note(window.shell.selection.view.notes[0].id, "")
    rest()
    assert window.shell.selection.view is not None
    assert window.shell.selection.view.notes == ()


def test_a_case_without_tags_offers_the_usual_ones(window: Window) -> None:
    assert window.workspace is not None
    pane = window.workspace.coding
    pane.show_tags([])
    QApplication.processEvents()
    assert "begin with the usual four" in texts(pane)
    pane.show_tags([TagRow(1, "A & B", "accent", "2", 0), TagRow(2, "C", "ok", "1", 0)])
    assert list(pane._boxes) == ["C", "A & B"]


def test_what_the_log_says_of_an_item_stays_when_tags_are_read_anew(
    window: Window, rest: Rest
) -> None:
    assert window.workspace is not None
    pane = window.workspace.coding
    assert entries_text(pane._entries) in texts(pane)
    window.workspace.read_contents()
    rest()
    QApplication.processEvents()
    assert pane._entries > 0
    assert entries_text(pane._entries) in texts(pane)
    pane.show_item(None)
    assert pane._entries == 0


def test_words() -> None:
    assert (entries_text(1), entries_text(2)) == ("1 entry in the log.", "2 entries in the log.")
    assert grouped("0123456789abcdef") == "01234567 89abcdef"


def test_a_wide_pane_has_its_parts_beside_each_other(window: Window) -> None:
    assert window.workspace is not None
    pane = window.workspace.coding
    for action, beside in (("layout.tall", True), ("layout.reset", False)):
        window.trigger(action)
        QApplication.processEvents()
        note, fields = (w.mapTo(pane, w.rect().topLeft()) for w in (pane.note, pane.fields))
        assert (note.x() > fields.x() + 200) is beside
        assert (note.y() > fields.y() + 100) is not beside

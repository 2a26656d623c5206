from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from casekit.queries import exhibits, facets, items
from casekit.ui import verbs
from casekit.ui.window import Window

Rest = Callable[..., None]


def tags_of(window: Window, item_id: int) -> tuple[str, ...]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return items.rows(s, [item_id])[0].tags


def test_several_items_are_coded_by_keys_alone(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    view = window.workspace.list
    view.setFocus()
    coded = []
    for key in "121":
        item_id = view.current_id()
        assert item_id is not None
        coded.append(item_id)
        QTest.keyClick(view, Qt.Key(ord(key)))
        rest()
        QTest.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        rest()
    assert [tags_of(window, i) for i in coded] == [("Responsive",), ("Hot",), ("Responsive",)]
    QTest.keyClick(view, Qt.Key.Key_K)
    rest()
    QTest.keyClick(view, Qt.Key.Key_1)
    rest()
    assert tags_of(window, coded[2]) == ()


def test_undo_and_redo(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    item_id = window.shell.selection.current
    assert item_id is not None
    window.trigger("code.2")
    rest()
    window.trigger("edit.undo")
    rest()
    assert tags_of(window, item_id) == ()
    window.trigger("edit.redo")
    rest()
    assert tags_of(window, item_id) == ("Hot",)
    window.trigger("edit.redo")
    assert window.notice.text == "There is nothing to redo."


def test_exhibit_privilege_and_their_refusal(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.workspace.open_item(30)
    rest()
    window.trigger("exhibit.mark")
    rest()
    with window.shell.case.read() as s:
        assert [e.label for e in exhibits.exhibits(s)] == ["A-1", "A-2", "A-3", "A-4"]
    window.trigger("exhibit.mark")
    rest()
    window.trigger("privilege.mark")
    rest()
    view = window.shell.selection.view
    assert view is not None
    assert (view.row.exhibit, view.privilege_basis) == ("", "attorney-client")
    window.trigger("exhibit.mark")
    rest()
    assert "withheld as privileged" in window.notice.text
    window.trigger("privilege.mark")
    rest()
    assert window.shell.selection.view is not None
    assert window.shell.selection.view.privilege_basis == "attorney-client"
    window.trigger("privilege.release")
    rest()
    assert window.shell.selection.view is not None
    assert window.shell.selection.view.privilege_basis == ""


def test_code_as_previous_puts_the_same_tags_on(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    window.trigger("code.1")
    rest()
    window.trigger("code.3")
    rest()
    window.trigger("item.next")
    rest()
    window.trigger("code.as_previous")
    rest()
    item_id = window.shell.selection.current
    assert item_id is not None
    assert tags_of(window, item_id) == ("Confidential – AEO", "Responsive")


def test_a_key_without_a_tag_says_so_and_a_cite_is_copied(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.trigger("code.9")
    assert window.notice.text.startswith("No tag or preset has the key 9")
    window.workspace.open_item(1)
    rest()
    window.trigger("cite.copy")
    rest()
    assert QGuiApplication.clipboard().text() == "Ex. A-1"


def test_the_usual_tags_have_keys(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    verbs.toggle_tag(window, "Issue/New", True)
    rest()
    with window.shell.case.read() as s:
        assert "Issue/New" in {t.name for t in facets.tags(s)}
    verbs.usual_tags(window)
    rest()
    with window.shell.case.read() as s:
        names = {t.name: t.key for t in facets.tags(s)}
    assert names["Confidential"] == "4"

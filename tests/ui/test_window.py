from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from casekit import settings
from casekit.errors import Cancelled, CaseKitError
from casekit.ops import tags
from casekit.queries import items
from casekit.store.case import open_case
from casekit.ui import theme
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_a_case_fills_the_three_panes(window: Window) -> None:
    assert window.workspace is not None
    assert window.workspace.contents is not None
    assert window.workspace.contents.matter.number == "5:26-cv-01187"
    assert window.workspace.model.rowCount() == 384
    assert window.shell is not None
    assert window.shell.selection.view is not None
    assert window.windowTitle() == "Aurora v. Meridian – CaseKit"
    assert settings.load().recent[0] == str(window.shell.case.folder)


def test_another_process_changes_the_case_and_it_appears(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    rest(lambda: window.workspace is not None and window.workspace.head_known > 0)
    with open_case(window.shell.case.folder) as other, other.write() as s:
        tags.add_tag(s, [350], "From elsewhere")
    rest(lambda: "From elsewhere" in {t.name for t in window.workspace.contents.tags})  # type: ignore[union-attr]


def test_dropped_files_are_imported_after_the_question(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("A short letter about the cap.")
    asked: list[list[Path]] = []
    monkeypatch.setattr(window.long, "import_files", lambda _w, paths: asked.append(paths))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    shift = Qt.KeyboardModifier.ShiftModifier  # proposes a move, as a file manager does on one disk
    left, any_ = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    enter = QDragEnterEvent(QPoint(5, 5), any_, mime, left, shift)
    event = QDropEvent(QPointF(5, 5), any_, mime, left, shift)
    assert event.proposedAction() == Qt.DropAction.MoveAction
    window.dragEnterEvent(enter)
    window.dropEvent(event)
    rest(lambda: asked)
    assert asked == [[file]]
    assert [(e.isAccepted(), e.dropAction()) for e in (enter, event)] == [
        (True, Qt.DropAction.CopyAction)
    ] * 2, "or the file manager would delete the file"


def test_single_letters_are_text_in_a_field_and_keys_elsewhere(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.search.edit.setFocus()
    QTest.keyClicks(window.search.edit, "jke")
    assert window.search.edit.text() == "jke"
    assert window.workspace.list.currentIndex().row() == 0
    window.workspace.list.setFocus()
    QTest.keyClick(window.workspace.list, Qt.Key.Key_J)
    assert window.workspace.list.currentIndex().row() == 1


def test_a_refusal_is_shown_in_the_strip(window: Window) -> None:
    window.refuse(CaseKitError("Exhibit {label} is taken.", label="A-1"))
    assert (window.notice.text, window.notice.isVisible()) == ("▲ Exhibit A-1 is taken.", True)
    window.refuse(Cancelled())
    assert window.notice.text == "Cancelled. Everything finished so far is kept."


def test_the_theme_changes_without_a_restart(window: Window, rest: Rest) -> None:
    for name in ("dark", "contrast", "light"):
        window.dress(name)
        assert theme.name() == name
        rest()


def test_closing_a_case_shows_the_first_page(window: Window, rest: Rest) -> None:
    window.trigger("case.close")
    rest()
    assert window.workspace is None
    assert window.stack.currentWidget() is window.welcome
    assert not window.allows("case")


def test_nothing_in_the_main_flows_holds_the_window_long(
    window: Window, rest: Rest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # CPU time of the window's own thread, which other load on the machine does not lengthen.
    longest: list[float] = []
    drain = window.jobs.drain

    def measured() -> None:
        before = time.thread_time()
        drain()
        longest.append(time.thread_time() - before)

    assert window.workspace is not None
    monkeypatch.setattr(window.jobs, "drain", measured)
    for _ in range(5):
        window.trigger("item.next")
        rest()
    window.trigger("code.1")
    rest()
    assert longest
    assert sorted(longest)[len(longest) // 2] < 0.25


def test_a_note_is_kept_when_going_on(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    first = window.shell.selection.current
    window.workspace.coding.note.setPlainText("Ask for the controls.")
    window.trigger("item.save_and_next")
    rest()
    assert window.shell.selection.current != first
    with window.shell.case.read() as s:
        assert [n.text for n in items.notes(s, first or 0)] == ["Ask for the controls."]

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.ingest import ingest
from casekit.ops import journal
from casekit.queries.boxes import BoxRow, boxes
from casekit.queries.items import item_ids
from casekit.queries.redactions import redactions
from casekit.ui.box_paper import BoxPaper
from casekit.ui.boxing import BoxWhy, WhyBox
from casekit.ui.window import Window
from tests.ingest.documents import pdf

Rest = Callable[..., None]


@pytest.fixture
def paged(window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A PDF of two pages, its first page drawn in the viewer; whoever is asked why says `confidential`."""
    assert window.shell is not None
    assert window.workspace is not None
    (tmp_path / "letter.pdf").write_bytes(pdf("Ann Lee met Bo Low", "Nobody else"))
    ingest(window.shell.case, [tmp_path / "letter.pdf"])
    with window.shell.case.read() as s:
        item_id = int(item_ids(s, order="id")[-1])
    monkeypatch.setattr(window.ask, "box", lambda about, given: BoxWhy("confidential", "ECF 12"))
    window.workspace.refresh()
    rest()
    window.workspace.open_item(item_id)
    rest()
    window.trigger("view.pages")
    rest(lambda: window.workspace is not None and window.workspace.viewer.pages.drawn)
    return item_id


def paper_of(window: Window) -> BoxPaper:
    assert window.workspace is not None
    return window.workspace.viewer.pages._paper


def kept(window: Window) -> list[BoxRow]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return boxes(s)


def at(paper: BoxPaper, x: float, y: float) -> QPoint:
    frame = paper.frame()
    return QPoint(round(frame.left() + x * frame.width()), round(frame.top() + y * frame.height()))


def dragged(
    qtbot: QtBot, paper: BoxPaper, start: tuple[float, float], end: tuple[float, float]
) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(paper, left, pos=at(paper, *start))
    qtbot.mouseMove(paper, at(paper, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    qtbot.mouseMove(paper, at(paper, *end))
    qtbot.mouseRelease(paper, left, pos=at(paper, *end))


def test_a_box_is_drawn_moved_resized_and_lifted_with_the_mouse(
    window: Window, rest: Rest, qtbot: QtBot, paged: int
) -> None:
    paper = paper_of(window)
    dragged(qtbot, paper, (0.1, 0.05), (0.5, 0.2))
    assert kept(window) == []  # without a tool nothing is drawn
    window.trigger("redact.mark")
    dragged(qtbot, paper, (0.05, 0.05), (0.3, 0.15))
    rest()
    (row,) = kept(window)
    assert (row.item_id, row.page, row.reason, row.authority) == (
        paged,
        1,
        "confidential",
        "ECF 12",
    )
    assert abs(row.left - 50_000) < 4_000
    assert abs(row.bottom - 150_000) < 4_000
    assert [word.text for word in row.words][:2] == ["Ann", "Lee"]
    window.trigger("redact.mark")  # lay the tool down
    assert paper.tool == ""
    dragged(qtbot, paper, (0.2, 0.1), (0.25, 0.12))
    rest()
    (moved,) = kept(window)
    assert moved.right - moved.left == row.right - row.left
    assert abs(moved.left - row.left - 50_000) < 6_000
    dragged(qtbot, paper, (moved.right / 1e6, moved.bottom / 1e6), (0.9, 0.3))
    rest()
    (resized,) = kept(window)
    assert (resized.left, resized.top) == (moved.left, moved.top)
    assert abs(resized.right - 900_000) < 6_000
    qtbot.keyClick(paper, Qt.Key.Key_Delete)
    rest()
    assert kept(window) == []
    assert "shown again" in window.notice.text


def test_the_keys_can_do_all_that_the_mouse_can(
    window: Window, rest: Rest, qtbot: QtBot, paged: int
) -> None:
    paper = paper_of(window)
    window.trigger("redact.mark")
    qtbot.keyClick(paper, Qt.Key.Key_Return)
    assert paper.held == 0
    for _ in range(4):
        qtbot.keyClick(paper, Qt.Key.Key_Up)
    qtbot.keyClick(paper, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(paper, Qt.Key.Key_Return)
    rest()
    (row,) = kept(window)
    assert (row.left, row.top, row.right, row.bottom) == (300_000, 430_000, 705_000, 480_000)
    qtbot.keyClick(paper, Qt.Key.Key_Escape)
    qtbot.keyClick(paper, Qt.Key.Key_Space)
    assert paper.held == row.id
    qtbot.keyClick(paper, Qt.Key.Key_Left)
    qtbot.keyClick(paper, Qt.Key.Key_Escape)  # let go: nothing has changed
    rest()
    assert kept(window) == [row]
    qtbot.keyClick(paper, Qt.Key.Key_Space)
    qtbot.keyClick(paper, Qt.Key.Key_Left)
    qtbot.keyClick(paper, Qt.Key.Key_Return)
    rest()
    assert [r.left for r in kept(window)] == [295_000]
    qtbot.keyClick(paper, Qt.Key.Key_Backspace)
    rest()
    assert kept(window) == []


def test_a_page_is_withheld_and_shown_again_and_undone(
    window: Window, rest: Rest, paged: int
) -> None:
    assert window.shell is not None
    window.trigger("redact.page")
    rest()
    (row,) = kept(window)
    assert (row.left, row.top, row.right, row.bottom) == (0, 0, 1_000_000, 1_000_000)
    window.trigger("redact.page")
    rest()
    assert kept(window) == []
    window.trigger("edit.undo")
    rest()
    assert kept(window) == [row]


def test_all_but_a_box_is_drawn_and_a_reason_is_changed(
    window: Window, rest: Rest, qtbot: QtBot, paged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = paper_of(window)
    window.trigger("redact.all_but")
    dragged(qtbot, paper, (0.1, 0.05), (0.5, 0.2))
    rest()
    (row,) = kept(window)
    assert row.kind == "keep"
    given: list[BoxWhy] = []

    def again(about: str, present: BoxWhy) -> BoxWhy:
        given.append(present)
        return BoxWhy("privacy", "", True)

    monkeypatch.setattr(window.ask, "box", again)
    qtbot.mouseDClick(paper, Qt.MouseButton.LeftButton, pos=at(paper, 0.3, 0.1))
    rest()
    assert given == [BoxWhy("confidential", "ECF 12")]
    (changed,) = kept(window)
    assert (changed.reason, changed.elsewhere) == ("privacy", True)


def test_boxes_are_those_of_the_page_and_a_cancelled_one_is_none(
    window: Window, rest: Rest, qtbot: QtBot, paged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None
    window.trigger("redact.page")
    rest()
    pages = window.workspace.viewer.pages
    assert "1 box" in pages._where.text()
    pages._turn(1)
    rest(lambda: pages.drawn)
    assert "box" not in pages._where.text()
    monkeypatch.setattr(window.ask, "box", lambda about, given: None)
    window.trigger("redact.page")
    rest()
    assert [row.page for row in kept(window)] == [1]


def test_all_texts_but_a_passage_are_withheld(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    monkeypatch.setattr(window.ask, "redaction", lambda passage: ("privacy", ""))
    window.workspace.open_item(1)
    rest()
    window.trigger("redact.all_but")
    assert "alone may be shown" in window.notice.text
    window.trigger("redact.page")
    assert "Open the Pages" in window.notice.text
    view = window.shell.selection.view
    assert view is not None
    part, text = view.texts[0]
    window.shell.selection.cite = (part, 2, 9)
    window.trigger("redact.all_but")
    rest()
    with window.shell.case.read() as s:
        rows = redactions(s)
    spans = [(r.start, r.stop) for r in rows if r.part == part]
    assert spans == [(0, 2), (9, len(text))]
    assert {r.part for r in rows} == {name for name, _ in view.texts}
    with window.shell.case.write() as s:
        journal.undo(s, window.shell.case.head())


def test_why_is_asked_with_what_was_said_before(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = WhyBox(None, "About", BoxWhy("work-product", "ECF 9", True))  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Accepted)
    assert dialog.answer() == BoxWhy("work-product", "ECF 9", True)
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Rejected)
    assert dialog.answer() is None

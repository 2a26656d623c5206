"""Words marked on the pixels of a page, by mouse and by keys, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from casekit.ingest import ingest
from casekit.progress import Silent
from casekit.queries.annotations import annotations_of
from casekit.queries.boxes import BoxWord
from casekit.queries.items import item_ids
from casekit.search import index_pending
from casekit.ui.box_paper import BoxPaper
from casekit.ui.page_layer import _lines
from casekit.ui.pages_view import PagesView, page_of
from casekit.ui.window import Window
from tests.ingest.documents import pdf

Rest = Callable[..., None]


@pytest.fixture
def pages(window: Window, rest: Rest, tmp_path: Path) -> PagesView:
    """A PDF of three pages, the second without text, found by a search and shown as pixels."""
    assert window.shell is not None
    assert window.workspace is not None
    case = window.shell.case
    (tmp_path / "letter.pdf").write_bytes(pdf("Ann Lee met Bo Low", "", "Ann again"))
    ingest(case, [tmp_path / "letter.pdf"])
    index_pending(case, Silent(), vectors=False)
    with case.read() as s:
        item_id = int(item_ids(s, order="id")[-1])
    window.activateWindow()
    window.search.put("ann", "words")
    window.search.run()
    rest()
    window.workspace.open_item(item_id)
    rest()
    window.trigger("view.pages")
    view = window.workspace.viewer.pages
    rest(lambda: view.drawn and view._paper.layer.page is not None)
    return view


def middle(paper: BoxPaper, number: int) -> QPoint:
    word = paper.layer.words[number]
    return paper._rect((word.left, word.top, word.right, word.bottom)).center().toPoint()


def drag(paper: BoxPaper, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(paper, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(paper, end - QPoint(3, 0))
    QTest.mouseMove(paper, end)
    QTest.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=end)


def test_a_drag_marks_words_which_are_copied_cited_and_annotated(
    window: Window, rest: Rest, pages: PagesView
) -> None:
    assert window.shell is not None
    paper, selection = pages._paper, window.shell.selection
    drag(paper, middle(paper, 1), middle(paper, 3))
    assert (paper.layer.text(), selection.cite) == ("Lee met Bo", ("page/1", 4, 14))
    QTest.keyClick(paper, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Lee met Bo"
    window.trigger("cite.copy")
    assert QGuiApplication.clipboard().text().endswith("page 1, characters 5–14")
    window.trigger("annotation.add")
    rest()
    with window.shell.case.read() as s:
        (row,) = annotations_of(s, [int(selection.current or 0)])
    assert (row.part, row.start, row.stop, row.quote) == ("page/1", 4, 14, "Lee met Bo")
    assert window.workspace is not None
    assert window.workspace.viewer.tab == "pages"
    drag(paper, QPoint(2, paper.height() - 2), QPoint(30, paper.height() - 2))
    QTest.mouseClick(paper, Qt.MouseButton.LeftButton, pos=middle(paper, 0) + QPoint(0, 300))
    assert (paper.layer.marked(), selection.cite) == (None, None)
    QTest.mouseDClick(paper, Qt.MouseButton.LeftButton, pos=middle(paper, 4))
    assert paper.layer.text() == "Low"


def test_keys_alone_mark_words_and_are_heard(
    window: Window, pages: PagesView, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: heard.append(event.message())
    )
    paper = pages._paper
    paper.setFocus()
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(paper, Qt.Key.Key_Return)
    QTest.keyClick(paper, Qt.Key.Key_Right)
    QTest.keyClick(paper, Qt.Key.Key_Right, shift)
    assert heard == ["Ann", "Lee", "Lee met"]
    QTest.keyClick(paper, Qt.Key.Key_End, shift)
    QTest.keyClick(paper, Qt.Key.Key_Left, shift)
    assert paper.layer.text() == "Lee met Bo"
    QTest.keyClick(paper, Qt.Key.Key_Home)
    QTest.keyClick(paper, Qt.Key.Key_Down)
    assert paper.layer.text() == "Ann"
    QTest.keyClick(paper, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert paper.layer.text() == "Ann Lee met Bo Low"
    QTest.keyClick(paper, Qt.Key.Key_Escape)
    assert window.shell is not None
    assert (paper.layer.marked(), window.shell.selection.cite) == (None, None)


def test_hits_are_drawn_over_the_pixels_and_walked_from_page_to_page(
    window: Window, rest: Rest, pages: PagesView
) -> None:
    assert window.workspace is not None
    viewer, paper = window.workspace.viewer, pages._paper
    assert viewer._hits.text() == "2 hits"
    left = paper._rect((0, 0, 0, 0)).topLeft()
    ground = (
        paper.grab()
        .toImage()
        .pixelColor(
            middle(paper, 0).x() + 0, round(paper.layer._rect_of(paper.layer.words[0]).top() + 1)
        )
    )
    assert ground.getRgb()[:3] != (255, 255, 255)
    assert left == paper.frame().topLeft()
    window.trigger("hit.next")
    rest()
    assert (pages.number, paper.layer.text(), viewer._hits.text()) == (1, "Ann", "1 of 2 hits")
    window.trigger("hit.next")
    rest(lambda: pages.number == 3 and paper.layer.marked() is not None)
    assert (paper.layer.text(), viewer._hits.text()) == ("Ann", "2 of 2 hits")
    window.trigger("hit.previous")
    rest(lambda: pages.number == 1 and paper.layer.marked() is not None)
    assert window.shell is not None
    assert window.shell.selection.cite == ("page/1", 0, 3)


def test_a_page_without_words_is_read_on_request_and_says_what_came_of_it(
    window: Window, rest: Rest, pages: PagesView, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekit.ingest.ocr.engine import ReadWord
    from tests.ingest.ocr.engines import use_words

    use_words(monkeypatch, ReadWord("Zanzibar", 100, 100, 300, 150))
    pages._turn(1)
    rest(lambda: pages.drawn and pages._paper.layer.page is not None)
    paper = pages._paper
    QTest.mouseClick(paper, Qt.MouseButton.LeftButton, pos=paper.rect().center())
    assert pages._hint.text() == "Reading the words of this page …"
    rest(lambda: bool(paper.layer.words))
    QTest.keyClick(paper, Qt.Key.Key_Return)
    assert paper.layer.text() == "Zanzibar"
    assert pages._hint.text() == (
        "These words can be copied; no text of the case says them to the letter."
    )


def test_lines_follow_the_page_and_columns_stay_apart(dressed: QApplication) -> None:
    def word(text: str, left: int, top: int) -> BoxWord:
        return BoxWord(text, left, top, left + 50_000, top + 20_000)

    row = [word("a", 0, 0), word("b", 60_000, 1_000), word("far", 700_000, 0), word("c", 0, 30_000)]
    assert [[w.text for w in line] for line in _lines(row)] == [["a", "b"], ["far"], ["c"]]
    paper = BoxPaper()
    assert paper.layer.near(QPointF(5, 5)) is None
    assert [page_of(p) for p in ("page/7", "ocr/page/3", "ocr/page/3~2", "body", "page/x")] == [
        7, 3, 3, None, None,
    ]  # fmt: skip

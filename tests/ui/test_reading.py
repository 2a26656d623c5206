from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from casekit.ui.reading import ReadingPage
from casekit.ui.writing import Span
from tests.ui.test_writing import begun, laid, lines


def mark(page: ReadingPage, needle: str) -> tuple[str, int, int] | None:
    found = page.document().find(needle)
    assert not found.isNull()
    page.setTextCursor(found)
    return page.marked()


def test_a_selection_is_cited_by_characters_of_the_part(dressed: QApplication) -> None:
    text = "a 😀 line\r\nand 请逐步 another\nlast"
    page = laid(ReadingPage(), text, (Span(15, 18, 1),))
    for needle in ("line", "请逐步", "another", "last"):
        place = mark(page, needle)
        assert place is not None
        part, start, stop = place
        assert (part, text[start:stop]) == ("output", needle)


def test_a_selection_outside_evidence_is_no_place(dressed: QApplication) -> None:
    page = laid(ReadingPage(), "text")
    assert page.marked() is None
    assert mark(page, "ANSWER") is None


def test_all_that_is_chosen_is_all_there_is(dressed: QApplication) -> None:
    text = lines(1200)
    page = begun(ReadingPage(), text)
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.marked() == ("output", 0, len(text) - 1)  # the last break ends no line on the page

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication

from casekit.ui.reading import BREAK, LONGEST_PASSAGE, UNSEEN, ReadingPage, Span, shown, utf16


def laid(
    page: ReadingPage, text: str, spans: tuple[Span, ...] = (), part: str = "output"
) -> ReadingPage:
    page.begin()
    page.section("Answer")
    page.passage(part, text, spans)
    page.end()
    return page


def mark(page: ReadingPage, needle: str) -> tuple[str, int, int] | None:
    found = page.document().find(needle)
    assert not found.isNull()
    page.setTextCursor(found)
    return page.marked()


def test_marked_passages_are_underlined_and_numbered(dressed: QApplication) -> None:
    page = laid(ReadingPage(), "one two three four", (Span(4, 7, 1), Span(14, 18, 2)))
    assert page.toPlainText() == "ANSWER\none two [1] three four [2]"
    cursor = page.document().find("two")
    form = cursor.charFormat()
    assert form.fontUnderline()
    assert form.background().color().name() == "#ffe9a8"
    assert (
        page.hits,
        page.go_to_hit(1),
        page.go_to_hit(1),
        page.go_to_hit(1),
        page.go_to_hit(-1),
    ) == (2, 1, 2, 1, 2)


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


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.text(max_size=200))
def test_any_text_is_on_the_page_whole_and_found_again(dressed: QApplication, text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    page = laid(ReadingPage(), text)
    page.moveCursor(QTextCursor.MoveOperation.Start)
    page.selectAll()
    place = page.marked()
    visible = [r for r in page._runs if r.text]
    if visible:
        assert place == ("output", visible[0].start, visible[-1].start + len(visible[-1].text))
        assert all(text[r.start : r.start + len(r.text)] == r.text for r in visible)


def test_hidden_characters_are_named_and_markup_is_only_text(dressed: QApplication) -> None:
    page = laid(ReadingPage(), "pay \u202e001\u200b <img src='http://x/y'> <script>")
    text = page.toPlainText()
    assert "⟨U+202E⟩001⟨U+200B⟩ <img src='http://x/y'> <script>" in text
    assert page.loadResource(2, QUrl("http://x/y")) is None
    assert shown("a\u202eb\nc") == "a⟨U+202E⟩b c"
    assert utf16("a😀") == 3


def test_very_long_text_ends_in_a_link_that_shows_the_rest(dressed: QApplication) -> None:
    followed: list[str] = []
    page = ReadingPage(followed.append)
    text = "word " * (LONGEST_PASSAGE // 5 + 200)
    laid(page, text)
    assert "1,000 more characters. Show all" in page.toPlainText()
    page._follow(QUrl("whole:output"))
    assert followed == ["whole:output"]
    page.show_whole("output")
    laid(page, text)
    assert "more characters" not in page.toPlainText()
    page.forget_whole()
    laid(page, text)
    assert "more characters" in page.toPlainText()


def test_fields_stand_in_two_columns_and_lines_have_styles(dressed: QApplication) -> None:
    page = ReadingPage()
    page.begin()
    page.fields([("From", "Ann <a@b>"), ("To", "Bob")])
    page.fields([])
    page.line(("bold ", "bold"), ("link", "link:item:4"), ("warn", "warn"))
    page.end()
    assert page.toPlainText().split("\n")[1:5] == ["From", "Ann <a@b>", "To", "Bob"]
    assert page.document().find("link").charFormat().anchorHref() == "item:4"


def test_no_control_or_format_character_is_hidden_on_the_page() -> None:
    unseen = {
        chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf")
    }
    told = {c for c in unseen if UNSEEN.fullmatch(c) or BREAK.fullmatch(c)}
    assert unseen - told == {"\t"}
    smuggled = "ok" + "".join(chr(0xE0000 + ord(c)) for c in "no") + "\u00ad."
    assert shown(smuggled) == "ok⟨U+E006E⟩⟨U+E006F⟩⟨U+00AD⟩."
    assert shown("Naïve 日本 👍\ufe0f a\u00a0b") == "Naïve 日本 👍\ufe0f a\u00a0b"

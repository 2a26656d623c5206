from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.unseen import UNSEEN
from casekit.ui import theme
from casekit.ui.portions import PORTION
from casekit.ui.reading import ReadingPage
from casekit.ui.writing import BREAK, LONGEST_BLOCK, LONGEST_PASSAGE, Span, in_a_row, shown, utf16


def laid(
    page: ReadingPage, text: str, spans: tuple[Span, ...] = (), part: str = "output"
) -> ReadingPage:
    page.begin()
    page.section("Answer")
    page.passage(part, text, spans)
    page.end()
    page.finish()
    return page


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


def test_what_is_read_from_the_right_turns_nothing_beside_it(dressed: QApplication) -> None:
    assert in_a_row(["נועה", "", "2026", "a.eml"]) == "\u2068נועה\u2069 · 2026 · a.eml"
    page = ReadingPage()
    page.resize(700, 300)
    page.begin()
    page.fields([("From", "נועה <noa@x.example>"), ("To", "Bob"), ("Subject", "x" * 60)])
    page.end()
    page.show()
    hebrew, latin = page.document().find("נועה"), page.document().find("Bob")
    lefts = []
    for found in (hebrew, latin):
        line = found.block().layout().lineAt(0)
        lefts.append(round(line.naturalTextRect().left()))
    assert lefts[0] == lefts[1] == 0


def test_no_control_or_format_character_is_hidden_on_the_page() -> None:
    unseen = {
        chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf")
    }
    told = {c for c in unseen if UNSEEN.fullmatch(c) or BREAK.fullmatch(c)}
    assert unseen - told == {"\t"}
    smuggled = "ok" + "".join(chr(0xE0000 + ord(c)) for c in "no") + "\u00ad."
    assert shown(smuggled) == "ok⟨U+E006E⟩⟨U+E006F⟩⟨U+00AD⟩."
    assert shown("Naïve 日本 👍\ufe0f a\u00a0b") == "Naïve 日本 👍\ufe0f a\u00a0b"


def lines(count: int) -> str:
    return "".join(f"line {n} of a long answer that goes on and on\n" for n in range(count))


def begun(page: ReadingPage, text: str, spans: tuple[Span, ...] = ()) -> ReadingPage:
    page.begin()
    page.section("Answer")
    page.passage("output", text, spans)
    page.line(("after it", "quiet"))
    page.end()
    return page


def test_a_long_page_is_written_in_turns_and_ends_as_if_at_once(
    dressed: QApplication, qtbot: QtBot
) -> None:
    text = lines(1200)
    spans = tuple(Span(at, at + 4, n) for n, at in enumerate(range(3, len(text) - 4, 2000), 1))
    page = begun(ReadingPage(), text, spans)
    assert PORTION // 4 < len(page.toPlainText()) < PORTION
    page.setTextCursor(page.document().find("of a long"))
    chosen = page.marked()
    turns = 0
    while page.writing:
        turns += 1
        QApplication.processEvents()
    assert turns >= len(text) // PORTION
    assert page.marked() == chosen
    assert page.verticalScrollBar().value() == 0
    whole = begun(ReadingPage(), text, spans)
    whole.finish()
    assert page.toPlainText() == whole.toPlainText()
    assert page.toPlainText().endswith("\nafter it")
    assert page._runs == whole._runs
    assert page.hits == whole.hits == len(spans)
    assert "".join(run.text for run in page._runs) == text.replace("\n", "")


def test_what_was_still_to_come_of_one_page_never_comes_on_the_next(
    dressed: QApplication, qtbot: QtBot
) -> None:
    page, done = begun(ReadingPage(), lines(1200)), []
    page.afterwards(lambda: done.append("first"))
    begun(page, "short")
    page.afterwards(lambda: done.append("second"))
    qtbot.wait_until(lambda: not page.writing)
    QApplication.processEvents()
    assert page.toPlainText() == "ANSWER\nshort\nafter it"
    assert done == ["second"]


def test_a_mark_that_begins_or_ends_at_a_break_is_one_hit_with_its_number(
    dressed: QApplication,
) -> None:
    page = laid(ReadingPage(), "one two\r\nthree\nfour", (Span(8, 14, 1), Span(14, 19, 2)))
    assert page.toPlainText() == "ANSWER\none two\nthree [1]\nfour [2]"
    assert page.hits == 2
    page = laid(ReadingPage(), "one two\nthree", (Span(4, 8, 1),))
    assert page.toPlainText() == "ANSWER\none two [1]\nthree"


def test_a_line_too_long_to_lay_out_at_once_goes_on_in_another_block(dressed: QApplication) -> None:
    text = "x" * (LONGEST_BLOCK + 10) + " word" * LONGEST_BLOCK
    page = ReadingPage()
    page.show_whole("output")
    laid(page, text)
    blocks = page.toPlainText().split("\n")[1:]
    assert "".join(blocks) == text
    assert max(map(len, blocks)) <= LONGEST_BLOCK
    assert blocks[1].endswith("word ")
    assert page.go_to("output", 15, len(text) - 3)
    assert page.marked() == ("output", 15, len(text) - 3)


def test_a_text_follows_its_pane_when_that_gets_narrower_or_wider(
    dressed: QApplication, qtbot: QtBot
) -> None:
    """A line between panes, once drawn, squeezed the text to a letter a line."""
    page = ReadingPage()
    qtbot.addWidget(page)
    page.resize(1400, 500)
    page.show()
    laid(page, "word " * 400)

    def room() -> float:
        frame = page.document().rootFrame().frameFormat()
        return page.viewport().width() - frame.leftMargin() - frame.rightMargin()

    wide = room()
    assert wide == page.measure
    page.resize(500, 500)
    assert room() == page.viewport().width() - 32
    page.resize(1400, 500)
    assert room() == wide


def test_a_bar_that_comes_does_not_lay_the_text_out_again(
    dressed: QApplication, qtbot: QtBot
) -> None:
    page = ReadingPage()
    qtbot.addWidget(page)
    page.resize(600, 200)
    page.show()
    seen = []
    for text in ("one line", lines(40)):
        begun(page, text).finish()
        QApplication.processEvents()
        bar = page.verticalScrollBar().isVisible()
        margin = page.document().rootFrame().frameFormat().rightMargin()
        seen.append((bar, page.document().textWidth(), margin))
    (alone, *before), (beside, *after) = seen
    assert (alone, beside) == (False, True)
    assert before == after
    page.resize(500, 200)
    QApplication.processEvents()
    assert page.document().textWidth() == before[0] - 100


def test_words_of_our_own_have_the_colours_of_the_theme_in_force(dressed: QApplication) -> None:
    page = ReadingPage()
    try:
        for name in ("light", "dark", "light"):
            theme.apply(dressed, name)
            page.begin()
            page.line(
                ("quiet", "quiet"), ("plain", "ink"), ("warned", "warn"), ("there", "link:item:7")
            )
            page.end()
            for word, token in (
                ("quiet", "ink2"),
                ("plain", "ink"),
                ("warned", "warn"),
                ("there", "accent"),
            ):
                form = page.document().find(word).charFormat()
                assert form.foreground().color() == theme.current().colour(token)
                assert form.anchorHref() == ("item:7" if token == "accent" else "")
    finally:
        theme.apply(dressed, "light")

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from casekit.ui.pages_view import RAW_BYTES, PagesView, RawView, visible
from tests.ui.sample_cases import small_png


def test_every_hidden_byte_is_visible() -> None:
    raw = b"a b\tc\r\nd\x00\x1b[31m\xff\x7f" + "é\u202e\u200b请".encode()
    assert visible(raw) == "a b→\tc␍␊\nd␀␛[31m⟨ff⟩␡é⟨U+202E⟩⟨U+200B⟩请"


@given(st.binary(max_size=300))
def test_what_is_shown_is_printable(raw: bytes) -> None:
    assert all(c.isprintable() or c in "\n\t" for c in visible(raw))


def test_only_the_beginning_of_long_bytes_is_shown_and_it_says_so(dressed: QApplication) -> None:
    view = RawView()
    view.show_bytes(b"x" * (RAW_BYTES + 5), RAW_BYTES + 5)
    assert view.toPlainText().endswith("[The first 65,536 of 65,541 bytes are shown.]")
    view.show_bytes(b"short", 5)
    assert view.toPlainText() == "short"


def test_pages_are_turned_and_late_ones_are_left_out(dressed: QApplication) -> None:
    asked: list[int] = []
    view = PagesView(asked.append)
    view.resize(500, 400)
    view.open(3)
    view._turn(1)
    view._turn(1)
    view._turn(1)
    assert asked == [1, 2, 3]
    assert (view._back.isEnabled(), view._on.isEnabled(), view._where.text()) == (
        True,
        False,
        "Page 3 of 3",
    )
    view.show_picture(1, small_png())
    assert view._picture.isNull()
    view.show_picture(3, small_png())
    assert view._paper.pixmap().width() > 100
    view.say("It cannot be drawn.")
    assert view._paper.text() == "It cannot be drawn."

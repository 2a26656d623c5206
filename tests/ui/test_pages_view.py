from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtWidgets import QApplication

from casekit.ui.pages_view import (
    LONGEST_LINE,
    RAW_BYTES,
    WIDEST,
    PagesView,
    Raw,
    RawView,
    picture_of,
    visible,
)
from tests.ui.sample_cases import small_png


def test_every_hidden_byte_is_visible() -> None:
    raw = b"a b\tc\r\nd\x00\x1b[31m\xff\x7f" + "é\u202e\u200b请".encode()
    assert visible(raw) == "a b→\tc␍␊\nd␀␛[31m⟨ff⟩␡é⟨U+202E⟩⟨U+200B⟩请"


@given(st.binary(max_size=300))
def test_what_is_shown_is_printable(raw: bytes) -> None:
    assert all(c.isprintable() or c in "\n\t" for c in visible(raw))


def test_bytes_without_line_ends_are_shown_in_lines() -> None:
    raw = bytes(range(0x80, 0x100)) * 40 + b"\n" + b"x" * (2 * LONGEST_LINE)
    shown = visible(raw)
    assert max(len(line) for line in shown.split("\n")) <= LONGEST_LINE * len("⟨ff⟩")
    assert shown.replace("\n", "").replace("␊", "␊\n") == "".join(
        f"⟨{n:02x}⟩" for n in bytes(range(0x80, 0x100)) * 40
    ) + "␊\n" + "x" * (2 * LONGEST_LINE)


def test_only_the_beginning_of_long_bytes_is_shown_and_it_says_so(dressed: QApplication) -> None:
    view = RawView()
    view.show_raw(Raw.of(b"x" * (RAW_BYTES + 5)))
    assert view.toPlainText().endswith("[The first 65,536 of 65,541 bytes are shown.]")
    view.show_raw(Raw.of(b"short"))
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
    view.show_picture(1, picture_of(small_png()))
    assert view._picture.isNull()
    view.show_picture(3, picture_of(small_png()))
    assert view._paper.pixmap().width() > 100
    view.say("It cannot be drawn.")
    assert view._paper.text() == "It cannot be drawn."


def test_a_picture_wider_than_it_can_be_shown_is_made_smaller_before_it_is_handed_over() -> None:
    room = io.BytesIO()
    Image.new("RGB", (3 * WIDEST, 300)).save(room, "PNG")
    made = picture_of(room.getvalue())
    assert (made.width(), made.height()) == (WIDEST, 100)
    assert picture_of(small_png()).width() < WIDEST

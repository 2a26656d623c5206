from __future__ import annotations

import math
from types import SimpleNamespace

from casekit.ingest.ocr.rapid_page import (
    Piece,
    PlacedWord,
    ReadPage,
    _edges,
    _mean,
    _turned,
    told,
)

SQUARE = [[10, 20], [110, 20], [110, 40], [10, 40]]


def piece(text: str, left: float, top: float, *, angle: float = 0.0, sure: float = 0.9) -> Piece:
    """A piece 10 pixels a letter, turned about the origin."""
    cos, sin = math.cos(angle), math.sin(angle)
    right, foot = left + 10 * len(text), top + 20
    corners = [(left, top), (right, top), (right, foot), (left, foot)]
    a, b, c, d = ((x * cos - y * sin, x * sin + y * cos) for x, y in corners)
    halves = ((0, len(text), 0.0, 1.0),)
    return Piece(text, sure, (a, b, c, d), halves)


def test_the_text_is_told_in_the_order_of_reading_and_how_sure_it_is() -> None:
    page = told(
        [piece("second line", 0, 30, sure=0.5), piece("A first", 0, 0), piece("end", 0, 90)]
    )
    assert page.text == "A first\nsecond line\n\nend"
    assert [w.text for w in page.words] == ["A first", "second line", "end"]
    assert page.words[0] == PlacedWord("A first", 0, 0, 70, 20)
    assert page.sure is not None
    assert math.isclose(page.sure, (0.9 * 7 + 0.5 * 11 + 0.9 * 3) / 21)
    assert told([]) == ReadPage("", None, ())


def test_a_skewed_or_turned_page_is_read_in_its_own_order() -> None:
    for angle in (0.04, -0.04, math.pi / 2, math.pi, -math.pi / 2):
        lines = [piece(f"line {n} of the page", 0, 26 * n, angle=angle) for n in range(6)]
        assert told(lines[::-1]).text == "\n".join(f"line {n} of the page" for n in range(6))


def test_a_note_along_the_margin_does_not_turn_the_page() -> None:
    lines = [piece(f"line {n} of the page", 0, 26 * n) for n in range(4)]
    note = piece("a note", 0, -400, angle=math.pi / 2)
    assert told([note, *lines[::-1]]).text.startswith("line 0 of the page\nline 1 of")


def test_a_longer_piece_counts_for_more() -> None:
    assert math.isclose(_mean([("abcd", 1.0, None), ("e", 0.0, None)]), 0.8)


def test_corners_follow_the_reading() -> None:
    assert _turned(SQUARE, lying=True, head=False)[0] == (10, 20)
    assert _turned(SQUARE, lying=True, head=True)[:2] == ((110, 40), (10, 40))
    assert _turned(SQUARE, lying=False, head=False)[:2] == ((110, 20), (110, 40))
    assert _turned(SQUARE, lying=False, head=True)[:2] == ((10, 40), (10, 20))


def test_words_end_between_the_letters_that_were_seen() -> None:
    info = SimpleNamespace(word_cols=[[1, 2], [6, 7]], line_txt_len=10.0)
    edges = _edges("ab cd", info)
    assert [(a, b) for a, b, _, _ in edges] == [(0, 2), (3, 5)]
    (_, _, left, right), (_, _, again, end) = edges
    assert 0 <= left < 0.15
    assert 0.25 < right < again < 0.65
    assert 0.75 < end <= 1
    ink = [not 35 <= n < 55 for n in range(100)]
    (_, _, _, right), (_, _, again, _) = _edges("ab cd", info, ink)
    assert (right, again) == (0.35, 0.55)
    signs = _edges("训练", SimpleNamespace(word_cols=[[2, 6]], line_txt_len=10.0))
    assert signs[0][3] == signs[1][2] == 0.45
    split = [not 26 <= n < 34 for n in range(100)]  # white within the first sign
    assert _edges("川练", SimpleNamespace(word_cols=[[2, 6]], line_txt_len=10.0), split) == signs


def test_without_columns_the_words_share_the_piece() -> None:
    nothing = SimpleNamespace(word_cols=None, line_txt_len=0.0)
    assert _edges("ab cd", nothing) == ((0, 2, 0.0, 0.4), (3, 5, 0.6, 1.0))

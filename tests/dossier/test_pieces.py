from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.glyphs import Glyphs
from casekit.dossier.pieces import Placed

ALPHABET = "ab 12(),:אבגשׁסلمرجعيّ٣अनिक्षไทยน้ำe\u0301\u200c\u200d\u202e\u2066\u200f🙂中\t﷽"


def pieces(faces: Mapping[str, Glyphs], text: str, *, record: bool = False) -> list[Placed]:
    serif = faces["serif"]
    made = serif.arrange(text, serif.levels(text, record)[0])
    return [piece for piece in made.runs if isinstance(piece, Placed)]


def from_left(faces: Mapping[str, Glyphs], text: str, *, record: bool = False) -> str:
    """A line as it stands from left to right."""
    placed = sorted(pieces(faces, text, record=record), key=lambda p: p.x)
    return "".join(piece.text for piece in placed)


def test_words_stand_from_right_to_left_and_come_in_the_order_of_reading(
    faces: Mapping[str, Glyphs],
) -> None:
    found = pieces(faces, "אב גד 12")
    assert [(p.text, p.start, p.stop) for p in found] == [
        ("בא", 0, 2), (" ", 2, 3), ("דג", 3, 5), (" ", 5, 6), ("12", 6, 8),
    ]  # fmt: skip
    assert [p.x for p in found] == sorted((p.x for p in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a שלום b", "a םולש b"), ("שלום (א)", ")א( םולש"),
        ("pay \u202e100\u202c to", "pay [U+202E]100[U+202C] to"),
        ("ש\u202eל", "ל[U+202E]ש"), ("x\u0710y א", "x[U+0710]y א"),
    ],
)  # fmt: skip
def test_a_control_is_printed_and_moves_nothing(
    faces: Mapping[str, Glyphs], text: str, shown: str
) -> None:
    assert from_left(faces, text) == shown


def test_the_quoted_texts_of_a_record_keep_their_places(faces: Mapping[str, Glyphs]) -> None:
    record = '{"א":"ב","ג":1}'
    assert from_left(faces, record, record=True) == record
    assert from_left(faces, record) != record


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u0301a", "[U+0301]a"), (" \u05b0", " [U+05B0]"), ("\u093f", "[U+093F]"),
        ("ض\u200c ", "ض[U+200C] "), ("﷽", "[U+FDFD]"), ("ﷺ", "ﷺ"),
        ("H" + "\u0321\u0353\u031e\u0345\u0317\u0318", "H[U+0321][U+0353][U+031E][U+0345][U+0317][U+0318]"),
    ],
)  # fmt: skip
def test_what_a_line_has_no_room_for_is_spelt(
    faces: Mapping[str, Glyphs], text: str, shown: str
) -> None:
    found = "".join(p.text for p in pieces(faces, text))
    assert found == shown


def test_a_joiner_that_changes_its_letters_is_not_spelt(faces: Mapping[str, Glyphs]) -> None:
    joined, apart = pieces(faces, "بب"), pieces(faces, "ب\u200cب")
    assert len(apart) == 1
    assert apart[0].text == "ب\u200cب"
    assert [o.letter for o in apart[0].outlines] != [o.letter for o in joined[0].outlines]


def test_marks_on_letters_of_any_face_are_drawn_on_them(faces: Mapping[str, Glyphs]) -> None:
    for text in ("e\u0301", "x\u0304", "カ\u3099"):
        (piece,) = pieces(faces, text)
        assert piece.shaped
        assert piece.text == text
        assert piece.outlines


@given(st.text(ALPHABET, max_size=40))
def test_every_character_has_one_place_and_none_stands_on_another(
    faces: Mapping[str, Glyphs], text: str
) -> None:
    serif = faces["serif"]
    made = serif.arrange(text, serif.levels(text)[0])
    found = pieces(faces, text)
    assert [p.start for p in found] == [0, *(p.stop for p in found[:-1])][: len(found)]
    assert (found[-1].stop if found else 0) == len(text)
    across = sorted(found, key=lambda p: (p.x, p.x + p.width))
    for left, right in pairwise(across):
        assert left.x + left.width <= right.x + 1e-6
    assert sum(p.width for p in found) == pytest.approx(made.width)

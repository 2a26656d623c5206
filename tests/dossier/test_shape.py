from collections.abc import Mapping
from pathlib import Path

import pytest

from casekit.dossier.glyphs import Glyphs
from casekit.dossier.shape import shape


def path_of(faces: Mapping[str, Glyphs], key: str) -> Path:
    return next(face.path for face in faces["serif"].fallback if face.key == key)


def test_arabic_letters_join(faces: Mapping[str, Glyphs]) -> None:
    arabic = path_of(faces, "arabic")
    alone = shape(arabic, "ب", True)
    three = shape(arabic, "ببب", True)
    assert three.width < 3 * alone.width
    assert len({o.letter.name for o in three.outlines}) > len(
        {o.letter.name for o in alone.outlines}
    )
    assert three.whole


def test_the_first_letter_of_a_text_from_right_to_left_stands_right(
    faces: Mapping[str, Glyphs],
) -> None:
    hebrew = path_of(faces, "hebrew")
    alef, both = shape(hebrew, "א", True), shape(hebrew, "אב", True)
    assert both.outlines[-1].letter == alef.outlines[0].letter
    assert both.outlines[-1].x > both.outlines[0].x


def test_a_bracket_is_mirrored(faces: Mapping[str, Glyphs]) -> None:
    serif = faces["serif"].main.path
    left, right = shape(serif, "(", False), shape(serif, ")", False)
    assert (
        shape(serif, "(", True).outlines[0].letter
        == right.outlines[0].letter
        != left.outlines[0].letter
    )


def test_a_vowel_goes_before_its_letter_in_devanagari(faces: Mapping[str, Glyphs]) -> None:
    deva = path_of(faces, "devanagari")
    letter = shape(deva, "ह", False).outlines[0].letter
    assert [o.letter == letter for o in shape(deva, "हि", False).outlines] == [False, True]


def test_a_mark_stands_over_its_letter_without_making_it_wider(faces: Mapping[str, Glyphs]) -> None:
    serif = faces["serif"].main.path
    plain, marked = shape(serif, "x", False), shape(serif, "x\u0304", False)
    assert marked.width == plain.width
    assert marked.top > plain.top
    assert len(marked.outlines) == 2


def test_a_glyph_that_a_font_lacks_is_told(faces: Mapping[str, Glyphs]) -> None:
    assert not shape(path_of(faces, "hebrew"), "中", False).whole


@pytest.mark.parametrize("text", ["", " "])
def test_white_space_has_no_outline(faces: Mapping[str, Glyphs], text: str) -> None:
    made = shape(faces["serif"].main.path, text, False)
    assert (made.outlines, made.top, made.bottom) == ((), 0.0, 0.0)

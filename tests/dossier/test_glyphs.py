from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.glyphs import Glyphs, drawn_characters, needs_spelling, spelt


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\u200b", "[U+200B]"), ("\u202e", "[U+202E]"), ("\ufeff", "[U+FEFF]"), ("\x00", "[U+0000]"),
        ("\u00ad", "[U+00AD]"), ("\U000e0041", "[U+E0041]"), ("א", "[U+05D0]"), ("अ", "[U+0905]"),
        ("\u2028", "[U+2028]"), ("\u3164", "[U+3164]"), ("\ue000", "[U+E000]"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_spelt(
    faces: Mapping[str, Glyphs], character: str, shown: str
) -> None:
    measured = faces["serif"].measure(f"a{character}b")
    assert "".join(text for _, text in measured.runs) == f"a{shown}b"


def test_a_text_is_split_into_runs_of_the_first_font_that_has_it(
    faces: Mapping[str, Glyphs],
) -> None:
    runs = faces["serif"].measure("See 中文 🙂.").runs
    assert [(font.split("-")[0], text) for font, text in runs] == [
        ("serif", "See "), ("chinese", "中文"), ("serif", " "), ("emoji", "🙂"), ("serif", "."),
    ]  # fmt: skip


def test_a_character_that_no_font_has_is_spelt(faces: Mapping[str, Glyphs]) -> None:
    assert faces["sans"].measure("ᚠ").runs[0][1] == "[U+16A0]"


def test_a_joiner_is_part_of_an_emoji_and_spelt_elsewhere(faces: Mapping[str, Glyphs]) -> None:
    inside = faces["serif"].measure("❤\ufe0f")
    assert "".join(text for _, text in inside.runs) == "❤\ufe0f"
    outside = faces["serif"].measure("a\ufe0f")
    assert "".join(text for _, text in outside.runs) == "a[U+FE0F]"


def test_a_tab_is_four_spaces(faces: Mapping[str, Glyphs]) -> None:
    assert faces["mono"].measure("\tx").runs[0][1] == "    x"


@given(st.text())
def test_everything_is_drawn_or_spelt(faces: Mapping[str, Glyphs], text: str) -> None:
    text = text.replace("\n", "")
    shown = "".join(run for _, run in faces["serif"].measure(text).runs)
    for character in text:
        assert character in shown or spelt(character) in shown or character == "\t"


@given(st.text())
def test_the_characters_drawn_are_those_not_spelt(text: str) -> None:
    drawn = drawn_characters(text)
    assert all(not needs_spelling(c) or c in "\ufe0f\u200d" for c in drawn)

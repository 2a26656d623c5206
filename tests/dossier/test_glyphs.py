from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.glyphs import Glyphs
from casekit.dossier.pieces import Placed
from casekit.dossier.spelling import spelt


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\u200b", "[U+200B]"), ("\u202e", "[U+202E]"), ("\ufeff", "[U+FEFF]"), ("\x00", "[U+0000]"),
        ("\u00ad", "[U+00AD]"), ("\U000e0041", "[U+E0041]"), ("ܐ", "[U+0710]"), ("ཀ", "[U+0F40]"),
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
    runs = faces["serif"].measure(text).runs
    shown = "".join(run.text if isinstance(run, Placed) else run[1] for run in runs)
    for character in text:
        assert character in shown or spelt(character) in shown or character == "\t"


def test_letters_that_change_with_their_neighbours_are_shaped(faces: Mapping[str, Glyphs]) -> None:
    measured = faces["serif"].measure("a שלום")
    placed = [run for run in measured.runs if isinstance(run, Placed)]
    assert [(p.text, p.shaped) for p in placed] == [("a ", False), ("םולש", True)]
    assert measured.width == pytest.approx(sum(p.width for p in placed))

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.spelling import (
    clusters,
    drawn_characters,
    is_part_of_emoji,
    is_plain,
    needs_spelling,
    runs_right_to_left,
    spelt,
)


def test_a_character_by_its_code_point() -> None:
    assert (spelt("\u200b"), spelt("\U000e0041")) == ("[U+200B]", "[U+E0041]")


@pytest.mark.parametrize(
    "character", "\u202e\u2066\u200f\u200b\u00ad\ue000\u2028\u3164\x07\u0710\u0f40"
)
def test_what_cannot_be_seen_or_shaped_needs_spelling(character: str) -> None:
    assert needs_spelling(character)


@pytest.mark.parametrize("character", "aé中אبअไ\u0301\t")
def test_what_is_drawn_does_not(character: str) -> None:
    assert not needs_spelling(character)


@pytest.mark.parametrize(
    ("text", "plain", "leftward"),
    [
        ("abc", True, False), ("é中🙂", True, False), ("e\u0301", False, False),
        ("नमस्ते", False, False), ("שלום", False, True), ("سلام", False, True), ("१", False, False),
    ],
)  # fmt: skip
def test_what_needs_a_place_of_its_own(text: str, plain: bool, leftward: bool) -> None:
    assert (is_plain(text), runs_right_to_left(text)) == (plain, leftward)


@pytest.mark.parametrize(
    "parts",
    [
        ["e\u0301", "a"], ["\u1112\u1161\u11ab", "\u1100\u116e"], ["שׁ", "ל"], ["بُ", "ب"],
        ["न", "म", "स्ते"], ["ක්\u200dර", "ම"], ["เก", "า"], ["น้ำ", "ใจ"], ["می\u200c"[0], "ی\u200c", "خ"],
        ["a", "\u200c", "b"], [" ", "\u0301"], ["\u202e", "\u0301"], ["👩\u200d", "💻"], ["❤\ufe0f", "x"],
        ["ب\u200c", "\u200c", "ب"], ["\u094d", "\u0301"], ["ไ", "ไ", "ไก"], ["b" + "\u0301" * 11, "\u0301"],
    ],
)  # fmt: skip
def test_letters_keep_what_belongs_to_them(parts: list[str]) -> None:
    assert list(clusters("".join(parts))) == parts


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_clusters_joined_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


def test_a_joiner_is_part_of_emoji_only_after_one() -> None:
    assert is_part_of_emoji("❤", "\ufe0f")
    assert not is_part_of_emoji("1", "\ufe0f")
    assert not is_part_of_emoji("ب", "\u200d")


@given(st.text())
def test_the_characters_drawn_are_those_not_spelt(text: str) -> None:
    drawn = drawn_characters(text)
    assert all(not needs_spelling(c) or c in "\ufe0f\u200d" for c in drawn)


def test_a_letter_with_its_mark_is_among_the_characters_drawn() -> None:
    assert drawn_characters("e\u0301 カ\u3099") == {"e", "\u0301", "é", " ", "カ", "\u3099", "ガ"}
    assert unicodedata.normalize("NFC", "\u1112\u1161\u11ab") in drawn_characters(
        "\u1112\u1161\u11ab"
    )

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.dossier.spelling import needs_spelling
from casekit.queries import unseen


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("ok" + "".join(chr(0xE0000 + ord(c)) for c in "no"), {"tag": 2}),
        ("pay\u200bment \u2060 x", {"zero-width": 2}),
        ("invoice\u202efdp.exe\u202c", {"bidi": 2}),
        ("con\u00adtract", {"soft-hyphen": 1}),
        ("a\ufe01 b\U000e0101", {"selector": 2}),
        ("a\u3164b\u2800", {"filler": 2}),
        ("a\x00b\x1b[31m", {"control": 2}),
        ("p\u0430yp\u0430l and \u0410pple", {"lookalike": 2}),
        ("plain text,\n\twith lines\r\n", {}),
        ("Привет, мир; Ελληνικά; μm and Δx", {}),
        ("\ufeffstart", {}),
        ("start\ufeff", {"zero-width": 1}),
        ("👩\u200d💻 ❤\ufe0f می\u200cخواهم क्\u200dष", {}),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", {}),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0041", {"tag": 3}),
    ],
)  # fmt: skip
def test_what_nobody_sees_is_found_by_kind_and_what_has_its_place_is_not(
    text: str, kinds: dict[str, int]
) -> None:
    assert unseen.count(text) == kinds
    assert unseen.has_any(text) or not kinds


def test_the_dossier_spells_out_what_the_table_has_and_no_format_character_is_missing() -> None:
    for code in range(0x110000):
        character = chr(code)
        if unseen.UNSEEN.match(character):
            assert needs_spelling(character) or character in "\x0e\x0f", hex(code)
            assert unseen.kind_of(character)
        elif unicodedata.category(character) == "Cf":
            pytest.fail(hex(code))


def test_letters_that_look_like_others_are_told_one_by_one() -> None:
    text = "мир, P\u0430yp\u0430l, \u0410pple — Привет"
    assert unseen.lookalikes(text, 0, len(text)) == [6, 9, 13]
    assert unseen.lookalikes(text, 0, 5) == unseen.lookalikes("plain", 0, 5) == []


@given(st.text(st.sampled_from("ab \u0430\u200b\u00ad\ufeff\u202e\x07é👍")))
def test_places_are_those_of_the_text(text: str) -> None:
    for start, stop, kind in unseen.found(text):
        assert 0 <= start < stop <= len(text)
        assert kind == unseen.LOOKALIKE or unseen.kind_of(text[start:stop]) == kind

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.msdoc import BadDoc, doc_text
from tests.ingest.ole_case import word


@pytest.mark.parametrize("wide", [True, False])
def test_sections_stand_one_behind_the_other(wide: bool) -> None:
    main, table = word("Body “text”\r", notes="A note\r", comments="Really?\r", wide=wide)
    made = doc_text(main, (b"", table))
    told = {name: text for name, text in made.sections.items() if text}
    assert told == {"body": "Body “text”\n", "footnotes": "A note\n", "comments": "Really?\n"}
    assert (made.authors, made.damaged, made.version) == (["Eve"], False, 0xC1)


def test_deleted_letters_stand_apart() -> None:
    main, table = word("keep gone keep\r", deleted=(5, 10))
    made = doc_text(main, (b"", table))
    assert made.sections["body"] == "keep keep\n"
    assert (made.deletions, made.removed) == ("gone ", 1)


def test_letters_of_two_units_do_not_shift_what_follows() -> None:
    main, table = word("😀 one gone\r", notes="note\r", deleted=(7, 11))
    made = doc_text(main, (b"", table))
    assert (made.sections["body"], made.sections["footnotes"]) == ("😀 one \n", "note\n")
    assert made.deletions == "gone"


def test_field_codes_are_apart_from_their_results() -> None:
    text = 'a \x13 HYPERLINK "http://x.example" \x14link\x15 b '
    text += "\x13 EQ \\o\\ad(\\s\\up 9(Ton),Kyo)\x15\x07\x07\x0b"
    main, table = word(text)
    made = doc_text(main, (b"", table))
    assert made.sections["body"] == "a link b Ton Kyo\n\n"
    assert made.commands[0] == 'HYPERLINK "http://x.example"'


def test_word_6_keeps_its_text_in_one_piece_in_the_code_page_of_its_language() -> None:
    raw = "Привет\r".encode("cp1251")
    main = bytearray(2048)
    struct.pack_into("<HHxxHxxH", main, 0, 0xA5DC, 0x65, 0x419, 0)
    struct.pack_into("<II", main, 0x18, 1024, 1024 + len(raw))
    struct.pack_into("<8i", main, 52, len(raw), *[0] * 7)
    main[1024 : 1024 + len(raw)] = raw
    assert doc_text(bytes(main), (b"", b"")).sections["body"] == "Привет\n"


@pytest.mark.parametrize(
    ("main", "kind"),
    [
        (b"", "damaged"),
        (bytes(200), "no-word"),
        (word("x", flags=0x0300)[0], "encrypted"),
        (word("x")[0], "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(main: bytes, kind: str) -> None:
    with pytest.raises(BadDoc) as caught:
        doc_text(main, (b"", b""))
    assert caught.value.kind == kind


def test_a_truncated_twin_gives_what_is_there() -> None:
    main, table = word("First half. Second half.\r")
    made = doc_text(main[: 4096 + 24], (b"", table))
    assert made.damaged
    assert made.sections["body"] == "First half. "


@given(noise=st.binary(max_size=40), place=st.integers(0, 2700))
def test_any_damage_ends_in_a_state(noise: bytes, place: int) -> None:
    main, table = word("Some text\r", notes="n", deleted=(2, 4))
    try:
        doc_text(main[:place] + noise + main[place + len(noise) :], (b"", table))
        doc_text(main, (b"", table[: place % 60] + noise + table[place % 60 + len(noise) :]))
    except BadDoc:
        pass

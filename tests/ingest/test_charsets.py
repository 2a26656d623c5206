from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.charsets import Decoded, decode_text, facts_text, tidy

RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 4


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        (b"", "", Decoded("", "utf-8", "valid")),
        ("é\r\nb\rc".encode(), "", Decoded("é\nb\nc", "utf-8", "valid")),
        (b"\xef\xbb\xbfa", "koi8-r", Decoded("a", "utf-8", "bom")),
        ("\ufeffä".encode("utf-16-le"), "", Decoded("ä", "utf-16-le", "bom")),
        ("\ufeffä".encode("utf-32-be"), "", Decoded("ä", "utf-32-be", "bom")),
        ("plain text".encode("utf-16-be"), "", Decoded("plain text", "utf-16-be", "pattern")),
        (b"caf\xe9", "ISO-8859-1", Decoded("café", "cp1252", "declared")),
        (b"caf\xc3\xa9", "x-unknown", Decoded("café", "utf-8", "valid")),
        (b"caf\xc3\xa9", "rot13", Decoded("café", "utf-8", "valid")),
        (b"a\0b", "", Decoded("a␀b", "utf-8", "valid")),
    ],
)
def test_how_bytes_become_text(data: bytes, declared: str, expected: Decoded) -> None:
    assert decode_text(data, declared) == expected


def test_a_charset_is_guessed_before_the_last_resort() -> None:
    found = decode_text(RUSSIAN.encode("cp1251"))
    assert (found.text, found.how) == (RUSSIAN, "guess")


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "utf-8", "utf-16", "shift_jis", "hz", "idna", "\0", "base64"]),
)
def test_any_bytes_become_text_that_can_be_stored(data: bytes, declared: str) -> None:
    text = decode_text(data, declared).text
    assert "\0" not in text
    assert "\r" not in text


@given(st.text(max_size=100))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    clean = text.replace("\0", "").replace("\r", "").lstrip("\ufeff")
    assert decode_text(clean.encode()).text == clean


def test_tidy_leaves_nothing_that_breaks_others() -> None:
    assert tidy("a\r\nb\ud800\0") == "a\nb?␀"


def test_facts_are_canonical_and_without_empty_ones() -> None:
    assert facts_text({"b": 1, "a": "é", "none": None, "no": [], "zero": 0}) == '{"a":"é","b":1}'
    assert facts_text({"a": ""}) == ""

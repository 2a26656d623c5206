from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.mail.charsets import Decoded, codec_of, decode


@pytest.mark.parametrize(
    ("raw", "label", "decoded"),
    [
        (b"plain", "", Decoded("plain", "utf-8")),
        (b"plain", "us-ascii", Decoded("plain", "ascii")),
        ("Grüße".encode(), "UTF-8", Decoded("Grüße", "utf-8")),
        ("Grüße".encode(), "", Decoded("Grüße", "utf-8")),
        # what declares Latin-1 means the web's Latin-1
        (b"\x80 5, caf\xe9", "ISO-8859-1", Decoded("€ 5, café", "cp1252")),
        (b"\x81", "iso-8859-1", Decoded("\x81", "cp1252")),
        ("中文繁體".encode("gb18030"), "gb2312", Decoded("中文繁體", "gb18030")),
        ("한글".encode("cp949"), "ks_c_5601-1987", Decoded("한글", "cp949")),
        ("Привет".encode("koi8-r"), '"koi8-r"', Decoded("Привет", "koi8-r")),
        (b"plain", "klingon", Decoded("plain", "utf-8")),
        (b"caf\xe9", "klingon", Decoded("café", "cp1252", "unknown-charset")),
        (b"caf\xe9", "", Decoded("café", "cp1252", "no-charset")),
        (b"caf\xe9", "us-ascii", Decoded("café", "cp1252", "wrong-charset")),
        (b"+2AA-", "utf-7", Decoded("\ufffd", "utf-7")),
    ],
)
def test_what_is_declared_then_utf8_then_a_guess_that_says_so(
    raw: bytes, label: str, decoded: Decoded
) -> None:
    assert decode(raw, label) == decoded


def test_a_few_wrong_bytes_are_marked_and_the_rest_is_read() -> None:
    raw = "Это длинное письмо о ключах".encode() + b"\xff"
    assert decode(raw, "utf-8") == Decoded(
        "Это длинное письмо о ключах\ufffd", "utf-8", "wrong-charset"
    )


def test_a_long_text_without_a_label_is_guessed_by_its_letters() -> None:
    text = "Уважаемые коллеги, сообщаем вам об изменении условий доступа к модели. " * 5
    decoded = decode(text.encode("cp1251"))
    assert "сообщаем вам об изменении" in decoded.text
    assert decoded.problem == "no-charset"


@pytest.mark.parametrize(
    "label",
    [
        "zlib",
        "rot13",
        "base64",
        "idna",
        "punycode",
        "unicode_escape",
        "undefined",
        "a\0b",
        "",
        "x" * 99,
    ],
)
def test_codecs_that_are_no_charsets_are_none(label: str) -> None:
    assert codec_of(label) == ""


@given(st.binary(max_size=100), st.text(max_size=30))
def test_nothing_raises(raw: bytes, label: str) -> None:
    decode(raw, label).text.encode("utf-8")

from __future__ import annotations

import pytest

from casekit.ingest.mail.bundle import Bundle, write_tree
from casekit.ingest.mail.mapi import (
    BINARY,
    BOOLEAN,
    INTEGER16,
    STRING,
    STRING8,
    TIME,
    Properties,
    codepage_name,
    locale_charset,
    read_names,
    read_properties,
    stream_name,
)
from tests.ingest.outlook_case import SENT, SENT_US, properties


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (None, ""), (0, ""), (1251, "cp1251"), (65001, "utf-8"), (28592, "iso8859-2"), (936, "gbk"),
        (50220, "iso2022_jp"), (20127, "ascii"), (99999, ""),
    ],
)  # fmt: skip
def test_code_pages_are_charsets(number: int | None, name: str) -> None:
    assert codepage_name(number).replace("iso-8859-2", "iso8859-2") in (
        name,
        name.replace("_", "-"),
    )


def test_languages_have_their_code_page() -> None:
    found = [locale_charset(one) for one in (None, 1033, 1049, 1028, 2052, 1041)]
    assert found == ["", "cp1252", "cp1251", "cp950", "gbk", "cp932"]


def test_values_are_read_by_their_type_and_absent_ones_are_nothing() -> None:
    own = Properties(
        {
            1: (STRING, "Ä\0".encode("utf-16-le")),
            2: (STRING8, b"\xc0\0"),
            3: (INTEGER16, b"\xff\xff\x09\x09"),
            4: (BOOLEAN, b"\x01\x00"),
            5: (TIME, SENT.to_bytes(8, "little")),
            6: (BINARY, b"\0\1"),
            7: (TIME, b"\xff" * 8),
            0x3FFD: (3, (1251).to_bytes(4, "little")),
        },
        names={0x820D: 5},
    )
    assert (own.text(1), own.text(2), own.text(6), own.text(99)) == ("Ä", "А", "", "")
    assert (own.number(3), own.number(4), own.number(1)) == (-1, 1, None)
    assert (own.time_us(5), own.time_us(7), own.ticks(5)) == (SENT_US, None, SENT)
    assert (own.binary(6), own.kind(6), 6 in own, own.named(0x820D)) == (b"\0\1", BINARY, True, 5)


def test_a_storage_has_fixed_values_in_its_table_and_others_in_streams() -> None:
    tree = properties(24, _0037="Limits", _0C15=2, _0039=SENT)
    own = read_properties(Bundle(write_tree(tree)), 24)
    assert (own.text(0x37), own.number(0xC15), own.time_us(0x39)) == ("Limits", 2, SENT_US)
    odd = {"__substg1.0_ZZZZ001F": b"", "__substg1.0_0037": b"", "other": b""}
    assert read_properties(Bundle(write_tree(odd)), 8).text(0x37) == ""


def test_named_properties_are_found_by_their_number() -> None:
    entries = b"\x0d\x82\0\0\x06\0\0\0" + b"\x10\0\0\0\x07\0\x01\0" + b"\x83\x80\0\0\x06\0\x02\0"
    tree = {"__nameid_version1.0": {stream_name(3, BINARY): entries}}
    assert read_names(Bundle(write_tree(tree))) == {0x820D: 0x8000, 0x8083: 0x8002}

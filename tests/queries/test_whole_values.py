from __future__ import annotations

import unicodedata

import pytest

from casekit.queries.whole_values import Kind, WholeValues, is_too_short, spellings

ANN = "ann.lee@corp.example"
GIVEN: list[tuple[str, Kind, str]] = [
    ("[Person 001]", "person", "Ann Lee"),
    ("[Address 002]", "address", ANN),
    ("[Address 003]", "address", "203.0.113.7"),
    ("[Address 004]", "address", "2001:db8::1"),
    ("[Telephone 005]", "phone", "+44 7700 900123"),
    ("[Account 006]", "account", "org_4471"),
    ("[Account 007]", "account", "88421907"),
    ("[Person 008]", "person", "王小明"),
    ("[Person 009]", "person", "José Núñez"),
]


def hidden(text: str, *, strict: bool = False) -> str:
    for start, stop, name in reversed(WholeValues(GIVEN, strict=strict).places(text)):
        text = text[:start] + name + text[stop:]
    return text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann Lee <ann.lee@corp.example>", "[Person 001] <[Address 002]>"),
        ("ANN  LEE, and Lee, Ann", "[Person 001], and [Person 001]"),
        ("ann_lee.pdf; Annlee; Ann Leeds", "[Person 001].pdf; Annlee; Ann Leeds"),
        ("?to=ann.lee%40corp.example&x", "?to=[Address 002]&x"),
        ("mailto:%3Cann.lee%40corp.example%3E", "mailto:%3C[Address 002]%3E"),
        (r"{\"a\": \"x\nann.lee@corp.example\"}", r"{\"a\": \"x\n[Address 002]\"}"),
        (r"\u003cann.lee\u0040corp.example", r"\u003c[Address 002]"),
        ("ann.lee&#64;corp.example", "[Address 002]"),
        ("&lt;ann.lee@corp.example&gt;", "&lt;[Address 002]&gt;"),
        ("ann.lee=40corp.example", "[Address 002]"),
        ("ann.lee@corp.\nexample", "[Address 002]"),
        ("bob@corp.example", "bob@corp.example"),
        ("mary.ann.lee@corp.example", "mary.[Person 001]@corp.example"),
        ("from 203.0.113.7:443", "from [Address 003]:443"),
        ("203.0.113.70 and 1.203.0.113.7", "203.0.113.70 and 1.203.0.113.7"),
        ("ip-203-0-113-7.host 203[.]0[.]113[.]7", "ip-[Address 003].host [Address 003]"),
        ("[203, 0, 113, 7]", "[203, 0, 113, 7]"),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "[Address 004]"),
        ("07700 900123 or 0044 (7700) 900-123", "[Telephone 005] or [Telephone 005]"),
        ("+447700900123.", "[Telephone 005]."),
        ("2447700900123 77009001234", "2447700900123 77009001234"),
        ("ORG_4471 org-4471 org_44711", "[Account 006] [Account 006] org_44711"),
        ("no. 8842 1907, 188421907", "no. [Account 007], 188421907"),
        ("٠٧٧٠٠ ٩٠٠١٢٣, ８８４２１９０７", "[Telephone 005], [Account 007]"),
        ("İ %E7%8E%8B%e5%b0%8f%E6%98%8E", "İ [Person 008]"),
        ("王小明说", "[Person 008]说"),
        (r"\u738b\u5c0f\u660e %E7%8E%8B%E5%B0%8F%E6%98%8E", "[Person 008] [Person 008]"),
        ("Jose Nunez; " + unicodedata.normalize("NFD", "José Núñez"), "[Person 009]; [Person 009]"),
    ],
)  # fmt: skip
def test_a_value_is_found_however_it_is_written_and_nothing_else_is(text: str, shown: str) -> None:
    assert hidden(text) == shown


def test_to_prove_that_none_is_left_one_inside_another_counts_too() -> None:
    only = [("[Address 002]", "address", ANN)]
    text = "mary.ann.lee@corp.example"
    assert WholeValues(only).places(text) == []  # type: ignore[arg-type]
    assert WholeValues(only, strict=True).places(text) == [(5, 25, "[Address 002]")]  # type: ignore[arg-type]
    assert not WholeValues([])
    assert WholeValues([]).places(text) == []


def test_what_is_too_short_is_told() -> None:
    short = ["", " - ", "ab", "12345", "王", "7"]
    assert [
        value for value in (*short, "abc", "123456", "王明", "10.0.0.1") if is_too_short(value)
    ] == short


def test_a_name_stands_in_either_order() -> None:
    assert list(spellings("person", "Doe, Jane Mary")) == [
        "Doe, Jane Mary", "Mary Doe Jane", "Jane Mary Doe",
    ]  # fmt: skip
    assert list(spellings("account", "Jane Doe")) == ["Jane Doe"]

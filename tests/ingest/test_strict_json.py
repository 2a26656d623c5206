from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.strict_json import MAX_DEPTH, USUAL_DEPTH, BadJson, depth, encode, parse

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b'{"a":1,"a":1}', "duplicate-key"),
        (b'{"a":{"b":1,"c":2,"b":3}}', "duplicate-key"),
        (b'{"a" : 1, "\\u0061" : "x"}', "duplicate-key"),
        (b'{"\\u0022":1,"a":2,"a":3,"b":"\\u0022\\u0022"}', "duplicate-key"),
        (b'{"a":NaN}', "not-a-number"),
        (b'{"a":-Infinity}', "not-a-number"),
        (b'{"a":1e999}', "number-range"),
        (b'{"a":"\xff"}', "bad-utf8"),
        (b'{"a":1', "bad-json"),
        (b'{"a":1}\x00', "bad-json"),
        (b'{"a":"x\ty"}', "bad-json"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "too-deep"),
        (b"[" * 100_000, "too-deep"),
    ],
)
def test_what_is_not_strict_json_is_refused_by_its_kind(raw: bytes, kind: str) -> None:
    with pytest.raises(BadJson) as caught:
        parse(raw)
    assert caught.value.kind == kind


def test_a_message_quotes_no_evidence() -> None:
    with pytest.raises(BadJson) as caught:
        parse(b'{"secret":1,"secret":2}')
    assert "secret" not in str(caught.value)


def test_a_message_says_once_where_it_is() -> None:
    with pytest.raises(BadJson) as caught:
        parse(b'{"a": "x')
    assert str(caught.value) == (
        "The record is not JSON: unterminated string starting at character 6."
    )


def test_the_deepest_nesting_allowed_is_read() -> None:
    raw = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert depth(raw) == MAX_DEPTH
    assert parse(raw)[1] == "deep-nesting"
    usual = b"[" * USUAL_DEPTH + b"]" * USUAL_DEPTH
    assert parse(usual)[1] == ""
    with pytest.raises(BadJson, match="deeper"):
        parse(b"[" + raw + b"]")


def test_half_a_character_is_replaced_and_told() -> None:
    assert parse(b'{"a\\ud83d":["x\\udc00y"]}') == ({"a\ufffd": ["x\ufffdy"]}, "lone-surrogate")


def test_numbers_beyond_64_bits_are_kept_whole() -> None:
    value, note = parse(b'{"n":123456789012345678901234567890}')
    assert (encode(value), note) == ('{"n":123456789012345678901234567890}', "")


@given(ANY_JSON, st.booleans(), st.booleans())
def test_good_json_is_read_as_python_reads_it(
    value: object, ascii_only: bool, spaced: bool
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, separators=None if spaced else (",", ":"))
    assert parse(text.encode()) == (value, "")


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs",)), max_size=3), ANY_JSON, min_size=1
    ),
    st.data(),
)
def test_a_repeated_key_is_always_seen(record: dict[str, object], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(sorted(record)))
    members = [*record.items(), (again, data.draw(ANY_JSON))]
    raw = "{" + ",".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in members) + "}"
    with pytest.raises(BadJson) as caught:
        parse(raw.encode())
    assert caught.value.kind == "duplicate-key"

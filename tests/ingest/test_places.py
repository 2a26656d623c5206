from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.places import (
    beginning,
    element_spans,
    elements,
    find,
    members,
    value_spans,
    values,
)

DOCUMENT = b' {"a": [1, {"b\\"": "x]y", "c": null}], "d": {"e": [[], {}]}, "f": -1.5e3 } '


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("a",), b'[1, {"b\\"": "x]y", "c": null}]'),
        (("a", 0), b"1"),
        (("a", 1, 'b"'), b'"x]y"'),
        (("a", 1, "c"), b"null"),
        (("d", "e", 1), b"{}"),
        (("f",), b"-1.5e3"),
        ((), DOCUMENT.strip()),
        (("a", 2), None),
        (("x",), None),
        (("a", "b"), None),
        (("d", 0), None),
    ],
)
def test_a_value_is_found_by_its_path(path: tuple[str | int, ...], expected: bytes | None) -> None:
    span = find(DOCUMENT, path)
    assert (span and DOCUMENT[slice(*span)]) == expected


@pytest.mark.parametrize(
    "broken",
    [b"", b"[", b"{", b'{"a', b'{"a"', b'{"a":', b'{"a":[1,', b'{"a":[1,"', b'{"b" "a":1}'],
)
def test_what_breaks_off_holds_nothing(broken: bytes) -> None:
    assert find(broken, ("a",)) is None
    assert list(values(broken)) == []


def test_the_elements_before_a_break_are_found() -> None:
    broken = b'[{"a": 1}, 2, {"c": '
    assert [broken[slice(*span)] for _, span in elements(broken)] == [b'{"a": 1}', b"2"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def every(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    yield path, value
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from every(inner, (*path, key))


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_every_value_of_any_document_is_found(
    value: Any,
    indent: int | None,
    plain: bool,
) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=plain).encode()
    for path, wanted in every(value):
        span = find(data, path)
        assert span is not None
        assert json.loads(data[slice(*span)]) == wanted


def test_a_member_that_breaks_off_has_a_beginning_and_no_end() -> None:
    data = b'{"a": 1, "b": [{"c": 2}, {"d'
    assert list(members(data)) == [("a", 6), ("b", 14)]
    assert list(values(data)) == [("a", (6, 7))]
    assert beginning(data, ("b", 0, "c")) == 21
    assert (beginning(data, ("b",)), find(data, ("b",))) == (14, None)
    assert beginning(data, ("x",)) is None


def test_all_that_stands_at_a_path_is_had_at_once() -> None:
    assert [DOCUMENT[slice(*span)] for span in element_spans(DOCUMENT, ("d", "e")).values()] == [
        b"[]",
        b"{}",
    ]
    assert list(value_spans(DOCUMENT, ())) == ["a", "d", "f"]
    assert element_spans(DOCUMENT, ("x",)) == value_spans(DOCUMENT, ("x",)) == {}
    assert element_spans(DOCUMENT, ("f",)) == value_spans(DOCUMENT, ("a",)) == {}
    assert element_spans(b"", ()) == value_spans(b"", ()) == {}
    assert element_spans(b'[1, 2, "', ()) == {0: (1, 2), 1: (4, 5)}

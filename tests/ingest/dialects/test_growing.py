from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.growing import (
    as_dict,
    dicts,
    grow,
    in_order,
    index_of,
    join_lists,
    part_of,
)


def test_what_is_of_another_type_is_nothing() -> None:
    assert as_dict([1]) == {}
    assert dicts({"a": 1}) == []
    assert dicts([{"a": 1}, 2]) == [{"a": 1}]


def test_a_number_that_is_no_index_is_not_followed() -> None:
    assert [index_of({"index": each}) for each in (3, -1, "3", True, 10**9)] == [3, 0, 0, 0, 0]


def test_texts_lists_and_parts_grow() -> None:
    body: dict[str, Any] = {"text": None}
    for piece in ("a", "b", None, 3):
        grow(body, "text", piece)
    join_lists(body, {"notes": [1], "kind": "x"})
    join_lists(body, {"notes": [2], "kind": "y"})
    part_of(body, "content", 1, "text")["text"] = "c"
    assert body == {
        "text": "ab", "notes": [1, 2], "kind": "x",
        "content": [{"type": "text"}, {"type": "text", "text": "c"}],
    }  # fmt: skip
    assert in_order({2: {"b": 1}, 0: {"a": 1}}) == [{"a": 1}, {"b": 1}]

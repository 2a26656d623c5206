from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import Source, flag, from_hundredths, look, opened, text_at
from casekit.ingest.parsed import Context, When


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ('{"a": 1}', {"a": 1}),
        (" [1]", [1]),
        ("{broken", "{broken"),
        ("a", "a"),
        (7, 7),
        (None, None),
    ],
)
def test_json_in_a_string_is_opened(value: Any, what: Any) -> None:
    assert opened(value) == what


def test_a_value_is_found_by_its_path_also_where_keys_hold_dots() -> None:
    record = {"a": {"b.c": {"d": 1}}, "gen_ai.x": 2, "e": [1]}
    assert [look(record, path) for path in ("a.b.c.d", "gen_ai.x", "e.f", "a.z", "")] == [
        1, 2, None, None, None,
    ]  # fmt: skip
    assert (text_at({"a": {"b": "x"}}, "a.b"), text_at({"a": 7}, "a")) == ("x", "")


def test_what_is_taken_is_gone_and_the_record_stays_as_it_was() -> None:
    record = {"a": {"b": 1, "c": 2}, "d": {"e": 3}, "f": '{"g": 4, "h": 5}'}
    source = Source(record, "f")
    assert [source.take(path) for path in ("a.b", "d.e", "f.g", "a.x")] == [1, 3, 4, None]
    assert source.left == {"a": {"c": 2}, "f": {"h": 5}}
    assert record == {"a": {"b": 1, "c": 2}, "d": {"e": 3}, "f": '{"g": 4, "h": 5}'}


def test_fields_are_filled_from_the_best_place_and_odd_values_are_kept() -> None:
    draft = Draft(b"", Context())
    source = Source(
        {
            "t": "2026-02-03T04:05:06Z",
            "n": "",
            "m": {"n": "7"},
            "s": "true",
            "ms": 12.7,
            "ip": ["x"],
        }
    )
    source.fill(
        draft,
        {
            "time": ("t",),
            "input_tokens": ("n", "m.n"),
            "stream": ("s",),
            "latency_ms": ("ms",),
            "ip": ("ip",),
        },
    )
    source.rest(draft)
    assert draft.fields == {"input_tokens": 7, "stream": 1, "latency_ms": 12}
    assert draft.when == When(1_770_091_506_000_000, "2026-02-03T04:05:06Z", "t")
    assert draft.extra == {"ip": ["x"]}


@pytest.mark.parametrize(
    ("value", "said"), [(True, 1), ("False", 0), ("no", None), ([], None), (1, 1)]
)
def test_yes_and_no(value: object, said: int | None) -> None:
    assert flag(value) == said


@pytest.mark.parametrize(
    ("written", "whole"),
    [("123.45", 1.2345), (0.12, 0.0012), (12, 0.12), ("", None), ("x", None), (None, None), ({}, None),
     (True, None), ("NaN", None), ("1e400", None)],
)  # fmt: skip
def test_cents_are_hundredths(written: Any, whole: float | None) -> None:
    assert from_hundredths(written) == whole

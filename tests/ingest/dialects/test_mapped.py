from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import Reading
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.mapped import Mapping, fits, guess, mapping_from, read_mapped
from casekit.ingest.parsed import Context


@pytest.mark.parametrize(
    ("given", "mapping"),
    [
        (
            {"prompt": "q", "model": {"const": "m"}},
            Mapping((("prompt", ("q",)),), (("model", "m"),)),
        ),
        ({"output": "a.b"}, Mapping((("output", ("a.b",)),))),
        ({"model": "m"}, None),
        ({"prompt": "q", "nonsense": "x"}, None),
        ({"prompt": "q", "prompt_sha256": "x"}, None),
        ({"prompt": 7}, None),
        ({"prompt": {"const": "x"}}, None),
        ([], None),
    ],
)
def test_a_mapping_must_name_prompt_or_output(given: Any, mapping: Mapping | None) -> None:
    assert mapping_from(json.dumps(given)) == mapping


def test_a_mapping_that_is_no_json_is_none() -> None:
    assert mapping_from("{") is None


def test_paths_lead_into_objects_lists_and_dotted_columns() -> None:
    mapping = mapping_from(
        json.dumps(
            {
                "prompt": "a.0.q",
                "output": "x.y",
                "status": "s",
                "temperature": "t",
                "reasoning": "r",
                "ip": "i",
            }
        )
    )
    assert mapping is not None
    record = {
        "a": [{"q": "Why?"}],
        "x.y": "So.",
        "s": "200",
        "t": "0.5",
        "r": {"z": 1},
        "i": "",
        "o": 1,
    }
    made = Draft(b"", Context())
    assert fits(mapping, record)
    read_mapped(mapping, record, made)
    assert (made.prompt, made.output, made.reasoning) == ("Why?", "So.", '{"z":1}')
    assert made.fields == {"status": 200, "temperature": 0.5}
    assert made.extra == {"a": [{"q": "Why?"}], "o": 1}


def test_a_value_that_does_not_fit_stays_in_extra() -> None:
    mapping = mapping_from(
        json.dumps({"prompt": "q", "time": "t", "status": "s", "temperature": "f"})
    )
    assert mapping is not None
    made = Draft(b"", Context())
    read_mapped(mapping, {"q": "a", "t": "soon", "s": "bad", "f": "hot"}, made)
    assert made.extra == {"t": "soon", "s": "bad", "f": "hot"}


def test_a_record_without_the_mapped_columns_does_not_fit() -> None:
    mapping = Mapping((("prompt", ("q",)),))
    assert [fits(mapping, each) for each in ({"q": "a"}, {"q": ""}, {"x": 1}, {"q": None})] == [
        True,
        False,
        False,
        False,
    ]


def test_common_names_are_guessed_and_told_once() -> None:
    mapping = guess(
        {
            "Question": "a",
            "ANSWER": "b",
            "Model_ID": "m",
            "timestamp": "2026-02-03",
            "user_id": "u",
            "z": 1,
        }
    )
    assert mapping == Mapping(
        (
            ("prompt", ("Question",)),
            ("output", ("ANSWER",)),
            ("model", ("Model_ID",)),
            ("account", ("user_id",)),
            ("time", ("timestamp",)),
        )
    )
    reading = Reading(Context())
    for _ in range(3):
        assert reading.draft({"Question": "a", "ANSWER": "b"}, b"") is not None
    assert [each.kind for each in reading.problems] == ["guessed-mapping"]


@pytest.mark.parametrize(
    "record", [{"prompt": "a"}, {"output": "b"}, {"prompt": 1, "output": 2}, {"text": "x"}, {}]
)
def test_without_prompt_and_output_nothing_is_guessed(record: dict[str, Any]) -> None:
    assert guess(record) is None


def test_reasoning_and_instructions_are_guessed_beside_the_rest() -> None:
    record = {"Problem": "p", "Answer": "a", "Reasoning": "<think>r", "system_prompt": "s", "x": 1}
    mapping = guess(record)
    assert mapping is not None
    draft = Draft(b"", Context())
    read_mapped(mapping, record, draft)
    assert (draft.prompt, draft.output, draft.reasoning, draft.system) == (
        "p",
        "a",
        "<think>r",
        "s",
    )
    assert draft.extra == {"x": 1}


@pytest.mark.parametrize(
    ("given", "record", "expected"),
    [
        ({"prompt": {"join": ["a", "b.c"]}}, {"a": "one", "b": {"c": "two"}}, "one\ntwo"),
        ({"prompt": {"join": ["a", "b"], "with": " / "}}, {"a": "one", "b": ""}, "one"),
        ({"prompt": {"join": ["b", "a"], "with": ""}}, {"a": "one", "b": [1]}, "[1]one"),
    ],
)
def test_columns_are_joined_in_the_order_given(
    given: Any, record: dict[str, Any], expected: str
) -> None:
    mapping = mapping_from(json.dumps(given))
    assert mapping is not None
    assert fits(mapping, record)
    draft = Draft(b"", Context())
    read_mapped(mapping, record, draft)
    assert draft.prompt == expected


@pytest.mark.parametrize(
    ("rule", "value", "us", "zone"),
    [
        ({"zone": "Asia/Shanghai"}, "2026-01-05 13:30:00", 1767591000000000, "Asia/Shanghai"),
        ({"zone": "Asia/Shanghai"}, "2026-01-05T05:30:00Z", 1767591000000000, ""),
        ({"format": "%Y/%m/%d %H:%M:%S"}, "2026/01/05 05:30:00", 1767591000000000, "UTC"),
        ({"format": "%Y/%m/%d %H:%M:%S %z"}, "2026/01/05 13:30:00 +0800", 1767591000000000, ""),
    ],
)
def test_a_time_is_read_in_the_zone_that_the_mapping_names(
    rule: dict[str, str], value: str, us: int, zone: str
) -> None:
    mapping = mapping_from(json.dumps({"prompt": "p", "time": {"column": "t", **rule}}))
    assert mapping is not None
    draft = Draft(b"", Context())
    read_mapped(mapping, {"p": "x", "t": value}, draft)
    assert draft.when is not None
    assert (draft.when.us, draft.when.raw, draft.when.field) == (us, value, "t")
    if zone:
        assert draft.when.zone.startswith("assumed:")
        assert zone in draft.when.zone
    else:
        assert draft.when.zone == "explicit"


@pytest.mark.parametrize("value", ["31/31/2026", "", None, 7])
def test_a_time_that_does_not_fit_its_form_stays_in_extra(value: Any) -> None:
    mapping = mapping_from(
        json.dumps({"prompt": "p", "time": {"column": "t", "format": "%d/%m/%Y"}})
    )
    assert mapping is not None
    draft = Draft(b"", Context())
    read_mapped(mapping, {"p": "x", "t": value}, draft)
    assert (draft.when, draft.extra) == (None, {"t": value})


@pytest.mark.parametrize(
    "time", [{"zone": "UTC"}, {"column": "t", "zone": "Nowhere/City"}, {"column": 7}, {"x": "t"}]
)
def test_a_rule_for_times_must_name_its_column_and_a_zone_that_exists(time: Any) -> None:
    assert mapping_from(json.dumps({"prompt": "p", "time": time})) is None


def test_how_an_answer_was_drawn_is_told_by_common_names_too() -> None:
    """Else answers of mixed temperatures would be compared as if they were alike."""
    record = {
        "model": "m",
        "prompt": "p",
        "response": "r",
        "Temperature": "0.7",
        "top_p": 0.9,
        "seed": 3,
    }
    mapping = guess(record)
    assert mapping is not None
    assert {target for target, _ in mapping.paths[3:]} == {"temperature", "top_p", "seed"}


@pytest.mark.parametrize(("told", "thought"), [("on", ""), ("First, count.", "First, count.")])
def test_a_switch_for_reasoning_is_no_reasoning(told: str, thought: str) -> None:
    record = {"question": "q", "response": "a", "reasoning": told}
    found = guess(record)
    assert found is not None
    draft = Draft(b"", Context())
    read_mapped(found, record, draft)
    assert draft.reasoning == thought
    assert thought or draft.extra["reasoning"] == told

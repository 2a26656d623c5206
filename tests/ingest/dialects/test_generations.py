from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers.json_records import read
from tests.ingest.records_case import read_all, texts

MADE = [["def a():\n  pass", "def a():\n  return 1"], ["def b(): pass"]]
NAME = "out/generations_humaneval.json"


def items(value: Any, name: str = NAME) -> list[Parsed]:
    return read_all(read, json.dumps(value).encode(), Context(name=name))[0]


def test_every_text_of_a_task_is_an_answer_with_its_own_bytes() -> None:
    data = json.dumps(MADE).encode()
    (one, two), problems, books = read_all(read, data, Context(name=NAME))
    assert [each.kind for each in problems] == ["no-model"]
    assert books.quarantined == 0
    assert [texts(each) for each in (one, *one.children, two)] == [
        {"output": text} for text in (*MADE[0], *MADE[1])
    ]
    (other,) = one.children
    assert (one.collection, one.kind, other.kind) == ("outputs", "exchange", "exchange")
    assert other.exchange is not None
    assert other.exchange.sample == 1
    start = one.steps[0].offset + other.steps[0].offset
    assert json.loads(data[start : start + other.size]) == MADE[0][1]


def test_lists_in_files_of_other_names_stay_a_document() -> None:
    assert [each.kind for each in items(MADE, "references.json")] == ["document"]
    assert [each.kind for each in items(["a", "b"])] == ["document"]


@pytest.mark.parametrize("spoiled", [[], [1], [["a"]], "a", None, 5, {"x": 1}])
def test_a_hostile_element_costs_no_other(spoiled: Any) -> None:
    assert [texts(each) for each in items([MADE[1], spoiled, MADE[1]])] == [
        {"output": MADE[1][0]}
    ] * 2


def test_a_truncated_file_gives_the_tasks_before_its_end() -> None:
    data = json.dumps(MADE).encode()
    found, problems, _ = read_all(read, data[:-5], Context(name=NAME))
    assert texts(found[0]) == {"output": MADE[0][0]}
    assert "truncated" in [each.kind for each in problems]

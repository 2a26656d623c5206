from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.failures import is_failure, read_error, read_failure
from casekit.ingest.parsed import Context
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all


def draft() -> Draft:
    return Draft(b"", Context())


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (
            {
                "type": "error",
                "error": {"type": "overloaded_error", "message": "busy"},
                "request_id": "req_1",
            },
            {"error": "overloaded_error", "request_id": "req_1"},
        ),
        (
            {
                "error": {
                    "message": "no",
                    "type": "tokens",
                    "param": None,
                    "code": "rate_limit_exceeded",
                }
            },
            {"error": "rate_limit_exceeded"},
        ),
        (
            {"error": {"code": 429, "message": "none left", "status": "RESOURCE_EXHAUSTED"}},
            {"error": "RESOURCE_EXHAUSTED", "status": 429},
        ),
        (
            {"error": {"code": 402, "message": "no credits"}, "user_id": "u"},
            {"error": "no credits", "status": 402},
        ),
    ],
)
def test_an_error_by_itself_is_an_answer(body: dict[str, Any], fields: dict[str, Any]) -> None:
    made = draft()
    assert is_failure(body)
    read_failure(body, made)
    assert made.fields == fields
    assert made.extra == {"response": body}
    assert made.collection == "api-log"


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"error": "no"},
        {"error": {"message": "only words"}},
        {"error": {"type": "t", "code": "c"}},
        {"error": {"type": "t", "message": "m"}, "model": "m"},
    ],
)
def test_other_bodies_are_no_errors(body: Any) -> None:
    assert not is_failure(body)


def test_an_error_among_answers_is_filed_with_them() -> None:
    answer = {
        "id": "a",
        "model": "m",
        "choices": [{"message": {"role": "assistant", "content": "Yo"}}],
    }
    failed = {"error": {"message": "slow down", "type": "requests", "code": "rate_limit_exceeded"}}
    data = "".join(json.dumps(each) + "\n" for each in (answer, failed)).encode()
    items, problems, _ = read_all(read, data)
    assert [each.title for each in items] == ["Yo", "Error: rate_limit_exceeded"]
    assert not [each for each in problems if each.kind == "unknown-record"]


def test_the_short_word_of_an_error_is_taken() -> None:
    made = draft()
    assert read_error({"error": {"type": "error", "code": None, "message": "words"}}, made)
    assert made.fields == {"error": "words"}
    assert not read_error({"message": ""}, draft())

from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.vertex import read_vertex
from casekit.ingest.parsed import Context

ASKED = {
    "contents": [{"role": "user", "parts": [{"text": "Capital?"}]}],
    "generationConfig": {"temperature": 0},
}
ANSWERED = {
    "candidates": [{"content": {"parts": [{"text": "Bern."}]}, "finishReason": "STOP"}],
    "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2},
    "modelVersion": "gemini-x-001",
}
ROW = {
    "endpoint": "projects/p/locations/l/publishers/google/models/gemini-x",
    "logging_time": "2026-02-03 04:05:06.123456 UTC",
    "request_id": "123",
    "model": "publishers/google/models/gemini-x",
    "api_method": "generateContent",
}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (ASKED, ANSWERED),
        (json.dumps(ASKED), json.dumps(ANSWERED)),
        ([json.dumps(ASKED)], [json.dumps(ANSWERED)]),
    ],
)
def test_bodies_are_read_in_every_form_of_the_table(asked: Any, answered: Any) -> None:
    draft = Draft(b"", Context())
    assert read_vertex({**ROW, "request_payload": asked, "response_payload": answered}, draft)
    assert (draft.prompt, draft.output, draft.missing) == ("Capital?", "Bern.", ("sampled",))
    wanted = {
        "model": "gemini-x-001",
        "model_requested": "publishers/google/models/gemini-x",
        "temperature": 0.0,
        "input_tokens": 3,
        "output_tokens": 2,
        "finish_reason": "STOP",
        "request_id": "123",
    }
    assert {key: draft.fields[key] for key in wanted} == wanted
    assert draft.when is not None
    assert draft.when.zone == "explicit"


def test_claude_by_raw_predict_and_a_stream() -> None:
    claude, stream = Draft(b"", Context()), Draft(b"", Context())
    message = {
        "content": [{"type": "text", "text": "Yo"}],
        "stop_reason": "end_turn",
        "model": "claude-x",
    }
    asked = {"messages": [{"role": "user", "content": "Hi"}]}
    assert read_vertex({**ROW, "full_request": asked, "full_response": message}, claude)
    assert (claude.prompt, claude.output, claude.fields["model"]) == ("Hi", "Yo", "claude-x")
    pieces = [{"candidates": [{"content": {"parts": [{"text": text}]}}]} for text in ("a", "b")]
    assert read_vertex({**ROW, "full_request": asked, "full_response": pieces}, stream)
    assert (stream.output, stream.fields["stream"]) == ("ab", 1)


def test_rows_of_another_table_are_left_alone() -> None:
    assert not read_vertex({"logging_time": "2026-02-03"}, Draft(b"", Context()))
    assert read_vertex({"logging_time": [], "full_request": 7}, Draft(b"", Context()))

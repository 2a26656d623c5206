from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.vertex import read_vertex, read_vertex_batch
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


def test_a_line_of_a_batch_has_its_question_and_its_answer() -> None:
    draft = Draft(b"", Context())
    answer = {
        "candidates": [{"content": {"parts": [{"text": "Yo"}], "role": "model"}, "finishReason": "STOP"}],
        "modelVersion": "gemini-x", "usageMetadata": {"promptTokenCount": 4, "candidatesTokenCount": 5},
    }  # fmt: skip
    asked = {
        "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
        "generationConfig": {"temperature": 0.4},
    }
    line = {
        "status": "",
        "processed_time": "2024-11-01T18:13:16.826+00:00",
        "request": asked,
        "response": answer,
    }
    assert recognise(line) == "Vertex AI batch"
    assert read_vertex_batch(line, draft)
    assert (draft.prompt, draft.output, draft.misfits) == ("Hi", "Yo", ())
    assert (draft.fields["provider"], draft.fields["input_tokens"], draft.fields["output_tokens"]) == (
        "vertex-ai", 4, 5,
    )  # fmt: skip
    assert draft.when is not None
    assert draft.when.us == 1_730_484_796_826_000


def test_what_went_wrong_in_a_batch_is_its_error() -> None:
    draft = Draft(b"", Context())
    told = 'Bad Request: {"error": {"code": 400}}'
    asked = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
    line = {
        "status": told,
        "processed_time": "2024-11-01T18:13:16Z",
        "request": asked,
        "response": {},
    }
    assert read_vertex_batch(line, draft)
    assert (draft.prompt, draft.output, draft.fields["error"]) == ("Hi", "", told)
    coded = Draft(b"", Context())
    line["status"] = '{"code": 8, "message": "Quota exceeded"}'
    assert read_vertex_batch(line, coded)
    assert coded.fields["error"] == "Quota exceeded"

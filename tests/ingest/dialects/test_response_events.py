from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects.response_events import join_response
from casekit.ingest.parsed import Context
from casekit.ingest.readers.event_stream import read
from tests.ingest.records_case import read_all, texts

BEGUN = {"type": "response.created", "sequence_number": 0, "response": {
    "id": "resp_1", "object": "response", "created_at": 1754000000, "model": "m-1", "output": []}}  # fmt: skip


def delta(kind: str, piece: str, number: int = 0) -> dict[str, Any]:
    return {"type": f"response.{kind}", "output_index": number, "delta": piece}


@pytest.mark.parametrize(
    ("kind", "made", "key"),
    [
        ("function_call_arguments.delta", "function_call", "arguments"),
        ("mcp_call_arguments.delta", "mcp_call", "arguments"),
        ("mcp_call.arguments_delta", "mcp_call", "arguments"),
        ("code_interpreter_call_code.delta", "code_interpreter_call", "code"),
        ("code_interpreter_call.code.delta", "code_interpreter_call", "code"),
        ("custom_tool_call_input.delta", "custom_tool_call", "input"),
    ],
)
def test_what_is_given_to_a_tool_grows_piece_by_piece(kind: str, made: str, key: str) -> None:
    begun = {
        "type": "response.output_item.added",
        "output_index": 0,
        "item": {"type": made, key: "", "name": "n"},
    }
    body, whole = join_response([BEGUN, begun, delta(kind, "one "), delta(kind, "two")])
    assert body["output"] == [{"type": made, key: "one two", "name": "n"}]
    assert not whole
    bare, _ = join_response([BEGUN, delta(kind, "one")])
    assert bare["output"] == [{"type": made, key: "one"}]


def test_citations_and_spoken_words_belong_to_their_message() -> None:
    note = {"type": "url_citation", "url": "https://example.org/a"}
    body, _ = join_response([
        BEGUN,
        delta("output_text.delta", "Words"),
        {"type": "response.output_text.annotation.added", "output_index": 0, "annotation": note},
        delta("output_audio_transcript.delta", "said", 1),
    ])  # fmt: skip
    assert [each["content"] for each in body["output"]] == [
        [{"type": "output_text", "text": "Words", "annotations": [note]}],
        [{"type": "output_audio", "transcript": "said"}],
    ]


def test_events_that_bring_no_piece_make_no_item() -> None:
    body, _ = join_response(
        [BEGUN, {"type": "response.in_progress"}, {"type": "keepalive", "sequence_number": 3}]
    )
    assert body["output"] == []


def test_an_error_that_ends_a_stream_is_told() -> None:
    failed = {
        "type": "error",
        "code": "server_error",
        "message": "Sorry",
        "param": None,
        "sequence_number": 4,
    }
    events = [BEGUN, delta("output_text.delta", "Half"), failed]
    data = "".join(
        f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in events
    ).encode()
    items, _, _ = read_all(read, data, Context(name="f"))
    exchange = items[0].exchange
    assert exchange is not None
    assert (exchange.error, exchange.completeness) == ("server_error", ("no-prompt", "truncated"))
    assert texts(items[0])["output"] == "Half"
    assert '"message":"Sorry"' in exchange.extra


def test_a_stream_that_is_nothing_but_an_error_is_one() -> None:
    failed = {
        "type": "error",
        "code": "server_error",
        "message": "Sorry",
        "param": None,
        "sequence_number": 0,
    }
    data = f"event: error\ndata: {json.dumps(failed)}\n\n".encode()
    items, _, _ = read_all(read, data, Context(name="f"))
    assert items[0].exchange is not None
    assert items[0].exchange.error == "server_error"

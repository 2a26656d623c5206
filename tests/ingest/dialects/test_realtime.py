from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.realtime import read_realtime
from casekit.ingest.parsed import Context, Exchange, Parsed
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all, texts

SESSION = {
    "type": "session.created", "event_id": "e0",
    "session": {"object": "realtime.session", "id": "sess_1", "model": "gpt-rt", "instructions": "Brief."},
}  # fmt: skip


def item(number: int, kind: str = "created", **more: Any) -> dict[str, Any]:
    told = {"id": f"item_{number}", "type": "message", "role": "user",
            "content": [{"type": "input_text", "text": f"ask {number}"}], **more}  # fmt: skip
    return {"type": f"conversation.item.{kind}", "event_id": f"e{number}", "item": told}


def done(number: int, *said: str, **more: Any) -> dict[str, Any]:
    parts = [{"type": "audio", "transcript": each} for each in said]
    output = [{"id": f"out_{number}", "type": "message", "role": "assistant", "content": parts}]
    return {
        "type": "response.done", "event_id": f"d{number}",
        "response": {
            "object": "realtime.response", "id": f"resp_{number}", "status": "completed",
            "status_details": None, "output": output, "conversation_id": "conv_1",
            "usage": {"total_tokens": 275, "input_tokens": 127, "output_tokens": 148,
                      "input_token_details": {"cached_tokens": 64, "text_tokens": 119},
                      "output_token_details": {"text_tokens": 36}},
            **more,
        },
    }  # fmt: skip


def items_of(*events: dict[str, Any]) -> list[Parsed]:
    items, problems, _ = read_all(
        read, b"".join(json.dumps(each).encode() + b"\n" for each in events)
    )
    assert problems == []
    return items


def answers(items: list[Parsed]) -> list[dict[str, str]]:
    return [texts(each) for each in items if each.kind == "exchange"]


def told(one: Parsed) -> Exchange:
    assert one.exchange is not None
    return one.exchange


def test_the_last_event_of_an_answer_is_the_exchange_and_all_others_are_records() -> None:
    piece = {"type": "response.output_audio_transcript.delta", "event_id": "e7", "response_id": "resp_1",
             "delta": "Yo"}  # fmt: skip
    items = items_of(SESSION, item(1, "added"), item(1, "done"), piece, done(1, "Yo"))
    assert [each.kind for each in items] == ["record"] * 4 + ["exchange"]
    assert answers(items) == [{"system": "Brief.", "prompt": "ask 1", "output": "Yo"}]
    assert texts(items[3]) == {}  # what comes in pieces is found in the answer
    call = told(items[-1])
    assert (call.model, call.request_id, call.conversation_id, call.finish_reason, call.operation) == (
        "gpt-rt", "resp_1", "conv_1", "completed", "realtime",
    )  # fmt: skip
    assert (call.input_tokens, call.output_tokens, call.cache_read_tokens) == (127, 148, 64)
    assert sum(told(each).input_tokens or 0 for each in items) == 127


def test_each_answer_has_what_was_said_since_the_one_before_it() -> None:
    tool = item(3, id="item_3", type="function_call_output", role=None, output="42")
    items = items_of(SESSION, item(1), done(1, "a"), item(1, "done"), item(2), tool, done(2, "b"))
    assert [each.get("prompt") for each in answers(items)] == [
        "ask 1",
        "user: ask 2\n\nfunction_call_output: 42",
    ]


def test_what_was_heard_takes_the_place_of_the_sound_unless_it_is_answered_already() -> None:
    sound = [{"type": "input_audio", "transcript": None}]
    heard = {"type": "conversation.item.input_audio_transcription.completed", "event_id": "h",
             "item_id": "item_1", "content_index": 0, "transcript": "Hello?"}  # fmt: skip
    before = items_of(SESSION, item(1, content=sound), heard, done(1, "a"))
    late = items_of(SESSION, item(1, content=sound), done(1, "a"), heard, item(2), done(2, "b"))
    assert [each["prompt"] for each in answers(before)] == ["Hello?"]
    assert [each["prompt"] for each in answers(late)] == ["[input_audio]", "ask 2"]


def test_why_an_answer_broke_off_and_what_the_client_sent() -> None:
    sent = {"type": "input_audio_buffer.append", "audio": "AAAA"}
    cut = done(
        1,
        "Y",
        status="incomplete",
        status_details={"type": "incomplete", "reason": "max_output_tokens"},
    )
    items = items_of(SESSION, sent, item(1, "create"), cut)
    assert [each.kind for each in items] == ["record", "record", "record", "exchange"]
    assert told(items[-1]).finish_reason == "max_output_tokens"


def test_an_event_that_is_read_twice_says_the_same_twice() -> None:
    memory: dict[Any, Any] = {}
    drafts = []
    for event in (
        SESSION,
        item(1),
        done(1, "a"),
        done(1, "a"),
        item(1),
        item(1),
        item(2),
        done(2, "b"),
    ):
        drafts.append(Draft(b"", Context(), memory))
        assert read_realtime(event, drafts[-1])
    assert [each.prompt for each in drafts if each.kind == "exchange"] == [
        "ask 1",
        "ask 1",
        "ask 2",
    ]


@pytest.mark.parametrize(
    "record",
    [
        {"type": "input_audio_buffer.append", "audio": "AAAA"},
        {"type": "response.created", "sequence_number": 0, "response": {}},
        {"type": "error", "event_id": "e"},
        {"type": "user", "event_id": "e"},
    ],
)
def test_other_events_are_none_of_these(record: dict[str, Any]) -> None:
    assert recognise(record) == ""

from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.parsed import Parsed, Problem
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all, texts

Row = dict[str, Any]


def ollama(text: str, model: str = "llama3.2", *, at: int = 1, **more: Any) -> Row:
    said = {"message": {"role": "assistant", "content": text}, "done": False, **more}
    return {"model": model, "created_at": f"2025-02-03T10:00:0{at}.5Z", **said}


END: Row = {"done": True, "done_reason": "stop", "total_duration": 4_883_583_458, "prompt_eval_count": 26,
            "eval_count": 3}  # fmt: skip
OLLAMA = [ollama("The"), ollama(" sky", at=2), ollama("", at=3, **END)]
GENERATED = [{"model": "m", "created_at": "2025-02-03T10:00:00Z", "response": text, "done": False}
             for text in ("The", " sky")]  # fmt: skip
GENERATED.append({**GENERATED[0], **END, "response": ""})
MESSAGE: list[Row] = [
    {"type": "message_start", "message": {
        "id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "claude-x",
        "stop_reason": None, "usage": {"input_tokens": 26, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "The"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": " sky"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}},
    {"type": "message_stop"},
]  # fmt: skip
WRAPPED = [{"event": each["type"], "data": each} for each in MESSAGE]
GEMINI = [
    {"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0, **more}],
     "modelVersion": "gemini-x", "usageMetadata": {"promptTokenCount": 26, "candidatesTokenCount": 3}}
    for text, more in (("The", {}), (" sky", {"finishReason": "STOP"}))
]  # fmt: skip
CONVERSE: list[Row] = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"delta": {"text": "The"}, "contentBlockIndex": 0}},
    {"contentBlockDelta": {"delta": {"text": " sky"}, "contentBlockIndex": 0}},
    {"contentBlockStop": {"contentBlockIndex": 0}},
    {"messageStop": {"stopReason": "end_turn"}},
    {"metadata": {"usage": {"inputTokens": 26, "outputTokens": 3}, "metrics": {"latencyMs": 9}}},
]
RESPONSE: list[Row] = [
    {"type": "response.created", "sequence_number": 0, "response": {
        "id": "r1", "object": "response", "model": "gpt-x", "status": "in_progress", "output": []}},
    {"type": "response.output_text.delta", "sequence_number": 1, "item_id": "i", "output_index": 0,
     "content_index": 0, "delta": "The"},
    {"type": "response.completed", "sequence_number": 2, "response": {
        "id": "r1", "object": "response", "model": "gpt-x", "status": "completed", "output": [
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "The sky"}]}],
        "usage": {"input_tokens": 26, "output_tokens": 3}}},
]  # fmt: skip
STREAMS = (OLLAMA, GENERATED, MESSAGE, WRAPPED, GEMINI, CONVERSE, RESPONSE)


def lines(*rows: Row) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in rows)


def answers(*rows: Row) -> tuple[list[Parsed], list[Problem]]:
    items, problems, _ = read_all(read, lines(*rows))
    return items, problems


@pytest.mark.parametrize("rows", STREAMS)
def test_events_that_name_no_answer_are_one_until_it_ends(rows: list[Row]) -> None:
    assert recognise(rows[0]) == "events of a streamed answer, a record each"
    items, problems = answers(*rows, *rows)
    assert [texts(each) for each in items] == [{"output": "The sky"}] * 2
    assert {each.kind for each in problems} <= {"no-model"}
    for item in items:
        told = item.exchange
        assert told is not None
        assert (told.stream, told.input_tokens, told.output_tokens) == (1, 26, 3)
        assert "truncated" not in told.completeness
        assert len(item.children) == len(rows) - 1


def test_answers_of_two_models_at_once_are_two() -> None:
    other = [ollama("A", "qwen"), ollama(" sea", "qwen"), ollama("", "qwen", **END)]
    mixed = [each for pair in zip(OLLAMA, other, strict=True) for each in pair]
    items, _ = answers(*mixed)
    assert [texts(each)["output"] for each in items] == ["The sky", "A sea"]
    assert items[0].when is not None
    assert (items[0].when.raw, items[0].when.zone) == ("2025-02-03T10:00:03.5Z", "explicit")
    assert items[0].exchange is not None
    assert (items[0].exchange.provider, items[0].exchange.latency_ms) == ("ollama", 4883)


@pytest.mark.parametrize("rows", STREAMS)
def test_a_stream_that_breaks_off_says_so(rows: list[Row]) -> None:
    question = {"model": "m", "messages": [{"role": "user", "content": "Why?"}]}
    cut = [each for each in rows[:-1] if "messageStop" not in each]
    items, _ = answers(*cut, question)
    assert [texts(each).get("prompt", "") for each in items] == ["", "Why?"]
    assert items[0].exchange is not None
    assert "truncated" in items[0].exchange.completeness
    assert texts(items[0])["output"].startswith("The")


def test_a_stream_that_begins_anew_is_not_joined_to_the_one_before() -> None:
    items, _ = answers(*MESSAGE[:4], *MESSAGE)
    assert [texts(each)["output"] for each in items] == ["The", "The sky"]


def test_whole_answers_stay_what_they_are() -> None:
    whole = ollama("The sky", **END)
    assert recognise(whole) == "model response"
    assert recognise({"type": "ping"}) == ""
    assert recognise({**RESPONSE[0], "event_id": "e"}) == "OpenAI Realtime events"


HOSTILE: list[Row] = [
    {"type": "content_block_delta", "index": 10**9, "delta": "x"},
    {"type": "message_start", "message": [1]},
    {"candidates": [7, None], "modelVersion": 3},
    {"model": "m", "done": True, "message": {"content": {"a": 1}}},
    {"messageStart": None},
    {"data": {"data": {"type": "message_stop"}}},
    {"events of one answer": [{"type": "message_stop"}, 4]},
    {"metadata": {"usage": 1, "metrics": []}},
]


@pytest.mark.parametrize("row", HOSTILE)
def test_a_hostile_event_costs_at_most_itself(row: Row) -> None:
    items, problems = answers(*MESSAGE, row, *MESSAGE)
    found = [texts(each).get("output") for each in items]
    assert found.count("The sky") == 2
    assert len(items) + len([each for each in problems if each.length]) >= 2

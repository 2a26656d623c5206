from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects.streams import assembled

START = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "model": "c",
        "content": [],
        "usage": {"input_tokens": 9, "output_tokens": 1},
    },
}


def delta(number: int, **said: str) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": number, "delta": said}


def test_anthropics_events_make_a_message_with_its_thoughts() -> None:
    events = [
        START,
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "thinking", "thinking": ""},
        },
        delta(0, thinking="Hm"),
        delta(0, thinking="m."),
        delta(0, signature="s=="),
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        {**delta(1, text="So"), "amazon-bedrock-guardrailAction": "INTERVENED"},
        delta(1, text="rry, "),
        {
            "type": "content_block_start",
            "index": 2,
            "content_block": {"type": "tool_use", "name": "f"},
        },
        delta(2, partial_json='{"a"'),
        delta(2, partial_json=": 1}"),
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 40},
        },
        {"type": "message_stop"},
        "[DONE]",
    ]
    assert assembled(events) == {
        "type": "message",
        "role": "assistant",
        "id": "msg_1",
        "model": "c",
        "usage": {"input_tokens": 9, "output_tokens": 40},
        "amazon-bedrock-guardrailAction": "INTERVENED",
        "content": [
            {"type": "thinking", "thinking": "Hmm.", "signature": "s=="},
            {"type": "text", "text": "Sorry, "},
            {"type": "tool_use", "name": "f", "input": {"a": 1}},
        ],
        "stop_reason": "end_turn",
    }


def test_openais_chunks_in_an_event_stream_make_a_completion() -> None:
    text = (
        'data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n'
        'data: {"id":"c1","choices":[{"index":0,"delta":{"content":"He"}}],"obfuscation":"x"}\n\n'
        'data: {"id":"c1","choices":[{"index":0,"delta":{"content":"llo","tool_calls":[{"index":0,"id":"t",'
        '"function":{"name":"f","arguments":"{"}}]}}]}\n\n'
        'data: {"id":"c1","choices":[{"index":0,"finish_reason":"stop",'
        '"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}\n\n'
        'data: {"id":"c1","choices":[],"usage":{"prompt_tokens":3}}\n\n'
        "data: [DONE]\n\ndata: {broken"
    )
    call = {"index": 0, "id": "t", "function": {"name": "f", "arguments": "{}"}}
    message = {"role": "assistant", "content": "Hello", "tool_calls": [call]}
    assert assembled(text) == {
        "id": "c1",
        "model": "m",
        "usage": {"prompt_tokens": 3},
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }


def test_the_responses_api_ends_with_the_whole_answer() -> None:
    done = {"object": "response", "output": []}
    events = [
        {"type": "response.created", "response": {}},
        {"type": "response.completed", "response": done},
    ]
    assert assembled(events) == done


def test_the_streams_of_bedrock_and_gemini() -> None:
    converse = [
        {"messageStart": {"role": "assistant"}},
        {
            "contentBlockDelta": {
                "contentBlockIndex": 0,
                "delta": {"reasoningContent": {"text": "Hm"}},
            }
        },
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": "a"}}},
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": "b"}}},
        {"messageStop": {"stopReason": "end_turn"}},
        {"metadata": {"usage": {"inputTokens": 1}}},
    ]
    content = [{"reasoningContent": {"reasoningText": {"text": "Hm"}}}, {"text": "ab"}]
    assert assembled(converse) == {
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1},
        "output": {"message": {"role": "assistant", "content": content}},
    }
    gemini = [
        {"candidates": [{"content": {"parts": [{"text": "a"}]}}], "modelVersion": "g"},
        {"candidates": [{"content": {"parts": [{"text": "b"}]}, "finishReason": "STOP"}]},
    ]
    parts = {"role": "model", "parts": [{"text": "a"}, {"text": "b"}]}
    assert assembled(gemini) == {
        "modelVersion": "g",
        "candidates": [{"finishReason": "STOP", "content": parts}],
    }
    titan = [{"outputText": "a"}, {"outputText": "b", "completionReason": "FINISH"}]
    assert assembled(titan) == {"outputText": "ab", "completionReason": "FINISH"}


@pytest.mark.parametrize(
    "value",
    [None, 7, "text", "data: [DONE]", [], [1], [{}], {"a": 1},
     [{"choices": [7]}], [{"type": "content_block_delta"}], [{"contentBlockDelta": 3}]],
)  # fmt: skip
def test_what_is_no_stream_is_left_or_empty(value: Any) -> None:
    body = assembled(value)
    assert body is None or body.get("content") == [] or body.get("output")

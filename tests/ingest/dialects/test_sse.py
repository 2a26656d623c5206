from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.sse import Stream, assembled, event_data, read_stream, tell_stream
from casekit.ingest.parsed import Context
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all, texts


def sse(*events: Any, named: bool = False, end: str = "\n") -> str:
    made = ""
    for event in events:
        data = event if isinstance(event, str) else json.dumps(event)
        made += f"event: {event['type']}{end}" if named else ""
        made += f"data: {data}{end}{end}"
    return made


def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1731368630, "model": "m",
            "choices": [choice], **more}  # fmt: skip


CHAT = [
    chunk({"role": "assistant", "content": ""}),
    chunk({"reasoning_content": "Hm"}),
    chunk({"reasoning_content": "m."}),
    chunk({"content": "Hel"}),
    chunk({"content": "lo\r\n "}),
    chunk({"tool_calls": [{"index": 0, "id": "t1", "type": "function",
                           "function": {"name": "f", "arguments": ""}}]}),
    chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"a": '}}]}),
    chunk({"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}),
    chunk({"tool_calls": [{"index": 1, "id": "t2", "function": {"name": "g", "arguments": "{}"}}]}),
    chunk({}, "tool_calls"),
    {**chunk({}), "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}},
]  # fmt: skip
MESSAGE = [
    {"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant",
     "model": "cl", "content": [], "stop_reason": None, "usage": {"input_tokens": 9, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Let "}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "me"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "Eq"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "ping"},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Bon"}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "jour"}},
    {"type": "content_block_start", "index": 2,
     "content_block": {"type": "tool_use", "id": "tu", "name": "w", "input": {}}},
    {"type": "content_block_delta", "index": 2,
     "delta": {"type": "input_json_delta", "partial_json": '{"p": '}},
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": '"x"}'}},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 20}},
    {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"invocationLatency": 7}},
]  # fmt: skip
FINAL = {
    "id": "resp_1",
    "object": "response",
    "model": "o",
    "status": "completed",
    "output": [{"type": "message", "content": [{"type": "output_text", "text": "Ja"}]}],
}
RESPONSE = [
    {"type": "response.created", "response": {**FINAL, "status": "in_progress", "output": []}},
    {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "So"},
    {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "J"},
    {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "a"},
    {"type": "response.function_call_arguments.delta", "output_index": 2, "delta": "{}"},
    {"type": "response.completed", "response": FINAL},
]  # fmt: skip


def test_chat_chunks_become_one_completion() -> None:
    found = read_stream(sse(*CHAT, "[DONE]"))
    assert found == Stream(
        {
            "id": "c1", "object": "chat.completion", "created": 1731368630, "model": "m",
            "usage": {"prompt_tokens": 3, "completion_tokens": 4},
            "choices": [{
                "index": 0,
                "message": {
                    "role": "assistant", "content": "Hello\r\n ", "reasoning_content": "Hmm.",
                    "tool_calls": [
                        {"id": "t1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}},
                        {"id": "t2", "function": {"name": "g", "arguments": "{}"}},
                    ],
                },
                "finish_reason": "tool_calls",
            }],
        },
        11, True, 0,
    )  # fmt: skip


def test_a_message_is_the_same_from_text_and_from_a_list_of_events() -> None:
    found = read_stream(sse(*MESSAGE, named=True, end="\r\n"))
    assert found == read_stream([*MESSAGE, "[DONE]"])
    assert found is not None
    assert found.whole
    assert found.body["content"] == [
        {"type": "thinking", "thinking": "Let me", "signature": "Eq"},
        {"type": "text", "text": "Bonjour"},
        {"type": "tool_use", "id": "tu", "name": "w", "input": '{"p": "x"}'},
    ]
    assert (found.body["stop_reason"], found.body["usage"]) == (
        "tool_use",
        {"input_tokens": 9, "output_tokens": 20},
    )
    assert found.body["amazon-bedrock-invocationMetrics"] == {"invocationLatency": 7}


def test_a_response_is_its_last_event_or_what_came_before_the_break() -> None:
    whole = read_stream(sse(*RESPONSE, named=True))
    assert whole is not None
    assert (whole.body, whole.whole) == (FINAL, True)
    cut = read_stream(sse(*RESPONSE[:-1], named=True))
    assert cut is not None
    assert not cut.whole
    assert cut.body["output"] == [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "So"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Ja"}]},
        {"type": "function_call", "arguments": "{}"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "body"),
    [
        (
            [{"choices": [{"text": "a", "index": 0}]}, {"choices": [{"text": "b", "index": 0}]}],
            {"choices": [{"index": 0, "text": "ab"}]},
        ),
        (
            [{"type": "completion", "completion": " A", "stop_reason": None, "model": "old"},
             {"type": "completion", "completion": "b", "stop_reason": "stop_sequence"}],
            {"type": "message", "role": "assistant", "content": " Ab", "model": "old",
             "stop_reason": "stop_sequence"},
        ),
        (
            [{"messageStart": {"role": "assistant"}},
             {"contentBlockDelta": {"delta": {"text": "A"}, "contentBlockIndex": 0}},
             {"contentBlockDelta": {"delta": {"text": "b"}, "contentBlockIndex": 0}},
             {"contentBlockStart": {"start": {"toolUse": {"toolUseId": "t", "name": "n"}},
                                    "contentBlockIndex": 1}},
             {"contentBlockDelta": {"delta": {"toolUse": {"input": "{}"}}, "contentBlockIndex": 1}},
             {"messageStop": {"stopReason": "end_turn"}},
             {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2}}}],
            {"type": "message", "role": "assistant", "stop_reason": "end_turn",
             "content": [{"type": "text", "text": "Ab"},
                         {"type": "tool_use", "id": "t", "name": "n", "input": "{}"}],
             "usage": {"inputTokens": 1, "outputTokens": 2}},
        ),
        (
            [{"candidates": [{"content": {"parts": [{"text": "A"}], "role": "model"}}]},
             {"candidates": [{"content": {"parts": [{"text": "b"}]}, "finishReason": "STOP"}],
              "modelVersion": "g"}],
            {"candidates": [{"content": {"role": "model", "parts": [{"text": "Ab"}]}, "finishReason": "STOP"}],
             "modelVersion": "g"},
        ),
    ],
)  # fmt: skip
def test_other_streams(events: list[Any], body: dict[str, Any]) -> None:
    found = read_stream(events)
    assert found is not None
    assert found.body == body


@pytest.mark.parametrize(
    "value",
    ["", "data", "plain text", "data: 7\n\n", "data: {}\n\n", ": only a comment\n\n", [], [1], ["x"],
     [{"a": 1}], {"type": "message_start"}, None, 'data: {"choices": []}\n\n', "event: ping\ndata: {\n\n",
     [{"choices": [{"message": {"content": "whole"}}]}]],
)  # fmt: skip
def test_what_is_no_stream_of_a_model_is_left_alone(value: Any) -> None:
    assert read_stream(value) is None


def test_every_way_to_cut_a_stream_off_gives_what_came() -> None:
    text = sse(*MESSAGE, named=True)
    whole = read_stream(text)
    assert whole is not None
    for size in range(len(text)):
        found = read_stream(text[:size])
        if found is None:
            continue
        got = "".join(each.get("text", "") for each in found.body["content"])
        assert "Bonjour".startswith(got)
        assert found.whole <= (size > text.index("message_stop"))


def test_hostile_events_cost_nothing_but_themselves() -> None:
    bad = [
        {"type": "content_block_delta", "index": 10**9, "delta": 7},
        {"type": "content_block_delta", "index": "x", "delta": {"type": [], "text": 1}},
        {"type": "message_start", "message": []},
        {"type": "content_block_start", "index": -1},
        {"choices": [{"delta": {"tool_calls": [7, {"index": 10**12, "function": []}]}}]},
    ]
    found = read_stream(sse(MESSAGE[0], "{broken", *bad, *MESSAGE[7:10]))
    assert found is not None
    assert (found.damaged, found.body["content"][-1]) == (1, {"type": "text", "text": "Bonjour"})
    chat = read_stream(
        sse(
            chunk({"content": "a"}),
            *bad,
            chunk({"tool_calls": [{"index": 0, "function": {"arguments": 3}}]}),
        )
    )
    assert chat is not None


def test_data_of_several_lines_and_all_line_ends() -> None:
    assert event_data("\ufeff: hi\rdata: a\rdata:b\r\rdata: c\n\nid: 1\r\n\r\ndata:  d") == [
        "a\nb",
        "c",
        " d",
    ]


def test_a_cut_stream_is_said_to_be_cut() -> None:
    draft = Draft(b"", Context())
    tell_stream(Stream({}, 3, False, 2), draft)
    assert draft.missing == ("truncated",)
    assert [each.kind for each in draft.problems] == ["stream-cut", "bad-event"]


def test_a_record_whose_answer_is_a_stream_is_an_exchange() -> None:
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    lines = [
        {"request": asked, "response": sse(*CHAT, "[DONE]")},
        {"request": asked, "response": {"status_code": 200, "body": sse(*MESSAGE[:10], named=True)}},
        {"request": {"body": asked}, "response": {"body": MESSAGE}},
    ]  # fmt: skip
    data = "\n".join(json.dumps(each) for each in lines).encode()
    items, problems, _ = read_all(read, data)
    assert problems == []
    assert [texts(item)["output"] for item in items] == [
        'Hello\r\n \n[function f] {"a": 1}\n[function_call g] {}',
        "Bonjour",
        'Bonjour\n[tool_use w] {"p": "x"}',
    ]
    assert [texts(item)["reasoning"] for item in items] == ["Hmm.", "Let me", "Let me"]
    told = [
        (e.stream, e.finish_reason, e.input_tokens, e.output_tokens, e.completeness)
        for item in items
        if (e := item.exchange)
    ]
    assert told == [
        (1, "tool_calls", 3, 4, ()),
        (1, "", 9, 1, ("no-time", "truncated")),
        (1, "tool_use", 9, 20, ("no-time",)),
    ]


def test_events_that_carry_a_piece_of_text_each_are_joined() -> None:
    titan = [{"outputText": "a"}, {"outputText": "b", "completionReason": "FINISH"}]
    assert assembled(titan) == {"outputText": "ab", "completionReason": "FINISH"}


def test_pieces_of_a_message_that_do_not_name_their_type_are_joined() -> None:
    events = [
        {"type": "message_start", "message": {"id": "m"}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking"}},
        {"type": "content_block_delta", "index": 0, "delta": {"thinking": "Hm"}},
        {"type": "content_block_delta", "index": 0, "delta": {"signature": "s=="}},
        {"type": "content_block_delta", "index": 1, "delta": {"text": "So"}},
        {"type": "message_stop", "amazon-bedrock-guardrailAction": "INTERVENED"},
    ]
    body = assembled(events)
    assert body is not None
    assert body["content"] == [
        {"type": "thinking", "thinking": "Hm", "signature": "s=="},
        {"type": "text", "text": "So"},
    ]
    assert body["amazon-bedrock-guardrailAction"] == "INTERVENED"

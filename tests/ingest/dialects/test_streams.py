from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects.response_events import join_response
from casekit.ingest.dialects.sse import read_stream
from casekit.ingest.dialects.streams import join_chat, join_converse, join_message


def test_several_choices_stay_apart_and_lists_grow() -> None:
    pieces = [
        {"choices": [{"index": 1, "delta": {"content": "B"}, "logprobs": {"content": [1]}}]},
        {"choices": [{"index": 0, "delta": {"content": "A", "annotations": [1]}}]},
        {"choices": [{"index": 1, "delta": {"content": "b"}, "logprobs": {"content": [2]},
                      "finish_reason": "stop"}]},
        {"choices": [{"index": 0, "delta": {"annotations": [2], "refusal": "no"}}]},
    ]  # fmt: skip
    body, whole = join_chat(pieces)
    assert body["choices"] == [
        {"index": 0, "message": {"content": "A", "annotations": [1, 2], "refusal": "no"}},
        {"index": 1, "message": {"content": "Bb"}, "logprobs": {"content": [1, 2]}, "finish_reason": "stop"},
    ]  # fmt: skip
    assert not whole


def test_a_name_that_is_sent_with_every_piece_stands_once() -> None:
    call = {"index": 0, "function": {"name": "f", "arguments": "x"}}
    body, _ = join_chat([{"choices": [{"delta": {"tool_calls": [call]}}]}] * 2)
    assert body["choices"][0]["message"]["tool_calls"] == [
        {"function": {"name": "f", "arguments": "xx"}}
    ]


def test_items_that_are_done_replace_their_pieces() -> None:
    item = {"type": "message", "content": [{"type": "output_text", "text": "Whole"}]}
    body, _ = join_response(
        [
            {"type": "response.output_text.delta", "output_index": 0, "delta": "Wh"},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
        ]
    )
    assert body["output"] == [item]


def test_calls_with_ids_of_their_own_stay_apart_whatever_their_number() -> None:
    def call(known: str, name: str, arguments: str) -> dict[str, Any]:
        function = {"name": name, "arguments": arguments} if name else {"arguments": arguments}
        return {"index": 0, "function": function, **({"id": known} if known else {})}

    pieces = [call("a", "f", '{"x":1}'), call("b", "g", '{"y":'), call("", "", "2}")]
    for each in (pieces, [{k: v for k, v in one.items() if k != "index"} for one in pieces]):
        body, _ = join_chat([{"choices": [{"delta": {"tool_calls": [one]}}]} for one in each])
        assert body["choices"][0]["message"]["tool_calls"] == [
            {"id": "a", "function": {"name": "f", "arguments": '{"x":1}'}},
            {"id": "b", "function": {"name": "g", "arguments": '{"y":2}'}},
        ]


def test_thoughts_in_parts_and_an_answer_as_text_are_both_kept() -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}
    deltas = ({"content": [thought]}, {"content": "Y"}, {"content": "o"}, {"content": [thought]})
    body, _ = join_chat([{"choices": [{"delta": each}]} for each in deltas])
    text = {"type": "text", "text": "Yo"}
    assert body["choices"][0]["message"]["content"] == [thought, text, thought]
    body, _ = join_chat([{"choices": [{"delta": each}]} for each in reversed(deltas[:2])])
    assert body["choices"][0]["message"]["content"] == [{**text, "text": "Y"}, thought]


def test_a_message_begun_again_in_one_stream_does_not_wipe_out_the_first() -> None:
    def said(text: str) -> list[dict[str, Any]]:
        block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text"}}
        delta = {"type": "text_delta", "text": text}
        return [block, {"type": "content_block_delta", "index": 0, "delta": delta}]

    start = {"type": "message_start", "message": {"id": "1"}}
    for again in ([start], []):
        body, _ = join_message([start, *said("First"), *again, *said("Second")])
        assert [each["text"] for each in body["content"]] == ["First", "Second"]


INTERACTION = [
    {"event_type": "interaction.created", "interaction": {"id": "i", "model": "g", "status": "in_progress"}},
    {"event_type": "step.start", "index": 0, "step": {"type": "thought"}},
    {"event_type": "step.delta", "index": 0, "delta": {"signature": "s"}},
    {"event_type": "step.start", "index": 1, "step": {"type": "model_output"}},
    {"event_type": "step.delta", "index": 1, "delta": {"text": "A"}},
    {"event_type": "step.delta", "index": 1, "delta": {"text": "b"}},
    {"event_type": "interaction.completed",
     "interaction": {"id": "i", "status": "completed", "usage": {"total_output_tokens": 2}}},
]  # fmt: skip
COHERE = [
    {"type": "message-start", "id": "c", "delta": {"message": {"role": "assistant", "content": []}}},
    {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "A"}}}},
    {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "b"}}}},
    {"type": "tool-call-start", "index": 0,
     "delta": {"message": {"tool_calls": {"id": "t", "function": {"name": "f", "arguments": ""}}}}},
    {"type": "tool-call-delta", "index": 0,
     "delta": {"message": {"tool_calls": {"function": {"arguments": "{}"}}}}},
    {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": {"tokens": {"input_tokens": 3}}}},
]  # fmt: skip
COHERE_FIRST = [
    {"is_finished": False, "event_type": "stream-start", "generation_id": "g"},
    {"is_finished": False, "event_type": "text-generation", "text": "A"},
    {"is_finished": True, "event_type": "stream-end", "finish_reason": "COMPLETE",
     "response": {"text": "Ab", "meta": {"tokens": {"input_tokens": 3}}}},
]  # fmt: skip
OLLAMA = [
    {"model": "o", "created_at": "t", "message": {"role": "assistant", "content": "A"}, "done": False},
    {"model": "o", "created_at": "u", "message": {"role": "assistant", "content": "b"}, "done": False},
    {"model": "o", "created_at": "v", "message": {"role": "assistant", "content": ""}, "done": True,
     "done_reason": "stop", "eval_count": 2},
]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "body"),
    [
        (INTERACTION,
         {"id": "i", "model": "g", "status": "completed", "usage": {"total_output_tokens": 2},
          "steps": [{"type": "thought", "signature": "s"},
                    {"type": "model_output", "content": [{"type": "text", "text": "Ab"}]}],
          "object": "interaction"}),
        (COHERE,
         {"id": "c", "finish_reason": "COMPLETE", "usage": {"tokens": {"input_tokens": 3}},
          "message": {"role": "assistant", "content": [{"type": "text", "text": "Ab"}],
                      "tool_calls": [{"id": "t", "function": {"name": "f", "arguments": "{}"}}]}}),
        (COHERE_FIRST,
         {"text": "Ab", "meta": {"tokens": {"input_tokens": 3}}, "finish_reason": "COMPLETE"}),
        (OLLAMA,
         {"model": "o", "created_at": "v", "done": True, "done_reason": "stop", "eval_count": 2,
          "message": {"role": "assistant", "content": "Ab"}}),
    ],
)  # fmt: skip
def test_streams_of_gemini_cohere_and_ollama(events: list[Any], body: dict[str, Any]) -> None:
    found = read_stream(events)
    assert found is not None
    assert (found.body, found.whole) == (body, True)
    cut = read_stream(events[:-1])
    assert cut is not None
    assert not cut.whole


def test_groq_says_the_usage_of_a_stream_in_a_place_of_its_own() -> None:
    piece = {
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"content": "Yo"}}],
    }
    last = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
            "x_groq": {"id": "req_1", "usage": {"prompt_tokens": 16, "completion_tokens": 10}}}  # fmt: skip
    body, whole = join_chat([{**piece, "x_groq": {"id": "req_1"}}, last])
    assert (whole, body["usage"], body["x_groq"]) == (
        True, {"prompt_tokens": 16, "completion_tokens": 10}, {"id": "req_1"},
    )  # fmt: skip
    body, _ = join_chat([piece, {**last, "usage": {"prompt_tokens": 1}}])
    assert body["usage"] == {"prompt_tokens": 1}


@pytest.mark.parametrize("end", ["interaction.completed", "interaction.complete", ""])
def test_an_interaction_is_whole_when_it_says_so_by_either_name(end: str) -> None:
    events: list[dict[str, Any]] = [
        {"event_type": "interaction.created", "interaction": {"id": "i", "status": "in_progress"}},
        {"event_type": "step.start", "index": 0, "step": {"type": "model_output"}},
        {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "Y"}},
        {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "o"}},
        *([{"event_type": end, "interaction": {"id": "i", "status": "completed"}}] if end else []),
    ]
    found = read_stream(events)
    assert found is not None
    assert found.whole == bool(end)
    assert found.body["steps"] == [
        {"type": "model_output", "content": [{"type": "text", "text": "Yo"}]}
    ]
    assert found.body["status"] == ("completed" if end else "in_progress")


def test_spoken_answers_and_calls_with_free_text_grow_piece_by_piece() -> None:
    def piece(**delta: Any) -> dict[str, Any]:
        return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta}]}

    body, _ = join_chat([
        piece(role="assistant", audio={"id": "audio_1"}),
        piece(audio={"transcript": "Good "}),
        piece(audio={"data": "QUJD", "transcript": "day"}),
        piece(audio={"data": "REVG", "expires_at": 1}),
        piece(tool_calls=[{"index": 0, "id": "c", "type": "custom", "custom": {"name": "run", "input": ""}}]),
        piece(tool_calls=[{"index": 0, "custom": {"input": "ls "}}]),
        piece(tool_calls=[{"index": 0, "custom": {"input": "-l"}}]),
    ])  # fmt: skip
    message = body["choices"][0]["message"]
    assert message["audio"] == {
        "id": "audio_1", "transcript": "Good day", "data": "QUJDREVG", "expires_at": 1,
    }  # fmt: skip
    assert message["tool_calls"][0]["custom"] == {"name": "run", "input": "ls -l"}


def test_converse_cites_and_hides_thoughts_in_its_stream() -> None:
    def delta(number: int, **said: Any) -> dict[str, Any]:
        return {"contentBlockDelta": {"contentBlockIndex": number, "delta": said}}

    body, _ = join_converse([
        delta(0, reasoningContent={"redactedContent": "QUJD"}),
        delta(1, text="Ropes"),
        delta(1, citation={"title": "T"}),
    ])  # fmt: skip
    assert body["content"] == [
        {"type": "redacted_thinking", "data": "QUJD"},
        {"type": "text", "text": "Ropes", "citations": [{"title": "T"}]},
    ]

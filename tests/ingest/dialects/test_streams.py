from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.streams import join_chat, join_message, join_response


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

from __future__ import annotations

from casekit.ingest.dialects.streams import join_chat, join_response


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

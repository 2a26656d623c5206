"""Joins the events of OpenAI's responses API into the response that they are pieces of.

Source: openai-openapi `ResponseStreamEvent`; openai-python `types/responses`, of which earlier
versions wrote a dot where later ones write an underscore.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.growing import (
    Event,
    Joined,
    as_dict,
    grow,
    in_order,
    index_of,
    join_lists,
    part_of,
)

_ENDS = ("response.completed", "response.incomplete", "response.failed", "response.done")
_ITEM_PIECES = {
    "function_call_arguments.delta": ("function_call", "arguments"),
    "mcp_call_arguments.delta": ("mcp_call", "arguments"),
    "mcp_call.arguments.delta": ("mcp_call", "arguments"),
    "mcp_call.arguments_delta": ("mcp_call", "arguments"),
    "code_interpreter_call_code.delta": ("code_interpreter_call", "code"),
    "code_interpreter_call.code.delta": ("code_interpreter_call", "code"),
    "custom_tool_call_input.delta": ("custom_tool_call", "input"),
}
"""Of what an event brings the next piece: the type of the item, and its key."""

_TEXT_PIECES = {
    "output_text.delta": ("output_text", "text"),
    "refusal.delta": ("output_refusal", "refusal"),
    "audio_transcript.delta": ("output_audio", "transcript"),
    "audio.transcript.delta": ("output_audio", "transcript"),
    "output_audio_transcript.delta": ("output_audio", "transcript"),
}
"""The same of a message's part."""

_THOUGHTS = ("reasoning_text.delta", "reasoning_summary_text.delta")


def join_response(events: list[Event]) -> Joined:
    """`response.created` to `response.completed`, whose response is the answer; else what came of it."""
    body: dict[str, Any] = {}
    items: dict[int, dict[str, Any]] = {}
    whole = False
    for event in events:
        kind = event.get("type")
        response = event.get("response")
        if type(response) is dict:
            body = {**body, **response}
            whole = whole or kind in _ENDS
        elif kind == "error":
            body["error"] = {key: each for key, each in event.items() if key != "type"}
        elif type(kind) is str:
            _join_item(items, kind.removeprefix("response."), event)
    if not body.get("output"):
        body["output"] = in_order(items)
    body["object"] = "response"
    return body, whole


def _join_item(items: dict[int, dict[str, Any]], kind: str, event: Event) -> None:
    number = index_of(event, "output_index")
    if kind in ("output_item.added", "output_item.done"):
        items[number] = dict(as_dict(event.get("item")))
    elif kind in _ITEM_PIECES:
        made, key = _ITEM_PIECES[kind]
        grow(items.setdefault(number, {"type": made}), key, event.get("delta"))
    elif kind in _TEXT_PIECES:
        made, key = _TEXT_PIECES[kind]
        item = items.setdefault(number, {"type": "message", "role": "assistant"})
        grow(
            part_of(item, "content", index_of(event, "content_index"), made),
            key,
            event.get("delta"),
        )
    elif kind in _THOUGHTS:
        item = items.setdefault(number, {"type": "reasoning"})
        part = part_of(item, "summary", index_of(event, "summary_index"), "summary_text")
        grow(part, "text", event.get("delta"))
    elif kind in ("output_text.annotation.added", "output_text_annotation.added"):
        item = items.setdefault(number, {"type": "message", "role": "assistant"})
        part = part_of(item, "content", index_of(event, "content_index"), "output_text")
        join_lists(part, {"annotations": [event.get("annotation")]})

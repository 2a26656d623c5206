"""Joins the events of one stream into the answer they are pieces of: a function for each API.

Each takes the events in their order and returns the answer's body and whether the stream said that it
ended. Text is joined exactly as it was cut; arguments of calls stay the text they were.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.growing import (
    Event,
    Joined,
    as_dict,
    dicts,
    grow,
    in_order,
    index_of,
    join_lists,
    part_of,
)

MESSAGE_EVENTS = frozenset({
    "message_start", "content_block_start", "content_block_delta", "content_block_stop",
    "message_delta", "message_stop",
})  # fmt: skip
CONVERSE_EVENTS = frozenset({
    "messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop",
})  # fmt: skip
COHERE_EVENTS = frozenset(
    {"message-start", "content-start", "content-delta", "tool-plan-delta", "message-end"}
)
PIECES = ("outputText", "generation", "completion", "text")
"""Keys under which the events of Titan, Llama, Claude 2 and Cohere carry the next piece of text."""

_GROWING = frozenset({"content", "reasoning_content", "reasoning", "refusal", "thinking"})
_Begun = dict[int | str, dict[str, Any]]
"""The calls of one choice by number and by id, and the one that was spoken of last."""

_LAST = -1


# -- OpenAI's chat and completions -----------------------------------------------------------------


def join_chat(events: list[Event]) -> Joined:
    """`chat.completion.chunk` and `text_completion` events; the first name of a choice's end counts."""
    body: dict[str, Any] = {}
    choices: dict[int, dict[str, Any]] = {}
    begun: dict[int, _Begun] = {}
    for event in events:
        for key, value in event.items():
            if key == "choices":
                continue
            if value and (key in ("usage", "x_groq") or not body.get(key)):
                body[key] = value
        for piece in dicts(event.get("choices")):
            number = index_of(piece)
            choice = choices.setdefault(number, {"index": number})
            _join_choice(choice, piece, begun.setdefault(number, {}))
    if body.get("object") == "chat.completion.chunk":
        body["object"] = "chat.completion"
    groq = as_dict(body.get("x_groq"))  # it says the usage there, in the last event
    if "usage" not in body and type(groq.get("usage")) is dict:
        body["usage"] = groq["usage"]
        body["x_groq"] = {key: value for key, value in groq.items() if key != "usage"}
    body["choices"] = in_order(choices)
    for choice in choices.values():
        if "text" not in choice:
            choice.setdefault("message", {"role": "assistant", "content": None})
    return body, bool(choices) and all(each.get("finish_reason") for each in choices.values())


def _join_choice(choice: dict[str, Any], piece: dict[str, Any], begun: _Begun) -> None:
    for key, value in piece.items():
        if key == "delta":
            _join_delta(choice.setdefault("message", {}), as_dict(value), begun)
        elif key == "text":
            grow(choice, "text", value)
        elif key == "logprobs" and type(value) is dict:
            join_lists(choice.setdefault("logprobs", {}), value)
        elif key != "index" and value is not None:
            choice.setdefault(key, value)


def _join_delta(message: dict[str, Any], delta: dict[str, Any], begun: _Begun) -> None:
    for key, value in delta.items():
        if key in _GROWING and type(value) is str:
            if (
                type(message.get(key)) is list
            ):  # some write thoughts in parts and the answer as text
                _grow_parts(message[key], value)
            else:
                grow(message, key, value)
        elif key == "tool_calls":
            _join_calls(message, dicts(value), begun)
        elif key == "function_call":
            _join_function(message.setdefault("function_call", {}), as_dict(value))
        elif key == "audio" and type(message.get(key)) is dict:
            _join_audio(message[key], as_dict(value))
        elif type(value) is list:
            if type(message.get(key)) is str:
                message[key] = [{"type": "text", "text": message[key]}] if message[key] else []
            join_lists(message, {key: value})
        elif value is not None or key == "content":
            message.setdefault(key, value)


def _grow_parts(parts: list[Any], piece: str) -> None:
    """Join a piece of text to the text part that stands last, or begin one."""
    last = as_dict(parts[-1]) if parts else {}
    if last.get("type") == "text":
        parts[-1] = {**last, "text": f"{last.get('text') or ''}{piece}"}
    elif piece:
        parts.append({"type": "text", "text": piece})


def _join_calls(message: dict[str, Any], pieces: list[dict[str, Any]], begun: _Begun) -> None:
    """Join pieces of calls by their numbers; one with an id of its own is a call of its own.

    Some servers number every call 0, or none.
    """
    calls: list[dict[str, Any]] = message.setdefault("tool_calls", [])
    for piece in pieces:
        at = index_of(piece, default=_LAST)
        known = piece.get("id") if type(piece.get("id")) is str else ""
        call = begun.get(at)
        if call is None or (known and call.get("id", known) != known):
            call = begun.get(known) if known else None
            if call is None:
                call = {}
                calls.append(call)
        begun[at] = begun[_LAST] = call
        if known:
            begun[known] = call
        for key, value in piece.items():
            if key == "function":
                _join_function(call.setdefault("function", {}), as_dict(value))
            elif key == "custom" and type(call.get(key)) is dict:
                grow(call[key], "input", as_dict(value).get("input"))
            elif key != "index" and value is not None:
                call.setdefault(key, value)


def _join_audio(audio: dict[str, Any], piece: dict[str, Any]) -> None:
    for key, value in piece.items():
        if key in ("transcript", "data"):
            grow(audio, key, value)
        else:
            audio.setdefault(key, value)


def _join_function(function: dict[str, Any], piece: dict[str, Any]) -> None:
    grow(function, "arguments", piece.get("arguments"))
    name = piece.get("name")
    if name and name != function.get("name"):  # some servers repeat it with every piece
        grow(function, "name", name)


# -- Anthropic's messages --------------------------------------------------------------------------

_BLOCK_PIECES = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "thinking"),
    "signature_delta": ("signature", "signature"),
}


def join_message(events: list[Event]) -> Joined:
    """`message_start` to `message_stop`; the input of a call stays the JSON text that was sent."""
    body: dict[str, Any] = {"type": "message", "role": "assistant"}
    blocks: dict[int, dict[str, Any]] = {}
    whole = False
    base = 0
    for event in events:
        kind = event.get("type")
        if kind == "message_start":
            base = (
                max(blocks) + 1 if blocks else 0
            )  # a call that was tried again, in the same stream
            body.update(as_dict(event.get("message")))
        elif kind == "content_block_start":
            number = base + index_of(event)
            if number in blocks:
                base = max(blocks) + 1 - index_of(event)
                number = max(blocks) + 1
            blocks[number] = dict(as_dict(event.get("content_block")))
        elif kind == "content_block_delta":
            block = blocks.setdefault(base + index_of(event), {"type": "text"})
            _join_block(block, as_dict(event.get("delta")))
        elif kind == "message_delta":
            body.update(as_dict(event.get("delta")))
            body["usage"] = {**as_dict(body.get("usage")), **as_dict(event.get("usage"))}
        elif kind == "message_stop":
            whole = True
        body.update({key: each for key, each in event.items() if key.startswith("amazon-bedrock-")})
    body["content"] = in_order(blocks)
    body.setdefault("stop_reason", None)
    return body, whole


def _join_block(block: dict[str, Any], delta: dict[str, Any]) -> None:
    kind = delta.get("type") or _untyped(delta)
    if kind == "input_json_delta":
        if type(block.get("input")) is not str:
            block["input"] = ""
        grow(block, "input", delta.get("partial_json"))
    elif kind == "citations_delta":
        join_lists(block, {"citations": [delta.get("citation")]})
    elif type(kind) is str and kind in _BLOCK_PIECES:
        target, source = _BLOCK_PIECES[kind]
        grow(block, target, delta.get(source))


def _untyped(delta: dict[str, Any]) -> str:
    """The type of a piece that does not name it, by what it carries."""
    if "partial_json" in delta:
        return "input_json_delta"
    return next((kind for kind, (_, source) in _BLOCK_PIECES.items() if source in delta), "")


def join_completion(events: list[Event]) -> Joined:
    """Anthropic's older text completions, as a message."""
    body: dict[str, Any] = {"type": "message", "role": "assistant", "content": ""}
    for event in events:
        grow(body, "content", event.get("completion"))
        for key in ("id", "model", "stop_reason", "stop", "log_id"):
            if event.get(key):
                body[key] = event[key]
    whole = bool(body.get("stop_reason"))
    body.setdefault("stop_reason", None)
    return body, whole


# -- Bedrock's Converse and Gemini -----------------------------------------------------------------


def join_converse(events: list[Event]) -> Joined:
    """Bedrock's `ConverseStream`, as a message."""
    body: dict[str, Any] = {"type": "message", "role": "assistant", "stop_reason": None}
    blocks: dict[int, dict[str, Any]] = {}
    whole = False
    for event in events:
        start, delta = (
            as_dict(event.get("contentBlockStart")),
            as_dict(event.get("contentBlockDelta")),
        )
        if start:
            tool = as_dict(as_dict(start.get("start")).get("toolUse"))
            made = {"type": "tool_use", "id": tool.get("toolUseId"), "name": tool.get("name")}
            blocks[index_of(start, "contentBlockIndex")] = {**made, "input": ""}
        if delta:
            block = blocks.setdefault(index_of(delta, "contentBlockIndex"), {})
            _join_converse_block(block, as_dict(delta.get("delta")))
        if "messageStop" in event:
            whole = True
            body["stop_reason"] = as_dict(event["messageStop"]).get("stopReason")
        metadata = as_dict(event.get("metadata"))
        usage = as_dict(metadata.get("usage"))
        if usage:
            body["usage"] = usage
        if metadata.get("metrics"):
            body["metrics"] = metadata["metrics"]
    body["content"] = in_order(blocks)
    return body, whole


def _join_converse_block(block: dict[str, Any], delta: dict[str, Any]) -> None:
    thought = as_dict(delta.get("reasoningContent"))
    if "citation" in delta:
        join_lists(block, {"citations": [delta["citation"]]})
    elif thought.get("redactedContent"):
        block.update({"type": "redacted_thinking", "data": thought["redactedContent"]})
    elif thought:
        block["type"] = "thinking"
        grow(block, "thinking", thought.get("text"))
        grow(block, "signature", thought.get("signature"))
    elif "toolUse" in delta:
        grow(block, "input", as_dict(delta["toolUse"]).get("input"))
    else:
        block.setdefault("type", "text")
        grow(block, "text", delta.get("text"))


def join_candidates(events: list[Event]) -> Joined:
    """Gemini's `streamGenerateContent`; texts that follow each other are one part again."""
    body: dict[str, Any] = {}
    candidates: dict[int, dict[str, Any]] = {}
    for event in events:
        body.update({key: value for key, value in event.items() if key != "candidates" and value})
        for piece in dicts(event.get("candidates")):
            made = candidates.setdefault(
                index_of(piece), {"content": {"role": "model", "parts": []}}
            )
            made.update({key: value for key, value in piece.items() if key != "content"})
            parts: list[dict[str, Any]] = made["content"]["parts"]
            for part in dicts(as_dict(piece.get("content")).get("parts")):
                if parts and _same_text(parts[-1], part):
                    grow(parts[-1], "text", part["text"])
                else:
                    parts.append(dict(part))
    body["candidates"] = in_order(candidates)
    ended = bool(candidates) and all(each.get("finishReason") for each in candidates.values())
    return body, ended


def _same_text(before: dict[str, Any], part: dict[str, Any]) -> bool:
    """Whether a part only carries on with the text, or the thought, of the one before it."""
    plain = (
        before.keys() | part.keys() <= {"text", "thought"} and "text" in before and "text" in part
    )
    return plain and bool(before.get("thought")) == bool(part.get("thought"))


# -- texts cut into pieces -------------------------------------------------------------------------


def join_pieces(events: list[Event]) -> Joined:
    """Events that each carry the next piece of text under one of `PIECES`; none says that it is the last."""
    key = next(name for name in PIECES if any(type(each.get(name)) is str for each in events))
    body: dict[str, Any] = {}
    for event in events:
        body.update({name: value for name, value in event.items() if value is not None})
    body[key] = "".join(each[key] for each in events if type(each.get(key)) is str)
    return body, True


# -- Gemini's interactions, Cohere, Ollama ---------------------------------------------------------


def join_interaction(events: list[Event]) -> Joined:
    """`interaction.created` to `interaction.completed`; steps were called content up to 2026."""
    body: dict[str, Any] = {}
    steps: dict[int, dict[str, Any]] = {}
    whole = False
    for event in events:
        kind = event.get("event_type")
        body.update(
            {name: value for name, value in as_dict(event.get("interaction")).items() if value}
        )
        if kind in ("interaction.completed", "interaction.complete"):
            whole = True
        elif kind in ("step.start", "content.start"):
            steps[index_of(event)] = dict(as_dict(event.get("step") or event.get("content")))
        elif kind in ("step.delta", "content.delta"):
            _join_step(steps.setdefault(index_of(event), {}), as_dict(event.get("delta")))
        elif kind == "error":
            body["error"] = event.get("error")
    if not body.get("steps") and not body.get("outputs"):
        body["steps"] = in_order(steps)
    body["object"] = "interaction"
    return body, whole


def _join_step(step: dict[str, Any], delta: dict[str, Any]) -> None:
    kind = delta.get("type")
    if kind in ("thought", "thought_signature", "thought_summary") or step.get("type") == "thought":
        step["type"] = "thought"
        grow(step, "signature", delta.get("signature"))
        grow(step, "summary", as_dict(delta.get("content")).get("text", delta.get("text")))
    elif type(delta.get("text")) is str:
        step["type"] = "model_output"
        grow(part_of(step, "content", 0, "text"), "text", delta["text"])
    else:
        for key, value in delta.items():
            if key in ("arguments", "partial_arguments") and type(value) is str:
                grow(step, "arguments", value)
            elif key != "type" or "type" not in step:
                step[key] = value


def join_cohere(events: list[Event]) -> Joined:
    """Cohere's second API: `message-start` to `message-end`, as the message that it gives without a stream."""
    body: dict[str, Any] = {"finish_reason": None}
    message: dict[str, Any] = {"role": "assistant"}
    blocks: dict[int, dict[str, Any]] = {}
    calls: dict[int, dict[str, Any]] = {}
    whole = False
    for event in events:
        kind, delta = event.get("type"), as_dict(event.get("delta"))
        told = as_dict(delta.get("message"))
        content, call = as_dict(told.get("content")), as_dict(told.get("tool_calls"))
        if kind == "message-start":
            body["id"] = event.get("id")
        elif kind in ("content-start", "content-delta"):
            block = blocks.setdefault(index_of(event), {"type": content.get("type", "text")})
            for key in ("text", "thinking"):
                grow(block, key, content.get(key))
        elif kind == "tool-plan-delta":
            grow(message, "tool_plan", told.get("tool_plan"))
        elif kind == "tool-call-start":
            calls[index_of(event)] = {**call, "function": dict(as_dict(call.get("function")))}
        elif kind == "tool-call-delta":
            function = calls.setdefault(index_of(event), {"function": {}})["function"]
            grow(function, "arguments", as_dict(call.get("function")).get("arguments"))
        elif kind == "citation-start":
            join_lists(message, {"citations": [told.get("citations")]})
        elif kind == "message-end":
            whole = True
            body.update({key: value for key, value in delta.items() if key != "error"})
    message["content"] = in_order(blocks)
    if calls:
        message["tool_calls"] = in_order(calls)
    return {**body, "message": message}, whole


def join_cohere_first(events: list[Event]) -> Joined:
    """Cohere's first API: `stream-end` holds the whole answer; without it, the texts in their order."""
    body: dict[str, Any] = {}
    for event in events:
        if event.get("event_type") == "text-generation":
            grow(body, "text", event.get("text"))
        elif event.get("event_type") == "stream-end":
            whole = {"text": "", **body, **as_dict(event.get("response"))}
            return {**whole, "finish_reason": event.get("finish_reason")}, True
    return {"text": "", **body}, False


def join_ollama(events: list[Event]) -> Joined:
    """Ollama's chat and generate: a piece of text in each event, the counts in the last."""
    body: dict[str, Any] = {}
    message: dict[str, Any] = {}
    for event in events:
        grow(body, "response", event.get("response"))
        for key, value in as_dict(event.get("message")).items():
            if key == "tool_calls":
                join_lists(message, {key: dicts(value)})
            elif key in _GROWING:
                grow(message, key, value)
            else:
                message.setdefault(key, value)
        body.update(
            {key: each for key, each in event.items() if key not in ("response", "message")}
        )
    return {**body, **({"message": message} if message else {})}, body.get("done") is True

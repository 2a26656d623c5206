"""Answers that came in pieces: puts the events of a stream together into the body they spell out.

Source: openai-openapi `CreateChatCompletionStreamResponse`, `ResponseStreamEvent`; anthropic-sdk-python
`types/raw_message_stream_event.py`; WHATWG HTML `text/event-stream`; AWS Bedrock `ConverseStream`;
Vertex AI `streamGenerateContent`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.strict_json import BadJson, parse

Body = dict[str, Any]

_TEXTS = ("outputText", "generation", "completion", "text")
"""Keys under which the events of Titan, Llama, Claude 2 and Cohere carry the next piece of text."""


def assembled(untrusted_value: Any) -> Body | None:
    """The body of an answer that is written down as a list of events or as text of a stream.

    Args:
        untrusted_value: A list of events, or the text `data: {…}` lines make up.

    Returns:
        The body, or None if these are no events of a known stream.
    """
    if type(untrusted_value) is str:
        events = _sent(untrusted_value)
    elif type(untrusted_value) is list:
        events = [each for each in untrusted_value if type(each) is dict]
    else:
        return None
    if not events:
        return None
    for put_together in (_anthropic, _responses, _chunks, _converse, _gemini, _plain):
        body = put_together(events)
        if body is not None:
            return body
    return None


def _sent(text: str) -> list[Body]:
    """The JSON objects in an event stream's `data` fields."""
    if "data:" not in text[:4096]:
        return []
    found: list[Body] = []
    for line in text.splitlines():
        if line.startswith("data:"):
            try:
                value, _ = parse(line[5:].encode("utf-8", "replace"))
            except BadJson:
                continue
            if type(value) is dict:
                found.append(value)
    return found


# -- Anthropic ------------------------------------------------------------------------------------

_GROWING = {"text": "text", "thinking": "thinking", "signature": "signature"}


def _anthropic(events: list[Body]) -> Body | None:
    """`message_start`, `content_block_…`, `message_delta`."""
    if not any(each.get("type") in ("message_start", "content_block_delta") for each in events):
        return None
    body: Body = {"type": "message", "role": "assistant"}
    blocks: dict[int, Body] = {}
    inputs: dict[int, str] = {}
    for event in events:
        kind = event.get("type")
        given = event.get("message")
        if kind == "message_start" and type(given) is dict:
            body.update({key: value for key, value in given.items() if key != "content"})
        elif kind == "content_block_start" and type(event.get("content_block")) is dict:
            blocks[_number(event)] = dict(event["content_block"])
        elif kind == "content_block_delta" and type(event.get("delta")) is dict:
            _grow(blocks.setdefault(_number(event), {}), event["delta"], inputs, _number(event))
        elif kind == "message_delta":
            _merge_end(body, event)
        elif kind == "error":
            body["error"] = event.get("error")
        for key, value in event.items():
            if key.startswith("amazon-bedrock-"):
                body[key] = value
    for number, text in inputs.items():
        blocks[number]["input"] = _json(text)
    body["content"] = [blocks[number] for number in sorted(blocks)]
    body.setdefault("stop_reason", None)
    return body


def _number(event: Body) -> int:
    found = event.get("index", event.get("contentBlockIndex", 0))
    return found if type(found) is int else 0


def _grow(block: Body, delta: Body, inputs: dict[int, str], number: int) -> None:
    if type(delta.get("partial_json")) is str:
        inputs[number] = inputs.get(number, "") + delta["partial_json"]
    for key, target in _GROWING.items():
        if type(delta.get(key)) is str:
            block.setdefault("type", "thinking" if key != "text" else "text")
            before = block.get(target)
            block[target] = (before if type(before) is str else "") + delta[key]
    if type(delta.get("citation")) is dict:
        block["citations"] = [*(block.get("citations") or ()), delta["citation"]]


def _merge_end(body: Body, event: Body) -> None:
    if type(event.get("delta")) is dict:
        body.update(event["delta"])
    if type(event.get("usage")) is dict:
        before = body.get("usage")
        body["usage"] = {**(before if type(before) is dict else {}), **event["usage"]}


def _json(text: str) -> Any:
    try:
        return parse(text.encode("utf-8", "replace"))[0]
    except BadJson:
        return text


# -- OpenAI ---------------------------------------------------------------------------------------


def _responses(events: list[Body]) -> Body | None:
    """The last event of the responses API carries the whole answer."""
    for event in reversed(events):
        kind = event.get("type")
        if (
            type(kind) is str
            and kind.startswith("response.")
            and type(event.get("response")) is dict
        ):
            return dict(event["response"])
    return None


def _chunks(events: list[Body]) -> Body | None:
    """`chat.completion.chunk`s, and the pieces of old completions."""
    chunks = [each for each in events if type(each.get("choices")) is list]
    pieces = [
        choice for each in chunks for choice in each["choices"] if type(choice) is dict
    ]  # fmt: skip
    if not any("delta" in each or "text" in each for each in pieces):
        return None
    body: Body = {}
    answers: dict[int, Body] = {}
    for event in events:
        for key, value in event.items():
            if key not in ("choices", "obfuscation") and value is not None:
                body.setdefault(key, value)
        if type(event.get("usage")) is dict:
            body["usage"] = event["usage"]
    for piece in pieces:
        _add_piece(answers.setdefault(_number(piece), {"index": _number(piece)}), piece)
    body["choices"] = [answers[number] for number in sorted(answers)]
    return body


def _add_piece(answer: Body, piece: Body) -> None:
    if piece.get("finish_reason") is not None:
        answer["finish_reason"] = piece["finish_reason"]
    if type(piece.get("text")) is str:
        answer["text"] = answer.get("text", "") + piece["text"]
    delta = piece.get("delta")
    if type(delta) is not dict:
        return
    message: Body = answer.setdefault("message", {"role": "assistant", "content": ""})
    for key, value in delta.items():
        if key == "tool_calls" and type(value) is list:
            _add_calls(message.setdefault("tool_calls", []), value)
        elif key == "role" or value is None:
            message[key] = value if value is not None else message.get(key)
        elif type(value) is str and type(message.get(key, "")) is str:
            message[key] = (message.get(key) or "") + value
        else:
            message[key] = value
    if message.get("content") is None:
        message["content"] = ""
    for key in [key for key, value in message.items() if value is None]:
        del message[key]


def _add_calls(calls: list[Body], pieces: list[Any]) -> None:
    for piece in pieces:
        if type(piece) is not dict:
            continue
        number = _number(piece)
        known = next((each for each in calls if each.get("index", 0) == number), None)
        given = piece.get("function")
        if known is None:
            calls.append({**piece, "function": dict(given) if type(given) is dict else {}})
            continue
        if type(given) is not dict:
            continue
        function = known["function"]
        for key, value in given.items():
            if type(value) is str:
                before = function.get(key)
                function[key] = (before if type(before) is str else "") + value


# -- Bedrock, Gemini, and others ------------------------------------------------------------------


def _converse(events: list[Body]) -> Body | None:
    """`messageStart`, `contentBlockDelta`, `messageStop`, `metadata` of Converse and of Nova."""
    if not any("contentBlockDelta" in each for each in events):
        return None
    blocks: dict[int, Body] = {}
    body: Body = {}
    for event in events:
        for kind, value in event.items():
            if type(value) is not dict:
                continue
            if kind == "contentBlockDelta" and type(value.get("delta")) is dict:
                _grow_converse(blocks.setdefault(_number(value), {}), value["delta"])
            elif kind == "contentBlockStart" and type(value.get("start")) is dict:
                blocks.setdefault(_number(value), {}).update(value["start"])
            elif kind in ("messageStop", "metadata"):
                body.update(value)
    content = [blocks[number] for number in sorted(blocks)]
    body["output"] = {"message": {"role": "assistant", "content": content}}
    return body


def _grow_converse(block: Body, delta: Body) -> None:
    if type(delta.get("text")) is str:
        block["text"] = block.get("text", "") + delta["text"]
    thought, call = delta.get("reasoningContent"), delta.get("toolUse")
    if type(thought) is dict:
        inner = block.setdefault("reasoningContent", {}).setdefault("reasoningText", {})
        for key in ("text", "signature"):
            if type(thought.get(key)) is str:
                inner[key] = inner.get(key, "") + thought[key]
    if type(call) is dict and type(call.get("input")) is str:
        inner = block.setdefault("toolUse", {})
        inner["input"] = inner.get("input", "") + call["input"]


def _gemini(events: list[Body]) -> Body | None:
    """Answers of `streamGenerateContent`, each with the next parts."""
    if not any(type(each.get("candidates")) is list for each in events):
        return None
    body: Body = {}
    parts: list[Any] = []
    first: Body = {}
    for event in events:
        body.update({key: value for key, value in event.items() if key != "candidates"})
        found = event.get("candidates")
        candidate = found[0] if type(found) is list and found else None
        if type(candidate) is not dict:
            continue
        content = candidate.get("content")
        if type(content) is dict and type(content.get("parts")) is list:
            parts += content["parts"]
        first.update({key: value for key, value in candidate.items() if key != "content"})
    body["candidates"] = [{**first, "content": {"role": "model", "parts": parts}}]
    return body


def _plain(events: list[Body]) -> Body | None:
    """Events that each carry the next piece of text under one key."""
    for key in _TEXTS:
        pieces = [each[key] for each in events if type(each.get(key)) is str]
        if pieces:
            body: Body = {}
            for event in events:
                body.update({name: value for name, value in event.items() if value is not None})
            body[key] = "".join(pieces)
            return body
    return None

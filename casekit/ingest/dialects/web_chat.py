"""Conversations with a model in a browser, as a capture shows them: what the chat page asks and hears.

The pages have no published interface; what is read here is what captures of ChatGPT's page hold: the
older stream, whose events repeat the message as far as it has come, and the newer one of small changes
(`delta_encoding` `v1`: JSON Patch with `append`). Claude's page speaks as its API does.

Source: captures of chatgpt.com, 2023 to 2025; RFC 6902 for the form of a change.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.content import content_text
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.strict_json import encode

Event = dict[str, Any]

_OPERATIONS = frozenset({"add", "append", "replace", "patch", "remove", "truncate"})
_MOST_CHANGES = 10_000
_ENDED = frozenset({"finished_successfully", "finished_partial_completion"})


def is_web_question(untrusted_body: Any) -> bool:
    """Whether this is what a chat page sends when somebody asks."""
    if type(untrusted_body) is not dict:
        return False
    messages = untrusted_body.get("messages")
    if type(messages) is list and messages and "action" in untrusted_body:
        return all(_author(each) for each in messages)
    return type(untrusted_body.get("prompt")) is str and "parent_message_uuid" in untrusted_body


def read_web_question(body: dict[str, Any], draft: Draft) -> None:
    """Fill a draft from what a chat page sent; all but the question becomes `parameters`."""
    if type(body.get("prompt")) is str:
        draft.prompt = body["prompt"]
    else:
        draft.prompt = "\n\n".join(filter(None, (_text(each) for each in body["messages"])))
        draft.fields["messages"] = encode(body["messages"])
    for key, target in (
        ("model", "model_requested"), ("conversation_id", "conversation_id"),
        ("parent_message_id", "parent_request"), ("parent_message_uuid", "parent_request"),
    ):  # fmt: skip
        if type(body.get(key)) is str and body[key]:
            draft.fields.setdefault(target, body[key])
    rest = {key: value for key, value in body.items() if key not in ("messages", "prompt")}
    if rest:
        draft.fields["parameters"] = encode(rest)
    draft.missing += ("earlier-turns-elsewhere",) if draft.fields.get("conversation_id") else ()


def is_web_event(event: Event) -> bool:
    """Whether an event of a stream brings a chat page's message, or a change of it."""
    if _author(event.get("message")):
        return True
    if "v" not in event or "type" in event:
        return False
    value = event["v"]
    if event.get("o") in _OPERATIONS and type(event.get("p", "")) is str:
        return True
    return type(value) is dict and _author(value.get("message")) != ""


def join_web_chat(events: list[Event]) -> tuple[dict[str, Any], bool]:
    """The page's answer, in the form of a message: what the model said to all, its thoughts apart."""
    messages: dict[str, dict[str, Any]] = {}
    current: dict[str, Any] = {}
    operation, path = "append", "/message/content/parts/0"
    conversation, whole, changes = "", False, 0
    for event in events:
        if type(event.get("conversation_id")) is str:
            conversation = event["conversation_id"]
        if event.get("type") == "message_stream_complete":
            whole = True
        if _author(event.get("message")):
            current = {"message": event["message"]}
        elif "v" in event and "type" not in event and changes < _MOST_CHANGES * 10:
            changes += 1
            value = event["v"]
            if type(value) is dict and _author(value.get("message")):
                current = dict(value)
                operation, path = "append", "/message/content/parts/0"
                conversation = _str(value.get("conversation_id")) or conversation
            else:
                operation, path = _str(event.get("o")) or operation, _str(event.get("p", path))
                _change(current, operation, path, value)
        message = current.get("message")
        if type(message) is dict and _author(message):
            messages[_str(message.get("id")) or str(len(messages))] = message
    body = _body(list(messages.values()))
    if conversation:
        body["conversation_id"] = conversation
    return body, whole or any(each.get("status") in _ENDED for each in messages.values())


def _change(document: dict[str, Any], operation: str, path: str, value: Any) -> None:
    """Make one change, or the list of changes that a `patch` is; one that fits nowhere is left out."""
    if operation == "patch":
        for each in value[:_MOST_CHANGES] if type(value) is list else ():
            if type(each) is dict and _str(each.get("o")) != "patch":
                _change(
                    document, _str(each.get("o")) or "append", _str(each.get("p")), each.get("v")
                )
        return
    keys = [key for key in path.split("/") if key]
    if not keys:
        return
    target: Any = document
    for key in keys[:-1]:
        if type(target) is dict:
            target = target.setdefault(key, {})
        elif type(target) is list and key.isdecimal() and int(key) < len(target):
            target = target[int(key)]
        else:
            return
    _set(target, keys[-1], operation, value)


def _set(target: Any, key: str, operation: str, value: Any) -> None:
    at: Any = key
    if type(target) is list:
        if not key.isdecimal() or int(key) > len(target):
            return
        at = int(key)
        if at == len(target):
            target.append("")
    elif type(target) is not dict:
        return
    before = target[at] if type(target) is list else target.get(at)
    if operation == "append" and type(before) is type(value) and type(value) in (str, list):
        target[at] = before + value
    elif operation == "append" and type(before) is dict and type(value) is dict:
        target[at] = {**before, **value}
    elif operation in ("add", "append", "replace"):
        target[at] = value


def _body(messages: list[dict[str, Any]]) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    body: dict[str, Any] = {"type": "message", "role": "assistant", "stop_reason": None}
    for message in messages:
        if _author(message) != "assistant" or message.get("recipient", "all") != "all":
            continue
        content = message.get("content")
        kind = content.get("content_type") if type(content) is dict else ""
        thinking = kind in ("thoughts", "reasoning_recap") or message.get("channel") == "commentary"
        text = _text(message)
        if text:
            blocks.append(
                {"type": "thinking", "thinking": text}
                if thinking
                else {"type": "text", "text": text}
            )
        metadata = message.get("metadata")
        metadata = metadata if type(metadata) is dict else {}
        for key, value in (
            ("id", message.get("id")), ("model", metadata.get("resolved_model_slug")),
            ("model", metadata.get("model_slug")), ("created_at", message.get("create_time")),
        ):  # fmt: skip
            if value and not (key == "model" and body.get("model")):
                body[key] = value
        finish = metadata.get("finish_details")
        if type(finish) is dict and finish.get("type"):
            body["stop_reason"] = finish["type"]
    body["content"] = blocks
    return body


def _author(untrusted_message: Any) -> str:
    """The role of a message's author, or empty if this is no message of a chat page."""
    author = untrusted_message.get("author") if type(untrusted_message) is dict else None
    return _str(author.get("role")) if type(author) is dict else ""


def _text(message: dict[str, Any]) -> str:
    """What a message says: its parts, its code, or its thoughts."""
    content = message.get("content")
    if type(content) is not dict:
        return ""
    if type(content.get("parts")) is list:
        parts = content["parts"]
        return "\n".join(
            each if type(each) is str else content_text(each) for each in parts if each
        )
    if type(content.get("thoughts")) is list:
        found = [
            each.get("content") or each.get("summary")
            for each in content["thoughts"]
            if type(each) is dict
        ]
        return "\n\n".join(_str(each) for each in found if each)
    return _str(content.get("text")) or _str(content.get("content"))


def _str(value: Any) -> str:
    return value if type(value) is str else ""

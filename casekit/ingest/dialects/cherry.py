"""Chats of Cherry Studio as its backup holds them: what was said stands in blocks, apart from the messages.

Each block is an item with its own bytes; who said it, when, and what it answers stand in the message that it
belongs to, elsewhere in the backup.

Source: CherryHQ/cherry-studio `src/renderer/src/types/newMessage.ts`, `BackupService.ts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.content import call_text
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.growing import dicts
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Source, rest_of, text_at, whole_at
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_SPOKEN = frozenset({"main_text", "code"})
_KNOWN = "cherry messages"
_BLOCK = frozenset({"id", "messageId", "type", "status"})


def is_cherry_block(record: Mapping[str, Any]) -> bool:
    """Whether a parsed value is a block of a message."""
    return type(record) is dict and record.keys() >= _BLOCK and type(record["messageId"]) is str


def read_cherry(record: Record, draft: Draft) -> bool:
    """A block: a question, an answer with the thoughts before it, or what else a message holds."""
    if not is_cherry_block(record) or "topics" not in draft.around:
        return False
    message = _messages(draft).get(record["messageId"], {})
    kind, text = record["type"], text_at(record, "content")
    source = Source(record)
    draft.collection = "outputs"
    draft.put("request_id", str, source.take("messageId"))
    draft.put("conversation_id", str, message.get("topicId"))
    role = message.get("role")
    draft.when = read_time(
        message.get("createdAt") or record.get("createdAt"), "createdAt", draft.raw
    )
    memory = draft.memory
    own = record["messageId"]
    if kind in _SPOKEN and role == "user":
        source.take("content")
        draft.kind, draft.prompt, draft.title = "request", text, "(no text)"
        memory["cherry said", own] = text
    elif kind in _SPOKEN and role == "assistant":
        source.take("content")
        draft.output = text
        draft.reasoning = str(memory.get(("cherry thought", own), ""))
        draft.prompt = str(memory.get(("cherry said", message.get("askId")), ""))
        _put_call(message, draft)
    elif kind == "thinking":
        source.take("content")
        draft.kind, draft.reasoning, draft.title = "record", text, text or "(thinking)"
        memory["cherry thought", own] = text
    else:
        draft.kind, draft.title = "record", f"{kind} {text_at(record, 'toolName')}".strip()
        draft.body = text or _called(record)
    source.rest(draft)
    if told := rest_of(message, *_OF_MESSAGE):
        draft.put_extra("message", told)
    return True


_OF_MESSAGE = (
    "id",
    "role",
    "topicId",
    "createdAt",
    "blocks",
    "model",
    "modelId",
    "askId",
    "usage",
    "assistantId",
)


def _put_call(message: Record, draft: Draft) -> None:
    """Model, provider, counts and times of the answer that a message is."""
    draft.put("model", str, text_at(message, "model.id") or message.get("modelId"))
    draft.put("provider", str, text_at(message, "model.provider"))
    draft.put("parent_request", str, message.get("askId"))
    usage = message.get("usage")
    if type(usage) is dict and (rest := read_usage(usage, draft)):
        draft.put_extra("usage", rest)
    for field, path in (
        ("latency_ms", "time_completion_millsec"),
        ("ttft_ms", "time_first_token_millsec"),
    ):
        if (taken := whole_at(message, f"metrics.{path}")) is not None:
            draft.fields[field] = taken


def _called(record: Record) -> str:
    """What a call of a tool says; empty for other blocks, which show their own bytes."""
    if type(record.get("toolName")) is not str:
        return ""
    return call_text(
        {"name": record["toolName"], "arguments": encode(record.get("arguments") or {})}
    )


def _messages(draft: Draft) -> dict[str, Record]:
    """The backup's messages by their ids, gone through once for all its blocks."""
    known: dict[str, Record] | None = draft.memory.get(_KNOWN)
    if known is None:
        known = {}
        for topic in dicts(draft.around.get("topics")):
            for message in dicts(topic.get("messages")):
                if type(message.get("id")) is str:
                    known[message["id"]] = {"topicId": topic.get("id"), **message}
        draft.memory[_KNOWN] = known
    return known

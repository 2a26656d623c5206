"""Chats of Cursor in the database where it keeps its state: a conversation, and each of its messages, a row.

Cursor publishes no specification; what is read is what others found in versions from 2025.

Source: `docs/cursor/storage-reference.md` of michaeldhood/chatrxiv; `docs/vscdbRelation.md` of
pppp606/cursor-efficiency.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from casekit.ingest.dialects.content import call_text
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.growing import dicts
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.trees import Turn, grow_tree
from casekit.ingest.dialects.values import Source, look, opened, rest_of, text_at, whole_at

Record = dict[str, Any]

_TALK = "composerData:"
_MESSAGE = "bubbleId:"
_ASKS, _ANSWERS = 1, 2
_TOKENS = {"input_tokens": "tokenCount.inputTokens", "output_tokens": "tokenCount.outputTokens"}


# -- the order of a database's rows -------------------------------------------------------------------


def is_kept(columns: list[str]) -> bool:
    """Whether a table is one of keys and values, as Cursor's are."""
    return columns == ["key", "value"]


def reading_order(rows: Iterable[tuple[int, Record | None]]) -> tuple[list[int], list[int]]:
    """Numbers of the rows that are conversations or messages, and of the others.

    Rows stand in the table as they were last written. Conversations come first here, then the messages of each
    in the order in which it lists them: what was asked is read before what was answered.
    """
    talks: list[int] = []
    messages: list[tuple[str, str, int]] = []
    others: list[int] = []
    ranks: dict[str, dict[str, int]] = {}
    for number, row in rows:
        key = row["key"] if row is not None else ""
        kind = key if type(key) is str else ""
        if kind.startswith(_TALK):
            talks.append(number)
            listed = dicts(look(opened(row and row["value"]), "fullConversationHeadersOnly"))
            ranks[kind.removeprefix(_TALK)] = {
                text_at(each, "bubbleId"): rank for rank, each in enumerate(listed)
            }
        elif kind.startswith(_MESSAGE):
            messages.append((*_ids(kind), number))
        else:
            others.append(number)
    begun = {talk: rank for rank, talk in enumerate(ranks)}
    messages.sort(key=lambda each: (
        begun.get(each[0], len(begun)), each[0], ranks.get(each[0], {}).get(each[1], len(messages)), each[2],
    ))  # fmt: skip
    return [*talks, *(number for _, _, number in messages)], others


def _ids(key: str) -> tuple[str, str]:
    """The conversation and the message that a message's key names."""
    talk, _, own = key.removeprefix(_MESSAGE).partition(":")
    return talk, own


# -- its rows -----------------------------------------------------------------------------------------

_OF_TALK = {
    "time": ("createdAt",),
    "conversation_id": ("composerId",),
    "model_requested": ("modelConfig.modelName",),
}


def read_cursor(record: Record, draft: Draft) -> bool:
    """A row: a conversation, which in early versions holds its messages, or one message."""
    key = record.get("key")
    if len(record) != 2 or type(key) is not str or not key.startswith((_TALK, _MESSAGE)):
        return False
    value = opened(record.get("value"))
    if type(value) is not dict:
        return False
    if key.startswith(_TALK):
        return _read_talk(key.removeprefix(_TALK), value, draft)
    return _read_message(key, value, draft)


def _read_talk(own: str, value: Record, draft: Draft) -> bool:
    source = Source(rest_of(value, "conversation"))
    source.fill(draft, _OF_TALK)
    draft.fields.setdefault("conversation_id", own)
    model = draft.fields.get("model_requested", "default")
    draft.memory["cursor model", own] = "" if model == "default" else model
    turns = []
    for number, each in enumerate(dicts(value.get("conversation"))):
        fields, texts, rest = _told(each, str(draft.memory["cursor model", own]))
        before = str(number - 1) if number else ""
        role = "user" if each.get("type") == _ASKS else "assistant"
        when = read_time(each.get("createdAt"), "createdAt")
        turns.append(Turn(str(number), before, role, *texts, "", when, None, fields, rest))
    name = text_at(value, "name") or text_at(value, "subtitle")
    if turns:
        grow_tree(turns, draft, name)
    else:
        draft.kind, draft.collection, draft.title = "record", "outputs", name or "conversation"
    source.rest(draft)
    return True


def _read_message(key: str, value: Record, draft: Draft) -> bool:
    talk, own = _ids(key)
    asked = draft.memory.get(("cursor asked", talk), ("", ""))
    used = draft.memory.get(("cursor model", talk), "")
    fields, (text, thought), rest = _told(value, str(asked[1] or used))
    draft.fields |= fields | {"conversation_id": talk}
    draft.fields.setdefault("request_id", own)
    draft.when = read_time(value.get("createdAt"), "createdAt")
    draft.collection, draft.extra = "outputs", rest
    if value.get("type") == _ASKS:
        draft.kind, draft.prompt, draft.title = "request", text, "(no text)"
        draft.memory["cursor asked", talk] = (text, text_at(value, "modelInfo.modelName"))
    elif text:
        draft.prompt, draft.output, draft.reasoning = str(asked[0]), text, thought
    else:
        draft.kind, draft.reasoning, draft.title = "record", thought, thought or "(no text)"
    return True


def _told(message: Record, model: str) -> tuple[Record, tuple[str, str], Record]:
    """Fields of a message, its text with a call of a tool and its thoughts, and what has no place."""
    call = message.get("toolFormerData")
    called = ""
    if type(call) is dict and text_at(call, "name"):
        called = call_text(
            {"name": call["name"], "arguments": call.get("rawArgs") or call.get("params")}
        )
    text = "\n\n".join(filter(None, (text_at(message, "text"), called)))
    fields: Record = {}
    if own := text_at(message, "bubbleId"):
        fields["request_id"] = own
    if message.get("type") == _ANSWERS:
        named = text_at(message, "modelInfo.modelName") or model
        fields |= {"model": named} if named and named != "default" else {}
        counts = {field: whole_at(message, path) for field, path in _TOKENS.items()}
        if any(counts.values()):  # later versions write zeros
            fields |= {field: count for field, count in counts.items() if count is not None}
    rest = rest_of(message, "bubbleId", "text", "thinking", "createdAt")
    return fields, (text, text_at(message, "thinking.text") or text_at(message, "thinking")), rest

"""Conversations that branch: every way from the first question to an answer is an exchange of its own.

Source: LAION-AI/Open-Assistant `docs/docs/data/schemas.mdx`; dataset card of OpenAssistant/oasst1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from casekit.ingest import places
from casekit.ingest.dialects.content import labelled
from casekit.ingest.dialects.draft import Draft, Rule
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_ROLES = {"prompter": "user", "assistant": "assistant"}
_RULES: dict[str, Rule | None] = {
    "message_id": ("request_id", str),
    "parent_id": ("parent_request", str),
    "message_tree_id": ("conversation_id", str),
    "model_name": ("model", str),
    "user_id": ("account", str),
    "created_date": None,
}
_MOST_HELD = 100_000
"""Messages of one tree that are held to put answers behind their questions."""


class _Turn(NamedTuple):
    message: Record
    span: places.Span | None
    number: int
    above: tuple[Any, ...]
    """The turn before this one, as (role, text, above), or nothing."""


def _is_message(value: Any) -> bool:
    return (
        type(value) is dict
        and type(value.get("text")) is str
        and value.get("role") in ("prompter", "assistant")
        and type(value.get("message_id")) is str
    )


def read_tree(record: Record, draft: Draft) -> bool:
    """A tree of messages: the first answer is the exchange, every other answer hangs below it.

    A tree comes bare, or as `prompt` of a record with `message_tree_id`.
    """
    wrapped = _is_message(record.get("prompt")) and "message_tree_id" in record
    root = record["prompt"] if wrapped else record
    if not wrapped and not (_is_message(record) and type(record.get("replies")) is list):
        return False
    span = places.find(draft.raw, ("prompt",) if wrapped else ())
    tree = record.get("message_tree_id", root["message_id"])
    turns = _turns(draft.raw, _Turn(root, span, 0, ()))
    answers = [turn for turn in turns if turn.message["role"] == "assistant"]
    around = {k: v for k, v in record.items() if k != "prompt"} if wrapped else {}
    if not answers:
        draft.kind, draft.prompt = "message", root["text"]
        _take(root, around, draft)
        _tell_message(root["text"], draft)
        return True
    for count, turn in enumerate(answers):
        part = draft if not count else draft.part(span=turn.span)
        _fill(turn.message, _path(turn.above), part)
        part.fields["sample"] = turn.number
        _take(turn.message, {} if count else around, part)
        part.fields.setdefault("conversation_id", str(tree))
        part.collection = "outputs"
        if count:
            draft.hang(part)
    return True


def _turns(raw: bytes, turn: _Turn) -> Iterator[_Turn]:
    """A message and all below it, in the order they stand in."""
    yield turn
    replies = turn.message.get("replies")
    if type(replies) is not list:
        return
    above = (turn.message["role"], turn.message["text"], turn.above)
    spans = {}
    if turn.span:
        start = places.find(raw, ("replies",), turn.span[0])
        spans = dict(places.elements(raw, start[0])) if start else {}
    for number, reply in enumerate(replies):
        if _is_message(reply):
            yield from _turns(raw, _Turn(reply, spans.get(number), number, above))


def _path(above: tuple[Any, ...]) -> list[tuple[str, str]]:
    turns = []
    while above:
        turns.append((_ROLES[above[0]], above[1]))
        above = above[2]
    return turns[::-1]


def _fill(message: Record, before: list[tuple[str, str]], draft: Draft) -> None:
    """An answer and the turns before it."""
    draft.output, draft.prompt = message["text"], labelled(before)
    if len(before) > 1:
        draft.fields["messages"] = encode([{"role": r, "content": text} for r, text in before])


def _take(message: Record, around: Record, draft: Draft) -> None:
    """What the message says of itself, without its text and the messages below it."""
    lang = message.get("lang")
    if type(lang) is str:
        draft.language = lang
    if message.get("deleted") is True:
        draft.missing += ("redacted",)
    used = ("text", "replies", "role", "lang")
    draft.take({k: v for k, v in {**around, **message}.items() if k not in used}, _RULES)


def _tell_message(text: str, draft: Draft) -> None:
    """A question by itself is a message: its words are its body, and all that it says of itself its facts."""
    draft.texts = (("body", text),)
    draft.facts = {**draft.fields, **draft.extra}


def read_message(record: Record, draft: Draft) -> bool:
    """A tree's message by itself, as a row: an answer takes its question from the rows before.

    The rows of a tree follow each other, and every question stands before its answers.
    """
    if not _is_message(record) or type(record.get("parent_id", 0)) not in (str, type(None)):
        return False
    tree, held = record.get("message_tree_id"), draft.memory
    if held.get("tree") != tree or len(held) > _MOST_HELD:
        held.clear()
        held["tree"] = tree
    above = held.get(("message", record["parent_id"]), ())
    held["message", record["message_id"]] = (record["role"], record["text"], above)
    before = _path(above)
    if record["parent_id"] is not None and not before:
        draft.missing += ("earlier-turns-elsewhere",)
    if record["role"] == "assistant":
        _fill(record, before, draft)
    else:
        draft.kind = "message"
        draft.prompt = labelled([*before, ("user", record["text"])])
    draft.collection = "outputs"
    _take(record, {}, draft)
    if draft.kind == "message":
        _tell_message(record["text"], draft)
    return True

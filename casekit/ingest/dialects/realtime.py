"""Events of OpenAI's Realtime API, written down one a line: what was said, and what each answer took.

The last event of an answer holds all of it, and its usage; what came in pieces before says the same.

Source: openai-openapi `RealtimeServerEvent`, `RealtimeClientEvent`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.bodies import ANSWERING, read_response
from casekit.ingest.dialects.calls import settle
from casekit.ingest.dialects.content import content_text, labelled
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import Source, look

Record = dict[str, Any]

_BEGINNINGS = (
    "session.", "transcription_session.", "conversation.", "input_audio_buffer.", "output_audio_buffer.",
    "response.", "rate_limits.", "mcp_list_tools.",
)  # fmt: skip
_ITEMS = frozenset(f"conversation.item.{each}" for each in ("create", "created", "added", "done"))
_HEARD = "conversation.item.input_audio_transcription.completed"
_TIMES = ("timestamp", "time", "ts", "created_at")
_KNOWN = "realtime"
_SESSION = "realtime session"
_ASKED = "realtime asked"
_ANSWERED = "realtime answered"
_BEFORE = "realtime before"
_MOST = 10_000
"""Items that are said and not answered yet, and such as are answered, of which so many are remembered."""


def read_realtime(record: Record, draft: Draft) -> bool:
    """An event; an answer's last one is the exchange, with what was said since the answer before it.

    What a client sends may have no id of its own: it is known by the events before it.
    """
    kind = record.get("type")
    if type(kind) is not str or not (kind.startswith(_BEGINNINGS) or kind == "error"):
        return False
    named = type(record.get("event_id")) is str
    if not named and _KNOWN not in draft.memory:
        return False
    if kind == "error" and type(record.get("error")) is not dict:
        return False
    draft.memory[_KNOWN] = True
    source = Source(record)
    source.fill(draft, {"time": _TIMES, "request_id": ("event_id",)})
    draft.collection = "api-log"
    draft.fields.update(provider="openai", operation=kind)
    session = record.get("session")
    if type(session) is dict:
        draft.memory[_SESSION] = {
            key: session[key]
            for key in ("id", "model", "instructions")
            if type(session.get(key)) is str
        }
    _remember(kind, record, draft)
    if kind == "response.done" and type(record.get("response")) is dict:
        source.take("type")
        _answer(source, draft)
    else:
        draft.kind, draft.body = "record", None if _is_piece(kind) else ""
        draft.title = kind
    source.rest(draft)
    return True


def _is_piece(kind: str) -> bool:
    """Whether an event holds a piece of what a later one says whole, or sound: nothing to search in."""
    return kind.endswith(".delta") or kind == "input_audio_buffer.append"


def _remember(kind: str, record: Record, draft: Draft) -> None:
    """Keep what a person or a tool said until it is answered; a transcript may come when it is already."""
    if kind == _HEARD:
        key, told = record.get("item_id"), ("user", content_text(record.get("transcript")))
    elif kind in _ITEMS:
        item = record.get("item")
        key, told = look(item, "id"), _said(item)
    else:
        return
    asked: dict[str, tuple[str, str]] = draft.memory.setdefault(_ASKED, {})
    known = key in draft.memory.get(_ANSWERED, ())
    if type(key) is str and told[1] and not known and len(asked) < _MOST:
        asked[key] = told


def _said(item: Any) -> tuple[str, str]:
    """Who said an item that is no answer of the model, and what; no text for any other."""
    role, kind = look(item, "role"), look(item, "type")
    if kind == "function_call_output":
        return kind, content_text(item.get("output"))
    if type(role) is not str or role in ANSWERING:
        return "", ""
    return role, content_text(item.get("content"))


def _before(response: Any, draft: Draft) -> tuple[tuple[str, str], ...]:
    """What was said between the answer before and this one."""
    found: tuple[Any, tuple[tuple[str, str], ...]] | None = draft.memory.get(_BEFORE)
    if found is None or found[0] != response:
        asked = draft.memory.pop(_ASKED, {})
        answered = draft.memory.setdefault(_ANSWERED, set())
        if len(answered) < _MOST:
            answered.update(asked)
        found = draft.memory[_BEFORE] = (response, tuple(asked.values()))
    return found[1]


def _answer(source: Source, draft: Draft) -> None:
    response = dict(source.take("response"))
    session = draft.memory.get(_SESSION, {})
    event = draft.fields.pop("request_id", None)
    if event:
        draft.put_extra("event_id", event)
    draft.put("conversation_id", str, response.pop("conversation_id", None) or session.get("id"))
    draft.put("model", str, session.get("model"))
    draft.system = str(response.get("instructions") or session.get("instructions") or "")
    draft.prompt = labelled(list(_before(response.get("id"), draft)))
    reason = look(response, "status_details.reason")
    if reason:
        response["incomplete_details"] = {"reason": reason}
    read_response(response, draft)
    draft.fields["operation"] = "realtime"
    settle(draft, f"response {draft.fields.get('finish_reason', '')}")

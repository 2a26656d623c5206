"""Conversations with coding agents that are kept as one document: Gemini CLI, and chats of VS Code.

Source: google-gemini/gemini-cli `chatRecordingService.ts`; microsoft/vscode `IExportableChatData`,
`ISerializableChatData`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest import places
from casekit.ingest.dialects.content import call_text, content_text
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.trees import Turn, grow_tree
from casekit.ingest.dialects.values import NOTHING, Source, look, rest_of, text_at, whole_at

Record = dict[str, Any]
Span = tuple[int, int]


def _put_numbers(told: Record, message: Record, found: dict[str, str]) -> None:
    """Whole numbers at paths of a message, as fields of its exchange; a fraction of one is cut."""
    for field, path in found.items():
        if (number := whole_at(message, path)) is not None:
            told[field] = number


# -- Gemini CLI -----------------------------------------------------------------------------------

_GEMINI = {"time": ("startTime",), "conversation_id": ("sessionId",), "project": ("projectHash",)}
_SPEAKERS = {"user": "user", "gemini": "assistant"}
_TOKENS = {
    "input_tokens": "tokens.input",
    "output_tokens": "tokens.output",
    "reasoning_tokens": "tokens.thoughts",
    "cache_read_tokens": "tokens.cached",
}


def read_gemini_cli(record: Record, draft: Draft) -> bool:
    """A conversation; what the program told its user between the turns was never put to the model."""
    messages = record.get("messages")
    if type(messages) is not list or not record.keys() >= {"sessionId", "projectHash"}:
        return False
    source = Source(rest_of(record, "messages"))
    source.fill(draft, _GEMINI)
    draft.fields["provider"] = "google"
    spans = places.element_spans(draft.raw, ("messages",))
    turns: list[Turn] = []
    notices = []
    for number, message in enumerate(messages):
        role = _SPEAKERS.get(text_at(message, "type"), "")
        if role:
            before = turns[-1].id if turns else ""
            turns.append(_gemini_turn(str(number), before, role, message, spans.get(number)))
        else:
            notices.append(message)
    if notices:
        draft.put_extra("notices", notices)
    grow_tree(turns, draft, text_at(record, "summary"))
    source.rest(draft)
    return True


def _gemini_turn(own: str, before: str, role: str, message: Record, span: Span | None) -> Turn:
    told: Record = {"request_id": text_at(message, "id") or own}
    if role == "assistant":
        _put_numbers(told, message, _TOKENS)
        if model := text_at(message, "model"):
            told["model"] = model
    thoughts = message.get("thoughts")
    thought = [
        "\n".join(filter(None, (text_at(each, "subject"), text_at(each, "description"))))
        for each in (thoughts if type(thoughts) is list else ())
    ]
    calls = message.get("toolCalls")
    called = [
        call_text({"name": each.get("name"), "arguments": each.get("args")})
        for each in (calls if type(calls) is list else ())
        if type(each) is dict
    ]
    said = content_text(message.get("content"))
    return Turn(
        own, before, role, "\n\n".join(filter(None, (said, *called))), "\n\n".join(filter(None, thought)), "",
        read_time(message.get("timestamp"), "timestamp"), span, told,
        rest_of(message, "id", "timestamp", "type", "content", "thoughts", "model"),
    )  # fmt: skip


# -- VS Code --------------------------------------------------------------------------------------

_VSCODE = {
    "time": ("creationDate",),
    "conversation_id": ("sessionId",),
    "account": ("requesterUsername",),
}
_TIMINGS = {"latency_ms": "result.timings.totalElapsed", "ttft_ms": "result.timings.firstProgress"}


def read_vscode(record: Record, draft: Draft) -> bool:
    """A chat with GitHub Copilot or another agent in VS Code; question and answer are one record in it."""
    requests = record.get("requests")
    if type(requests) is not list or "responderUsername" not in record:
        return False
    source = Source(rest_of(record, "requests"))
    source.fill(draft, _VSCODE)
    spans = places.element_spans(draft.raw, ("requests",))
    turns: list[Turn] = []
    for number, request in enumerate(requests):
        if type(request) is dict:
            before = turns[-1].id if turns else ""
            turns += _vscode_turns(number, before, request, spans.get(number))
    grow_tree(turns, draft, text_at(record, "customTitle"))
    source.rest(draft)
    return True


def _vscode_turns(number: int, before: str, request: Record, span: Span | None) -> list[Turn]:
    when = read_time(request.get("timestamp"), "timestamp")
    own = text_at(request, "requestId") or str(number)
    model = text_at(request, "modelId")
    asked = request.get("message")
    text = asked if type(asked) is str else text_at(asked, "text")
    said, thought, other = _parts(request.get("response"))
    extra = rest_of(
        request, "requestId", "responseId", "message", "response", "timestamp", "modelId"
    )
    if other:
        extra["response"] = other
    told: Record = {"request_id": text_at(request, "responseId") or own}
    _put_numbers(told, request, _TIMINGS)
    if error := text_at(request, "result.errorDetails.message"):
        told["error"] = error
    question: Record = {"request_id": own}
    if model:
        told["model"] = question["model_requested"] = model
    answered = said or thought or other
    asks = Turn(
        f"{number} asks",
        before,
        "user",
        text,
        "",
        "",
        when,
        span,
        question,
        {} if answered else extra,
    )
    if not answered:
        return [asks]
    answers = Turn(
        f"{number} answers", asks.id, "assistant", said, thought, "", when, span, told, extra
    )
    return [asks, answers]


def _parts(response: Any) -> tuple[str, str, list[Any]]:
    """Of an answer what is said, what was thought, and its other parts, such as edits and calls of tools."""
    said, thought, other = [], [], []
    for part in response if type(response) is list else ():
        kind = look(part, "kind")
        value = look(part, "content") if kind == "markdownContent" else look(part, "value")
        value = look(value, "value") if type(value) is dict else value
        if type(value) is str and kind in (None, "markdownContent"):
            said.append(value)
        elif type(value) is str and kind == "thinking":
            thought.append(value)
        elif part not in NOTHING:
            other.append(part)
    return "".join(said), "\n\n".join(filter(None, thought)), other

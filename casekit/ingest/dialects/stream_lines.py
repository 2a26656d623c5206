"""Events of a streamed answer that name no answer, one a record: which go together is told by their order.

Source: anthropic-sdk-python `RawMessageStreamEvent`; openai-openapi `ResponseStreamEvent`; ollama/ollama
`docs/api.md`; Gemini `streamGenerateContent`; AWS `ConverseStream`; Cohere API v2.
"""

from __future__ import annotations

from typing import Any, Literal

from casekit.ingest.dialects import streams
from casekit.ingest.dialects.bodies import read_response
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.growing import as_dict, dicts
from casekit.ingest.dialects.sse import Stream, read_stream, tell_stream
from casekit.ingest.dialects.translate import (
    is_ollama,
    is_whole_of_ollama,
    response_in_common_terms,
)
from casekit.ingest.dialects.values import look, text_at

Record = dict[str, Any]
Place = Literal["", "first", "more", "last"]
"""Where in its answer an event stands; empty for what is none."""

_EVENTS = "events of one answer"
"""The key under which `merge_events` puts them."""
_BEGUN = "stream lines"
_FIRSTS = frozenset({"message_start", "message-start", "response.created"})
_LASTS = frozenset({
    "message_stop", "message-end", "response.completed", "response.incomplete", "response.failed",
})  # fmt: skip
_SAYING_LITTLE = frozenset({"ping", "error"})
"""Types of events that other records have too: they are events where some came before them."""
_ENVELOPE = frozenset({"event", "data", "id", "retry"})
_NAMES_ITSELF = ("id", "responseId", "event_id")


def place_of(record: Record) -> Place:
    """Where an event stands in its answer.

    Args:
        record: The event, or an object that has it under `data`, as its stream named it.
    """
    event = _event(record)
    kind = event.get("type")
    if type(kind) is str:
        if kind in _SAYING_LITTLE or _is_typed(kind, event):
            return "first" if kind in _FIRSTS else "last" if kind in _LASTS else "more"
        return ""
    if is_ollama(event):
        if event["done"]:
            return "" if is_whole_of_ollama(event) else "last"
        return "more"
    if event.keys() & streams.CONVERSE_EVENTS and len(event) == 1:
        return "first" if "messageStart" in event else "more"
    if event.keys() <= {"metadata"} and type(event.get("metadata")) is dict:
        return "last" if {"usage", "metrics"} <= event["metadata"].keys() else ""
    pieces = dicts(event.get("candidates"))
    if pieces and not any(type(event.get(key)) is str for key in _NAMES_ITSELF):
        return "last" if all(each.get("finishReason") for each in pieces) else "more"
    return ""


def _event(record: Record) -> Record:
    if "data" in record and record.keys() <= _ENVELOPE:
        return as_dict(record["data"])
    return record


def _is_typed(kind: str, event: Record) -> bool:
    if kind.startswith("response."):
        named = "response" not in event or type(look(event, "response.id")) is str
        return named and "sequence_number" in event and "event_id" not in event
    return kind in streams.MESSAGE_EVENTS or kind in streams.COHERE_EVENTS


def run_of(record: Record) -> tuple[str, Place]:
    """The model of an event, where it says it, and its place: answers of several models may come at once."""
    event = _event(record)
    return text_at(event, "model") or text_at(event, "modelVersion"), place_of(record)


def merge_events(records: list[Record]) -> Record:
    """The events as the one record that `read_stream_lines` reads them from."""
    return {_EVENTS: records}


def read_stream_lines(record: Record, draft: Draft) -> bool:
    """An event, or all those of one answer; its question is not among them."""
    joined = record.get(_EVENTS)
    events = dicts(joined) if type(joined) is list and len(record) == 1 else [record]
    if not events or not all(map(place_of, events)):
        return False
    kinds = {_event(each).get("type") for each in events}
    if kinds <= _SAYING_LITTLE and _BEGUN not in draft.memory:
        return False
    stream = read_stream(events) or Stream({}, len(events), False, 0)
    if kinds <= _SAYING_LITTLE:
        draft.extra = dict(record)
    elif stream.body:
        draft.memory[_BEGUN] = True
        if is_ollama(stream.body):
            draft.fields["provider"] = "ollama"
            if type(took := stream.body.get("total_duration")) is int:
                draft.put("latency_ms", int, took // 1_000_000)
        read_response(response_in_common_terms(stream.body) or stream.body, draft)
    if len(events) > 1 or _event(events[0]).get("type") or not stream.whole:
        tell_stream(stream, draft)
    return True

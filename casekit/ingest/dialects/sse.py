"""An answer that came as a stream of events, put together again: hides the ways APIs cut one up.

Known are the streams of OpenAI's chat, completions and responses, of Anthropic's messages (also as the
array of events that Amazon Bedrock logs), of Bedrock's Converse, of Gemini, Cohere and Ollama, and of
ChatGPT's page. What comes out has the form of the same API's answer without a stream, so that one reader
reads both.

Source: WHATWG HTML, 9.2 (server-sent events); openai/openai-openapi 2.3.0; anthropic-sdk-python
`types/raw_message_stream_event.py`; AWS `ConverseStream`; Gemini `streamGenerateContent`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from casekit.ingest.dialects import streams, web_chat
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.response_events import join_response
from casekit.ingest.dialects.translate import is_ollama
from casekit.ingest.parsed import Problem
from casekit.ingest.strict_json import BadJson, parse

Event = dict[str, Any]

_FIELD = re.compile(r"\ufeff?[\r\n]*(?:data|event|id|retry|):")
_LINE = re.compile(r"\r\n|\n|\r")
_DONE = "[DONE]"


class Stream(NamedTuple):
    """A stream put together.

    Attributes:
        body: The answer, in the form that the API gives without a stream.
        events: How many events there were.
        whole: Whether the stream says itself that it has ended.
        damaged: How many events could not be read.
    """

    body: dict[str, Any]
    events: int
    whole: bool
    damaged: int


def read_stream(untrusted_value: Any) -> Stream | None:
    """The answer that a stream of events gives, or None if this is none of a model API.

    Args:
        untrusted_value: The text of an event stream, or its events in a list, each parsed or a text.
    """
    done, damaged = False, 0
    events: list[Event] = []
    if type(untrusted_value) is str:
        if not _FIELD.match(untrusted_value):
            return None
        pieces: list[Any] = event_data(untrusted_value)
    elif type(untrusted_value) is list:
        pieces = untrusted_value
        if not pieces or not all(type(each) in (dict, str) for each in pieces):
            return None
    else:
        return None
    for piece in pieces:
        event = _event(piece)
        if event is not None:
            events += [event] if event else []
        elif piece == _DONE:
            done = True
        else:
            damaged += 1
    join = next((found for each in events if (found := _joiner(each)) is not None), None)
    if join is None:
        return None
    body, whole = join(events)
    errors = [each["error"] for each in events if each.get("error")]
    if errors:
        body.setdefault("error", errors[0])
    return Stream(body, len(events), whole or done, damaged)


def assembled(untrusted_value: Any) -> dict[str, Any] | None:
    """The body of an answer that is written down as events, or None if these are no stream's."""
    stream = read_stream(untrusted_value)
    return None if stream is None else stream.body


def tell_stream(stream: Stream, draft: Draft) -> None:
    """Say in a draft that its answer came as a stream, and whether it came to its end."""
    draft.fields["stream"] = 1
    if not stream.whole:
        draft.missing += ("truncated",)
        said = "The stream of the answer breaks off; what came is put together."
        draft.problems += (Problem("parse", "stream-cut", said),)
    if stream.damaged:
        said = f"{stream.damaged} events of the answer's stream could not be read."
        draft.problems += (Problem("parse", "bad-event", said),)


def event_data(untrusted_text: str) -> list[str]:
    """The data of each event of a stream (WHATWG HTML, 9.2.6); one without a last blank line counts."""
    found: list[str] = []
    data: list[str] = []
    for line in _LINE.split(untrusted_text.removeprefix("\ufeff")):
        if not line:
            if data:
                found.append("\n".join(data))
                data = []
            continue
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value.removeprefix(" "))
    if data:
        found.append("\n".join(data))
    return found


def _event(piece: Any) -> Event | None:
    """An event's data as an object, out of the wrapping that some logs put around it.

    Empty for other JSON, such as the name of an encoding; None for what cannot be read.
    """
    if type(piece) is str:
        try:
            piece, _ = parse(piece.encode())
        except (BadJson, UnicodeEncodeError):
            return None
        if type(piece) is not dict:
            return {}
    if type(piece) is not dict:
        return None
    if "data" in piece and piece.keys() <= {"event", "data", "id", "retry"}:
        inner = piece["data"]
        return _event(inner) if type(inner) in (dict, str) else None
    return piece


Joiner = Callable[[list[Event]], tuple[dict[str, Any], bool]]


def _joiner_named(event: Event) -> Joiner | None:
    """The same, by the type that the event gives itself."""
    kind = event.get("type")
    if type(kind) is str:
        if kind in streams.MESSAGE_EVENTS:
            return streams.join_message
        if kind == "completion" and "completion" in event:
            return streams.join_completion
        if kind.startswith("response.") or (kind == "error" and "sequence_number" in event):
            return join_response
        if kind in streams.COHERE_EVENTS:
            return streams.join_cohere
    kind = event.get("event_type")
    if type(kind) is str:
        if kind.startswith(("interaction.", "step.")) or (
            kind == "content.start" and "index" in event
        ):
            return streams.join_interaction
        if kind == "stream-start" or (kind == "text-generation" and "is_finished" in event):
            return streams.join_cohere_first
    return None


def _joiner(event: Event) -> Joiner | None:
    """Who puts together the stream that this event belongs to."""
    named = _joiner_named(event)
    if named is not None:
        return named
    if web_chat.is_web_event(event):
        return web_chat.join_web_chat
    choices = event.get("choices")
    if type(choices) is list:
        cut = all(type(each) is dict and ("delta" in each or "text" in each) for each in choices)
        return streams.join_chat if cut and choices else None
    if event.keys() & streams.CONVERSE_EVENTS:
        return streams.join_converse
    if type(event.get("candidates")) is list:
        return streams.join_candidates
    if is_ollama(event):
        return streams.join_ollama
    if any(type(event.get(key)) is str for key in streams.PIECES):
        return streams.join_pieces
    return None

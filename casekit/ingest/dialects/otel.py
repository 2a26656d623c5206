"""Spans and events of OpenTelemetry in OTLP JSON: the GenAI conventions on both sides of version 1.37, and kin.

Source: OTLP 1.x JSON encoding; semantic-conventions `gen-ai` 1.27 to 1.38; OpenLLMetry; OpenInference.
"""

from __future__ import annotations

import re
from typing import Any

from casekit.ingest.dialects.bodies import ANSWERING, is_conversation, put_others, read_request
from casekit.ingest.dialects.calls import (
    milliseconds_between,
    read_answered,
    read_asked,
    settle,
)
from casekit.ingest.dialects.content import aloud, message_text
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Source, opened, text_at
from casekit.ingest.parsed import Problem
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_PLACES = {
    "model": ("gen_ai.response.model", "llm.response.model", "llm.model_name", "ai.response.model"),
    "model_requested": ("gen_ai.request.model", "llm.request.model", "ai.model.id"),
    "provider": ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "llm.vendor",
                 "ai.model.provider"),
    "operation": ("gen_ai.operation.name", "llm.request.type", "openinference.span.kind",
                  "ai.operationId"),
    "request_id": ("gen_ai.response.id", "ai.response.id"),
    "conversation_id": ("gen_ai.conversation.id", "session.id", "langfuse.session.id",
                        "traceloop.association.properties.session_id"),
    "cost": ("llm.cost.total", "gen_ai.usage.cost"),
    "account": ("user.id", "enduser.id", "langfuse.user.id", "traceloop.association.properties.user_id",
                "ai.telemetry.metadata.userId"),
    "end_user": ("enduser.pseudo.id", "gen_ai.request.user", "gen_ai.openai.request.user"),
    "temperature": ("gen_ai.request.temperature", "llm.temperature", "ai.settings.temperature"),
    "top_p": ("gen_ai.request.top_p", "llm.top_p"),
    "top_k": ("gen_ai.request.top_k", "llm.top_k"),
    "seed": ("gen_ai.request.seed", "gen_ai.openai.request.seed"),
    "max_tokens": ("gen_ai.request.max_tokens", "llm.request.max_tokens", "ai.settings.maxOutputTokens",
                   "ai.settings.maxTokens"),
    "answers": ("gen_ai.request.choice.count",),
    "stream": ("llm.is_streaming", "gen_ai.request.stream"),
    "input_tokens": ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt",
                     "llm.usage.prompt_tokens", "ai.usage.inputTokens", "ai.usage.promptTokens"),
    "output_tokens": ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
                      "llm.token_count.completion", "llm.usage.completion_tokens",
                      "ai.usage.outputTokens", "ai.usage.completionTokens"),
    "reasoning_tokens": ("gen_ai.usage.reasoning_tokens", "gen_ai.usage.reasoning.output_tokens",
                         "llm.token_count.completion_details.reasoning", "ai.usage.reasoningTokens"),
    "cache_read_tokens": ("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
                          "llm.token_count.prompt_details.cache_read", "ai.usage.cachedInputTokens"),
    "cache_write_tokens": ("gen_ai.usage.cache_creation.input_tokens",
                           "gen_ai.usage.cache_creation_input_tokens",
                           "llm.token_count.prompt_details.cache_write"),
    "ttft_ms": ("ai.response.msToFirstChunk",),
    "finish_reason": ("ai.response.finishReason",),
    "endpoint": ("url.full", "http.url", "url.path", "http.target", "server.address"),
    "status": ("http.response.status_code", "http.status_code"),
    "ip": ("client.address", "http.client_ip", "net.sock.peer.addr"),
    "user_agent": ("user_agent.original", "http.user_agent"),
    "error": ("error.type",),
}  # fmt: skip
_CALLS = frozenset(
    ("chat", "text_completion", "generate_content", "completion", "LLM", "responses", "message",
     "embeddings")
)  # fmt: skip
_CALLS_OF_AI_SDK = (".doGenerate", ".doStream", ".doEmbed")
"""Ends of the operations below which the AI SDK calls a model; the span around them says the same once more."""
_STARTS = ("startTimeUnixNano", "start_time", "startTime", "timestamp", "timeUnixNano",
           "observedTimeUnixNano")  # fmt: skip
_LOGGED = ("timeUnixNano", "observedTimeUnixNano")
_NUMBERED = re.compile(
    r"(?:gen_ai\.(prompt|completion)|llm\.(input_messages|output_messages))\.(\d{1,6})\.(?:message\.)?(.+)"
)


def _value(value: Any) -> Any:
    """What an OTLP `AnyValue` holds."""
    if type(value) is not dict or len(value) != 1:
        return value
    ((kind, held),) = value.items()
    if kind == "arrayValue":
        inner = held.get("values") if type(held) is dict else None
        return list(map(_value, inner)) if type(inner) is list else []
    if kind == "kvlistValue":
        return attributes(held.get("values") if type(held) is dict else None)
    if (
        kind == "intValue"
        and type(held) is str
        and held.removeprefix("-").isdecimal()
        and len(held) < 20
    ):
        return int(held)
    return (
        held
        if kind in ("stringValue", "intValue", "doubleValue", "boolValue", "bytesValue")
        else value
    )


def attributes(untrusted_list: Any) -> Record:
    """A list of OTLP `KeyValue`s as an object."""
    if type(untrusted_list) is dict:
        return untrusted_list
    if type(untrusted_list) is not list:
        return {}
    return {
        each["key"]: _value(each.get("value"))
        for each in untrusted_list
        if type(each) is dict and type(each.get("key")) is str
    }


def read_span(record: Record, draft: Draft) -> bool:
    """A span; one that is no call of a model is a step of the program and kept as a `record`."""
    if type(record.get("traceId")) is not str or type(record.get("spanId")) is not str:
        return False
    if "startTimeUnixNano" not in record:
        return False
    read_steps(record, draft)
    return True


def read_steps(record: Record, draft: Draft) -> None:
    """Fill a draft from a span in the terms of OTLP, its attributes as a list or an object."""
    told = Source(attributes(record.get("attributes")))
    listed = record.get("events")
    events = [each for each in listed if type(each) is dict] if type(listed) is list else []
    _begin(record, draft, told)
    _numbered(told, draft)
    _named(told, draft)
    asked = draft.prompt
    for event in events:
        at = {key: event[key] for key in ("timeUnixNano", "timestamp") if key in event}
        _event(text_at(event, "name"), attributes(event.get("attributes")), draft, at)
    if asked and asked not in draft.prompt:
        draft.body = asked
        said = "The span's attributes and its events tell the question differently; both are shown."
        draft.problems += (Problem("parse", "told-twice", said),)
    _settle_span(draft, record, told)


def _begin(record: Record, draft: Draft, told: Source) -> None:
    source = Source(record)
    source.fill(
        draft, {"time": _STARTS, "trace_id": ("traceId",), "parent_request": ("parentSpanId",)}
    )
    reasons = told.take("gen_ai.response.finish_reasons")
    if type(reasons) is list and reasons:
        draft.fields["finish_reason"] = ", ".join(map(str, reasons))
    told.fill(draft, _PLACES)
    if type(record.get("spanId")) is str:
        draft.fields.setdefault("request_id", record["spanId"])
    start, end = record.get("startTimeUnixNano"), record.get("endTimeUnixNano")
    if str(start).isdecimal() and str(end).isdecimal() and int(str(end)) >= int(str(start)):
        draft.put("latency_ms", int, (int(str(end)) - int(str(start))) // 1_000_000)
    elif (
        took := milliseconds_between(record.get("start_time"), record.get("end_time"))
    ) is not None:
        draft.put("latency_ms", int, took)
    elif type(source.left.get("duration_us")) is int:
        draft.put("latency_ms", int, source.take("duration_us") // 1000)
    for key, value in source.left.items():
        if key not in ("attributes", "events", "body"):
            draft.put_extra(key, value)
    resource = draft.around.get("resource")
    if type(resource) is dict:
        draft.put_extra("resource", attributes(resource.get("attributes")))
    if draft.around.get("scope"):
        draft.put_extra("scope", draft.around["scope"])


def _settle_span(draft: Draft, record: Record, told: Source) -> None:
    operation = draft.fields.get("operation", "")
    call = operation in _CALLS or operation.endswith(_CALLS_OF_AI_SDK)
    if draft.output and not draft.fields.get("model") and draft.fields.get("model_requested"):
        draft.fields["model"] = draft.fields["model_requested"]
    if not call and (operation or not (draft.prompt or draft.output)):
        draft.kind = "record"  # an agent or a tool: its texts are those of the calls below it
    if "cost" in draft.fields:
        draft.fields.setdefault("currency", "USD")  # what both conventions reckon in
    if told.left:
        draft.put_extra("attributes", told.left)
    name = text_at(record, "name") or text_at(record, "eventName")
    settle(draft, f"{name or operation} {draft.fields.get('model', '')}")
    if draft.kind == "record":
        draft.body = "\n\n".join(
            filter(None, (name, draft.prompt, draft.output, encode(told.record)))
        )
        draft.prompt = draft.output = draft.system = draft.reasoning = ""


def _named(told: Source, draft: Draft) -> None:
    """Attributes that carry whole conversations: 1.37 and later, and what came before and beside them."""
    system = opened(told.take("gen_ai.system_instructions"))
    if system:
        draft.system = _join(_parts(system)) if type(system) is list else str(system)
    _events_told(told, draft)
    settings = opened(told.take("llm.invocation_parameters"))
    if type(settings) is dict:
        read_request({key: value for key, value in settings.items() if key not in _TOLD}, draft,
                     answered=False)  # fmt: skip
    elif settings:
        draft.put_extra("llm.invocation_parameters", settings)
    for name in (
        "gen_ai.input.messages",
        "gen_ai.prompt",
        "ai.prompt.messages",
        "ai.prompt",
        "request_data",
        "input.value",
    ):
        found = told.take(name)
        if found and not draft.prompt:
            read_asked(_usual(opened(found)), draft)
        elif found:
            draft.put_extra(name, found)
    _response_told(told, draft)
    for name in (
        "gen_ai.output.messages",
        "gen_ai.completion",
        "ai.response.text",
        "ai.response.object",
        "ai.response.toolCalls",
        "output.value",
    ):
        found = told.take(name)
        if found and not draft.output:
            _choices(_usual(opened(found)), draft)
        elif found:
            draft.put_extra(name, found)


_TOLD = frozenset({"messages", "model", "input", "prompt", "system", "instructions"})
"""Keys of a request that other attributes of a span say."""


def _events_told(told: Source, draft: Draft) -> None:
    """Events that a program writes into one attribute, as Pydantic AI did up to its second form."""
    events = opened(told.left.get("events"))
    if type(events) is not list or not all(
        type(each) is dict and type(each.get("event.name")) is str for each in events
    ):
        return
    told.take("events")
    for each in events:
        rest = {key: value for key, value in each.items() if key not in _EVENT_KEYS}
        _event(each["event.name"], rest, draft)


_EVENT_KEYS = ("event.name", "role", "gen_ai.message.index", "gen_ai.system")


def _response_told(told: Source, draft: Draft) -> None:
    """An answer with its usage in one attribute, as Logfire writes it."""
    found = opened(told.left.get("response_data"))
    if type(found) is not dict or draft.output:
        return
    told.take("response_data")
    rest = dict(found)
    usage = rest.pop("usage", None)
    if type(usage) is dict:
        usage = read_usage(usage, draft)
    message = rest.pop("message", None)
    said = message if type(message) is dict else rest.pop("combined_chunk_content", None)
    read_answered([{"role": "assistant", **said}] if type(said) is dict else said, draft)
    if usage:
        rest["usage"] = usage
    if rest:
        draft.put_extra("response_data", rest)


def _choices(messages: Any, draft: Draft) -> None:
    """The answer; of several messages of a model each is one answer to the same prompt."""
    several = is_conversation(messages) and len(messages) > 1
    if several and all(each["role"] in ANSWERING for each in messages):
        put_others([message_text(aloud(each)) for each in messages[1:]], draft)
        draft.put_extra("choices", messages[1:])
        messages = messages[:1]
    read_answered(messages, draft)


def _usual(messages: Any) -> Any:
    """Messages made of `parts` in the common form."""
    if type(messages) is not list:
        return messages
    return [
        {
            **{key: value for key, value in each.items() if key != "parts"},
            "content": _parts(each["parts"]),
        }
        if type(each) is dict and type(each.get("parts")) is list
        else each
        for each in messages
    ]


def _parts(parts: list[Any]) -> list[Any]:
    return [_part(each) for each in parts]


def _part(part: Any) -> Any:
    if type(part) is not dict:
        return part
    kind, content = part.get("type"), part.get("content")
    if kind == "text":
        return {"type": "text", "text": content if type(content) is str else encode(content)}
    if kind == "blob":
        return {("data" if key == "content" else key): value for key, value in part.items()}
    if kind == "reasoning":
        return {"type": "thinking", "thinking": content}
    if kind == "tool_call_response":
        said = part.get("result", part.get("response"))
        return {"type": "tool_result", "content": said if type(said) is str else encode(said)}
    return part


def _join(parts: list[Any]) -> str:
    return "\n".join(
        each["text"] for each in parts if type(each) is dict and type(each.get("text")) is str
    )


_LISTED = ("llm.input_messages", "llm.output_messages")
_PIECE = re.compile(
    r"(?:(contents)|(tool_calls))\.(\d{1,4})\.(?:message_content\.|tool_call\.)?(?:function\.)?(.+)"
)


def _bare(message: Record) -> Record:
    """A message of a list, its keys without the `message.` before them."""
    inner = message.get("message")
    if type(inner) is dict:
        return inner
    return {key.removeprefix("message."): value for key, value in message.items()}


def _folded(message: Record) -> Record:
    """A message of which the parts and the calls of tools stand under keys with their numbers."""
    made: Record = {}
    parts: dict[int, Record] = {}
    calls: dict[int, Record] = {}
    for key, value in message.items():
        found = _PIECE.fullmatch(key)
        if found is None:
            made[key] = value
        else:
            side = parts if found[1] else calls
            side.setdefault(int(found[3]), {})[found[4]] = value
    if parts and not made.get("content"):
        made["content"] = [parts[number] for number in sorted(parts)]
    if calls:
        made["tool_calls"] = [calls[number] for number in sorted(calls)]
    return made


def _numbered(told: Source, draft: Draft) -> None:
    """Attributes with one key for each part of each message (OpenLLMetry, OpenInference)."""
    sides: tuple[dict[int, Record], dict[int, Record]] = ({}, {})
    for key in list(told.left):
        match = _NUMBERED.fullmatch(key)
        if match is None:
            continue
        side = (
            sides[0] if "prompt" in (match[1] or "") or match[2] == "input_messages" else sides[1]
        )
        side.setdefault(int(match[3]), {})[match[4]] = told.left.pop(key)
    for number, side in enumerate(sides):
        listed = told.left.get(_LISTED[number])
        if not side and type(listed) is list and all(type(each) is dict for each in listed):
            side.update(enumerate(map(_bare, told.left.pop(_LISTED[number]))))
    asked, answered = ([_folded(side[n]) for n in sorted(side)] for side in sides)
    if asked:
        read_asked([{"role": str(each.pop("role", "user")), **each} for each in asked], draft)
    if answered:
        if type(answered[0].get("finish_reason")) is str:
            draft.fields.setdefault("finish_reason", answered[0]["finish_reason"])
        _choices([{"role": str(each.pop("role", "assistant")), **each} for each in answered], draft)


# -- events: in a span up to 1.36, and as log records ---------------------------------------------

_SPEAKERS = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}


def _event(name: str, told: Record, draft: Draft, at: Record | None = None) -> None:
    content = opened(told.get("gen_ai.event.content"))
    if type(content) is dict:
        told = {
            **{key: each for key, each in told.items() if key != "gen_ai.event.content"},
            **content,
        }
    if name in _SPEAKERS:
        message = {"role": _SPEAKERS[name], **{key: opened(value) for key, value in told.items()}}
        said = draft.extra.setdefault("conversation", [])
        said.append(message)
        draft.system = draft.prompt = ""
        read_asked(said, draft)
    elif name == "gen_ai.choice":
        message = opened(told.get("message", told))
        if type(message) is dict and type(told.get("finish_reason")) is str:
            draft.fields.setdefault("finish_reason", told["finish_reason"])
        if draft.output:
            draft.extra.setdefault("choices", []).append(told)
            beside = message_text(message) if type(message) is dict else str(message)
            if beside and beside != draft.output:
                draft.answers += (beside,)
        elif type(message) is dict:
            read_answered([{"role": "assistant", **message}], draft)
        else:
            read_answered(message, draft)
    else:
        _named(source := Source(told), draft)
        if source.left:
            kept = {"name": name, **(at or {}), "attributes": source.left}
            draft.extra.setdefault("events", []).append(kept)


def _event_name(record: Record) -> str:
    told = attributes(record.get("attributes"))
    return text_at(record, "eventName") or text_at(told, "event.name")


def log_key(record: Record) -> str:
    """What the events of one call share: its span, where they name it."""
    if not _is_log(record) or not _event_name(record).startswith("gen_ai."):
        return ""
    return f"{record.get('traceId') or ''} {record.get('spanId') or ''}".strip()


def merge_logs(records: list[Record]) -> Record:
    """The events of one call under the first of them."""
    return {**records[0], "logRecords": records}


def _is_log(record: Record) -> bool:
    timed = any(key in record for key in _LOGGED)
    return (
        timed and ("body" in record or "attributes" in record) and "startTimeUnixNano" not in record
    )


def read_log(record: Record, draft: Draft) -> bool:
    """The events of one call of a model as an exchange; any other log record as a `record`."""
    if not _is_log(record):
        return False
    parts = record.get("logRecords") or [record]
    told = Source(attributes(record.get("attributes")))
    _begin({key: value for key, value in record.items() if key != "logRecords"}, draft, told)
    for part in parts:
        own = attributes(part.get("attributes"))
        body = opened(_value(part.get("body")))
        name = _event_name(part)
        if name.startswith("gen_ai."):
            draft.fields.setdefault("operation", "chat")
            Source(own).fill(draft, _PLACES)
            _event(name, {**own, **body} if type(body) is dict else own, draft)
        else:
            draft.put_extra("body", body)
    _settle_span(draft, record, told)
    return True

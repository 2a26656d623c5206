"""Spans in other files than OTLP's: what an SDK prints, Jaeger, Zipkin, Phoenix, MLflow; in the terms of OTLP.

Source: opentelemetry-python `ReadableSpan.to_json`; Jaeger `model.json`; Zipkin API v2; Arize Phoenix spans;
mlflow/mlflow `entities/span.py`, `entities/trace.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.otel import attributes, read_steps
from casekit.ingest.strict_json import BadJson, parse

Record = dict[str, Any]


def read_other_span(record: Record, draft: Draft) -> bool:
    """A span of any of these."""
    made = (
        _mlflow(record, draft.around)
        or _printed(record)
        or _flat(record)
        or _jaeger(record, draft.around)
        or _zipkin(record)
    )
    if made is None:
        return False
    read_steps(made, draft)
    return True


def _bare_id(value: Any) -> Any:
    return value.removeprefix("0x") if type(value) is str else value


def _without(record: Record, *keys: str) -> Record:
    return {key: value for key, value in record.items() if key not in keys and value is not None}


def _printed(record: Record) -> Record | None:
    """What the console exporters of the SDKs print, and what Phoenix gives."""
    context = record.get("context")
    if type(context) is not dict or "start_time" not in record:
        return None
    if type(context.get("trace_id")) is not str or type(context.get("span_id")) is not str:
        return None
    told = attributes(record.get("attributes"))
    return {
        **_without(record, "context", "parent_id", "attributes"),
        "traceId": _bare_id(context["trace_id"]),
        "spanId": _bare_id(context["span_id"]),
        "parentSpanId": _bare_id(record.get("parent_id")),
        "attributes": _level(told),
    }


_OF_MODELS = {"CHAT_MODEL": "LLM"}
"""What MLflow calls the kinds of spans that OpenInference has another word for."""
_IN_OUR_TERMS = {
    "mlflow.spanInputs": "input.value",
    "mlflow.spanOutputs": "output.value",
    "mlflow.llm.model": "llm.model_name",
    "mlflow.llm.provider": "llm.provider",
}
_WHOSE = {"mlflow.trace.user": "user.id", "mlflow.trace.session": "session.id"}


def _mlflow(record: Record, around: Mapping[str, Any]) -> Record | None:
    """A span of MLflow, of either version of its files; each of its attributes is JSON in a text."""
    given = record.get("attributes")
    if type(given) is not dict or "mlflow.traceRequestId" not in given:
        return None
    context = record.get("context")
    ids = context if type(context) is dict else record
    told = {_IN_OUR_TERMS.get(key, key): _said(value) for key, value in given.items()}
    kind = told.pop("mlflow.spanType", "")
    if kind:
        told["openinference.span.kind"] = _OF_MODELS.get(str(kind), kind)
    counts = told.pop("mlflow.chat.tokenUsage", None)
    if type(counts) is dict:
        told["llm.token_count.prompt"] = counts.get("input_tokens")
        told["llm.token_count.completion"] = counts.get("output_tokens")
    return {
        **_without(record, "context", "attributes", "trace_id", "span_id", "parent_id", "parent_span_id",
                   *_STARTED, *_ENDED),
        "traceId": _bare_id(ids.get("trace_id")),
        "spanId": _bare_id(ids.get("span_id")),
        "parentSpanId": _bare_id(record.get("parent_id") or record.get("parent_span_id") or None),
        "startTimeUnixNano": _nanoseconds(record, _STARTED),
        "endTimeUnixNano": _nanoseconds(record, _ENDED),
        "attributes": told | _whose(around.get("info")),
    }  # fmt: skip


_STARTED, _ENDED = ("start_time_unix_nano", "start_time"), ("end_time_unix_nano", "end_time")


def _nanoseconds(record: Record, keys: tuple[str, ...]) -> str:
    return next((str(record[key]) for key in keys if type(record.get(key)) is int), "")


def _whose(info: Any) -> Record:
    """Who used the program and in which session, as the trace around the spans says."""
    kept = (
        info.get("trace_metadata") or info.get("request_metadata") if type(info) is dict else None
    )
    found = kept if type(kept) is dict else {}
    return {name: found[key] for key, name in _WHOSE.items() if found.get(key)}


def _said(value: Any) -> Any:
    if type(value) is not str:
        return value
    try:
        return parse(value.encode("utf-8", "replace"))[0]
    except BadJson:
        return value


def _flat(record: Record) -> Record | None:
    """A row of a table of spans: a column for each attribute."""
    if type(record.get("context.trace_id")) is not str or "start_time" not in record:
        return None
    mark = "attributes."
    return {
        **{key: each for key, each in _without(record, "parent_id").items() if not key.startswith(
            (mark, "context."))},
        "traceId": _bare_id(record["context.trace_id"]),
        "spanId": _bare_id(record.get("context.span_id")),
        "parentSpanId": _bare_id(record.get("parent_id")),
        "attributes": _level({
            key.removeprefix(mark): each
            for key, each in record.items() if key.startswith(mark) and each is not None
        }),
    }  # fmt: skip


_GROUPS = frozenset({"llm", "input", "output", "openinference", "gen_ai", "ai"})


def _level(told: Record) -> Record:
    """Attributes under one dotted key each, where a file has them as objects in objects."""
    made: Record = {}
    waiting = [(key, value, key in _GROUPS) for key, value in told.items()]
    while waiting:
        key, value, open_it = waiting.pop()
        if open_it and type(value) is dict and key.count(".") < _DEEPEST:
            waiting += [(f"{key}.{name}", each, True) for name, each in value.items()]
        else:
            made[key] = value
    return made


_DEEPEST = 6


def _jaeger(record: Record, around: Mapping[str, Any]) -> Record | None:
    if type(record.get("traceID")) is not str or type(record.get("spanID")) is not str:
        return None
    if "operationName" not in record or "startTime" not in record:
        return None
    logs = record.get("logs")
    events = []
    for each in logs if type(logs) is list else ():
        told = attributes(each.get("fields")) if type(each) is dict else {}
        name = told.pop("event", told.pop("name", ""))
        events.append({"name": name, "attributes": told})
    parents = record.get("references")
    parent = parents[0] if type(parents) is list and parents else {}
    processes = around.get("processes")
    process = processes.get(record.get("processID")) if type(processes) is dict else None
    duration = record.get("duration")
    return {
        **_without(
            record, "traceID", "spanID", "operationName", "tags", "logs", "references", "duration"
        ),
        "traceId": record["traceID"],
        "spanId": record["spanID"],
        "parentSpanId": parent.get("spanID") if type(parent) is dict else None,
        "name": record["operationName"],
        "attributes": attributes(record.get("tags")),
        "events": events,
        **({"duration_us": duration} if type(duration) is int else {}),
        **({"process": process} if process else {}),
    }


def _zipkin(record: Record) -> Record | None:
    tags = record.get("tags")
    if type(record.get("traceId")) is not str or type(record.get("id")) is not str:
        return None
    if type(tags) is not dict or type(record.get("timestamp")) is not int:
        return None
    duration = record.get("duration")
    return {
        **_without(record, "id", "parentId", "tags", "duration"),
        "spanId": record["id"],
        "parentSpanId": record.get("parentId"),
        "attributes": tags,
        **({"duration_us": duration} if type(duration) is int else {}),
    }

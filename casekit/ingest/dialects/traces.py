"""Traces of programs that call models: Langfuse's observations and LangSmith's runs.

Source: Langfuse `observations` API and blob storage export; langsmith-sdk `schemas.py`, batch ingest.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest import places
from casekit.ingest.dialects.bodies import put_others
from casekit.ingest.dialects.calls import (
    milliseconds_between,
    read_answered,
    read_asked,
    settle,
    step_text,
)
from casekit.ingest.dialects.content import message_text
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.values import Source, look, opened, text_at
from casekit.ingest.parsed import Parsed

Record = dict[str, Any]

# -- Langfuse -------------------------------------------------------------------------------------

_KINDS = frozenset(
    [
        "GENERATION",
        "SPAN",
        "EVENT",
        "AGENT",
        "TOOL",
        "CHAIN",
        "RETRIEVER",
        "EVALUATOR",
        "EMBEDDING",
        "GUARDRAIL",
    ]
)
_LANGFUSE = {
    "time": ("startTime", "start_time"),
    "request_id": ("id",),
    "trace_id": ("traceId", "trace_id"),
    "parent_request": ("parentObservationId", "parent_observation_id"),
    "project": ("projectId", "project_id"),
    "operation": ("type",),
    "account": ("userId", "user_id"),
    "conversation_id": ("sessionId", "session_id"),
    "model": ("model", "provided_model_name", "providedModelName"),
    "input_tokens": ("usageDetails.input", "usage_details.input", "usage.input", "usage.promptTokens",
                     "usage.prompt_tokens", "inputUsage", "promptTokens", "inputTokens"),
    "output_tokens": ("usageDetails.output", "usage_details.output", "usage.output", "usage.completionTokens",
                      "usage.completion_tokens",
                      "outputUsage", "completionTokens", "outputTokens"),
    "cache_read_tokens": ("usageDetails.input_cached_tokens", "usage_details.input_cached_tokens",
                          "usage_details.cache_read_input_tokens"),
    "reasoning_tokens": ("usageDetails.output_reasoning_tokens", "usage_details.output_reasoning_tokens"),
    "cost": ("costDetails.total", "cost_details.total", "totalCost", "total_cost", "calculatedTotalCost"),
}  # fmt: skip
_OF_TRACE = {
    "account": ("trace.userId", "userId", "trace.user_id", "user_id"),
    "conversation_id": ("trace.sessionId", "sessionId", "trace.session_id", "session_id"),
}


def read_langfuse(record: Record, draft: Draft) -> bool:
    """An observation; what is no generation is a step of the program and kept as a `record`."""
    kind = record.get("type")
    if type(kind) is not str or kind not in _KINDS or not {"traceId", "trace_id"} & record.keys():
        return False
    if not {"startTime", "start_time"} & record.keys():
        return False
    source = Source(record, "input", "output", "metadata", "modelParameters", "model_parameters",
                    "usageDetails", "usage_details", "costDetails", "cost_details", "usage")  # fmt: skip
    start, end, first = (
        record.get(name) or record.get(other)
        for name, other in (("startTime", "start_time"), ("endTime", "end_time"),
                            ("completionStartTime", "completion_start_time"))
    )  # fmt: skip
    source.fill(draft, _LANGFUSE)
    Source(draft.around).fill(draft, _OF_TRACE)
    if "cost" in draft.fields:
        draft.fields.setdefault("currency", "USD")
    draft.put("latency_ms", int, milliseconds_between(start, end))
    draft.put("ttft_ms", int, milliseconds_between(start, first))
    if record["type"] == "GENERATION":
        asked, parameters = source.take("input"), _parameters(source)
        if type(asked) is list and asked and type(asked[0]) is dict:
            asked = {"messages": asked, **parameters}
        elif parameters and type(asked) is str:
            asked = {"prompt": asked, **parameters}
        read_asked(asked, draft)
        read_answered(source.take("output"), draft)
        if record.get("level") == "ERROR" and type(record.get("statusMessage")) is str:
            draft.fields.setdefault("error", record["statusMessage"])
    else:
        draft.kind = "record"
        draft.body = step_text(record, *_SHOWN)
    settle(draft, f"{record['type']} {text_at(record, 'name')} {draft.fields.get('model', '')}")
    source.rest(draft)
    return True


_SHOWN = ("name", "input", "inputs", "output", "outputs")
"""Keys under which a step says what it was given and gave."""

_SENT = {"generation": "GENERATION", "span": "SPAN", "event": "EVENT", "observation": ""}


def _sent(record: Record) -> tuple[str, Record] | None:
    """What a program sends Langfuse of an observation: the kind, and what is said of it; None for another."""
    kind, body = record.get("type"), record.get("body")
    if type(kind) is not str or type(body) is not dict or "timestamp" not in record:
        return None
    name, _, act = kind.rpartition("-")
    if name not in _SENT or act not in ("create", "update") or type(body.get("id")) is not str:
        return None
    return _SENT[name] or str(body.get("type", "")), body


def langfuse_event_key(record: Record) -> str:
    """The id that the events of one observation share."""
    found = _sent(record)
    return str(found[1]["id"]) if found else ""


def merge_langfuse_events(records: list[Record]) -> Record:
    """The observation after all its events; a later one changes what it names."""
    bodies = [{k: v for k, v in each["body"].items() if v is not None} for each in records]
    body: Record = {}
    for each in bodies:
        body |= each
    return {**records[0], "body": body}


def read_langfuse_event(record: Record, draft: Draft) -> bool:
    """An observation as it was sent; what was sent of a trace or a score is a `record`."""
    found = _sent(record)
    if found is not None:
        made = {"traceId": "", "startTime": record["timestamp"], **found[1], "type": found[0]}
        if read_langfuse(made, draft):
            return True
    kind = record.get("type")
    if (
        kind not in ("trace-create", "score-create", "sdk-log")
        or type(record.get("body")) is not dict
    ):
        return False
    source = Source(record)
    source.fill(draft, {"time": ("timestamp",), "trace_id": ("body.traceId", "body.id"),
                        "account": ("body.userId",), "conversation_id": ("body.sessionId",)})  # fmt: skip
    draft.kind, draft.collection = "record", "api-log"
    draft.title = f"{kind} {text_at(record, 'body.name')}".strip()
    source.rest(draft)
    return True


def _parameters(source: Source) -> Record:
    found = source.take("modelParameters") or source.take("model_parameters")
    return found if type(found) is dict else {}


def read_chatml(record: Record, draft: Draft) -> bool:
    """Observations by their ids, each with its input and output as chat messages: one exchange below each."""
    if not record or not all(map(_is_chatml, record.values())):
        return False
    if draft.raw:
        made = []
        for (key, span), value in zip(places.values(draft.raw), record.values(), strict=False):
            made.append(_chatml_child(draft, key, span, value))
        draft.children = tuple(made)
    draft.kind, draft.collection = "document", "api-log"
    draft.title = f"{len(record)} observations"
    return True


def _is_chatml(value: Any) -> bool:
    return (
        type(value) is dict
        and len(value) > 0
        and value.keys() <= {"input", "output", "additionalInput"}
        and all(type(look(each, "success")) is bool for each in value.values())
    )


def _chatml_child(head: Draft, key: str, span: tuple[int, int], value: Record) -> Parsed:
    draft = Draft(head.raw[slice(*span)], head.context)
    draft.fields["request_id"] = key
    given = [_messages(value.get(side)) for side in ("input", "output")]
    if given[0]:
        read_asked(given[0], draft)
    if given[1]:
        read_answered(given[1], draft)
    for side in ("input", "output"):
        if not look(value, f"{side}.success"):
            draft.put_extra(side, value.get(side))
    if not any(given):
        draft.kind = "record"
    settle(draft, f"observation {key}")
    return finish(draft, span[0], None, "")


def _messages(side: Any) -> list[Record]:
    data = side.get("data") if type(side) is dict and side.get("success") else None
    found = data if type(data) is list else [data]
    return [{"role": "assistant", **each} for each in found if type(each) is dict]


# -- LangSmith ------------------------------------------------------------------------------------

_LANGSMITH = {
    "time": ("start_time",),
    "request_id": ("id",),
    "trace_id": ("trace_id",),
    "parent_request": ("parent_run_id",),
    "operation": ("run_type",),
    "project": ("session_name", "session_id"),
    "conversation_id": ("extra.metadata.thread_id", "extra.metadata.session_id",
                        "extra.metadata.conversation_id"),
    "account": ("extra.metadata.user_id",),
    "provider": ("extra.metadata.ls_provider",),
    "model_requested": ("extra.metadata.ls_model_name",),
    "temperature": ("extra.metadata.ls_temperature",),
    "max_tokens": ("extra.metadata.ls_max_tokens",),
    "error": ("error",),
    "input_tokens": ("prompt_tokens",),
    "output_tokens": ("completion_tokens",),
    "cost": ("total_cost",),
}  # fmt: skip
_ROLES = {"human": "user", "ai": "assistant", "humanmessage": "user", "aimessage": "assistant",
          "systemmessage": "system", "toolmessage": "tool", "aimessagechunk": "assistant"}  # fmt: skip


def langsmith_key(record: Record) -> str:
    """The id of the run that a `post`, a `patch` or an exported row belongs to."""
    if "dotted_order" not in record and "run_type" not in record:
        return ""
    if not {"inputs", "outputs", "end_time", "start_time"} & record.keys():
        return ""
    found, order = record.get("id"), record.get("dotted_order")
    if type(found) is str and found:
        return found
    return order[-36:] if type(order) is str and len(order) >= 36 else ""


def merge_langsmith(records: list[Record]) -> Record:
    """The run as the later records complete the first."""
    merged: Record = {}
    for record in records:
        for key, value in record.items():
            if value is not None or key not in merged:
                merged[key] = value
    return merged


def read_langsmith(record: Record, draft: Draft) -> bool:
    """A run; one of another type than `llm` is a step of the program and kept as a `record`."""
    key = langsmith_key(record)
    if not key:
        return False
    source = Source(record, "inputs", "outputs", "extra", "serialized", "events")
    draft.fields["request_id"] = key
    source.take("id")
    source.fill(draft, _LANGSMITH)
    start = record.get("start_time")
    draft.put("latency_ms", int, milliseconds_between(start, record.get("end_time")))
    draft.put(
        "ttft_ms",
        int,
        milliseconds_between(start, record.get("first_token_time") or _first_token(source)),
    )
    if "run_type" not in record or not {"end_time", "outputs", "error"} & {
        name for name, value in record.items() if value is not None
    }:
        draft.note("unjoined")
        draft.fields["joint"] = f"langsmith/{'request' if 'run_type' in record else 'answer'}"
    if record.get("run_type", "llm") == "llm":
        _run_asked(source.take("inputs"), draft)
        _run_answered(source.take("outputs"), draft)
        draft.fields.setdefault("model", draft.fields.get("model_requested", ""))
    else:
        draft.kind = "record"
        draft.body = step_text(record, *_SHOWN)
    settle(draft, f"{record.get('run_type', 'run')} {text_at(record, 'name')}")
    source.rest(draft)
    return True


def _first_token(source: Source) -> Any:
    """When the first token came; the tokens themselves spell the output a second time and are left out."""
    events = source.left.get("events")
    if type(events) is not list:
        return None
    tokens = [each for each in events if look(each, "name") == "new_token"]
    if not tokens:
        return None
    source.left["events"] = [each for each in events if look(each, "name") != "new_token"]
    if not source.left["events"]:
        del source.left["events"]
    return tokens[0].get("time")


def _run_asked(untrusted_inputs: Any, draft: Draft) -> None:
    inputs = opened(untrusted_inputs)
    if type(inputs) is dict and type(inputs.get("messages")) is list:
        messages = inputs["messages"]
        if messages and type(messages[0]) is list:  # a batch of conversations, mostly of one
            messages = [each for talk in messages if type(talk) is list for each in talk]
        inputs = {key: value for key, value in inputs.items() if value is not None}
        inputs["messages"] = list(map(_plain, messages))
    elif type(inputs) is dict and type(inputs.get("prompts")) is list:
        inputs = {**inputs, "prompt": "\n\n".join(map(str, inputs["prompts"]))}
        del inputs["prompts"]
    read_asked(inputs, draft)


def _run_answered(untrusted_outputs: Any, draft: Draft) -> None:
    outputs = opened(untrusted_outputs)
    if type(outputs) is not dict:
        read_answered(outputs, draft)
        return
    generation, *others = _generations(outputs.get("generations"))
    if type(generation) is dict:
        told = outputs.get("llm_output")
        if type(told) is dict:
            _llm_output(told, draft)
        message = (
            _plain(generation.get("message"))
            if generation.get("message")
            else generation.get("text")
        )
        read_answered([message] if type(message) is dict else message, draft)
        if others:
            put_others(list(map(_generated, others)), draft)
        rest = {key: each for key, each in outputs.items() if others or key != "generations"}
        draft.put_extra("outputs", rest)
        return
    choices = outputs.get("choices")
    if (
        type(choices) is list
    ):  # the JavaScript tracer puts the last chunk where its reason should be
        outputs = {**outputs, "choices": list(map(_mended, choices))}
    if "output" in outputs and len(outputs) == 1:
        outputs = outputs["output"]
    read_answered(_plain(outputs), draft)


def _generations(untrusted_value: Any) -> list[Any]:
    """The generations of all prompts, one behind the other; None where there are none."""
    found = untrusted_value if type(untrusted_value) is list else []
    flat = [each for inner in found for each in (inner if type(inner) is list else [inner])]
    return flat or [None]


def _generated(generation: Any) -> str:
    message = _plain(look(generation, "message"))
    if type(message) is dict and (said := message_text(message)):
        return said
    return text_at(generation, "text")


def _mended(choice: Any) -> Any:
    if type(choice) is dict and type(choice.get("finish_reason")) is dict:
        return {**choice, "finish_reason": choice["finish_reason"].get("finish_reason")}
    return choice


def _llm_output(told: Record, draft: Draft) -> None:
    draft.put("model", str, told.get("model_name") or told.get("model"))
    usage = told.get("token_usage") or told.get("usage")
    if type(usage) is dict:
        draft.put("input_tokens", int, usage.get("prompt_tokens"))
        draft.put("output_tokens", int, usage.get("completion_tokens"))


def _plain(message: Any) -> Any:
    """A message of LangChain's own form as `{role, content}`."""
    if type(message) is not dict:
        return {"role": "user", "content": message} if type(message) is str else message
    kwargs = message.get("kwargs")
    if message.get("type") == "constructor" and type(kwargs) is dict:
        names = message.get("id")
        name = str(names[-1]).lower() if type(names) is list and names else ""
        role = _ROLES.get(name) or _ROLES.get(str(kwargs.get("type")), "user")
        return {"role": role, **{key: value for key, value in kwargs.items() if key != "type"}}
    if "role" not in message and "content" in message and type(message.get("type")) is str:
        rest = {key: value for key, value in message.items() if key != "type"}
        return {"role": _ROLES.get(message["type"], message["type"]), **rest}
    return message

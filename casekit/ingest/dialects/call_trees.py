"""Trees of calls that programs log about themselves: Weights & Biases Weave and Braintrust.

A call of a model is a leaf in both. The steps around it say its tokens again (Weave sums them up, Braintrust
lets a program do so) and are kept as a `record` each.

Source: wandb/weave `CallSchema`; Braintrust API `ProjectLogsEvent`, braintrust-sdk `wrapOpenAI`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.bodies import is_request, is_response
from casekit.ingest.dialects.calls import (
    milliseconds_between,
    read_answered,
    read_asked,
    settle,
    step_text,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.parameters import PARAMETERS
from casekit.ingest.dialects.times import milliseconds
from casekit.ingest.dialects.translate import request_in_common_terms, response_in_common_terms
from casekit.ingest.dialects.usage import read_usage
from casekit.ingest.dialects.values import Source, look, text_at

Record = dict[str, Any]


# -- Weave -----------------------------------------------------------------------------------------

_WEAVE = {
    "time": ("started_at",),
    "request_id": ("id",),
    "trace_id": ("trace_id",),
    "parent_request": ("parent_id",),
    "conversation_id": ("thread_id",),
    "project": ("project_id",),
    "account": ("wb_user_id",),
    "error": ("exception",),
}
_CALL = frozenset({"op_name", "trace_id", "started_at", "inputs"})


def read_weave(record: Record, draft: Draft) -> bool:
    """A call; one whose inputs and output are not those of a model API is a step and kept as a `record`."""
    if not record.keys() >= _CALL or type(record["op_name"]) is not str:
        return False
    source = Source(record, "inputs", "output", "summary", "attributes")
    source.fill(draft, _WEAVE)
    draft.put("latency_ms", int, milliseconds_between(record["started_at"], record.get("ended_at")))
    operation = record["op_name"].rpartition("/op/")[2].partition(":")[0]
    draft.fields["operation"] = operation
    asked, answered = source.left["inputs"], source.left.get("output")
    if _is_call(asked, answered):
        del source.left["inputs"]
        read_asked({key: value for key, value in asked.items() if key != "self"}, draft)
        read_answered(source.take("output"), draft)
        _summed_usage(source.left.get("summary"), draft)
        _name_model(draft)
    else:
        draft.kind = "record"
        draft.body = step_text(record, "op_name", "inputs", "output")
    settle(draft, f"{operation} {draft.fields.get('model', '')}")
    source.rest(draft)
    return True


_SAYS_WHOSE = frozenset(
    {"usage", "usageMetadata", "usage_metadata", "model", "modelVersion", "meta"}
)
"""Keys by which an answer says which model gave it, or what it took."""


def _is_call(asked: Any, answered: Any) -> bool:
    """Whether this is what a model API is asked, and what it answers, unless it never did."""
    if type(asked) is not dict or not is_request(request_in_common_terms(asked)):
        return False
    if type(answered) is not dict:
        return "model" in asked and answered is None
    if is_response(answered):
        return True
    named = not _SAYS_WHOSE.isdisjoint(answered)  # any program may answer with a text
    return named and response_in_common_terms(answered) is not None


def _summed_usage(untrusted_summary: Any, draft: Draft) -> None:
    """The usage of the one model that a call used, where its answer does not say it."""
    usage = look(untrusted_summary, "usage")
    if type(usage) is dict and len(usage) == 1:
        ((model, counts),) = usage.items()
        if type(counts) is dict:
            read_usage(counts, draft)
            draft.fields.setdefault("model", model)


def _name_model(draft: Draft) -> None:
    """Take the model that was asked for, where the answer names none."""
    if not draft.fields.get("model") and "model_requested" in draft.fields:
        draft.fields["model"] = draft.fields["model_requested"]


# -- Braintrust ------------------------------------------------------------------------------------

_BRAINTRUST = {
    "time": ("metrics.start", "created"),
    "request_id": ("span_id",),
    "trace_id": ("root_span_id",),
    "project": ("project_id",),
    "organisation": ("org_id",),
    "operation": ("span_attributes.type",),
    "account": ("metadata.user_id", "metadata.user"),
    "conversation_id": ("metadata.conversation_id", "metadata.thread_id", "metadata.session_id"),
    "provider": ("metadata.provider",),
}
_COUNTS = {
    "input_tokens": ("metrics.prompt_tokens",),
    "output_tokens": ("metrics.completion_tokens",),
    "reasoning_tokens": ("metrics.completion_reasoning_tokens",),
    "cache_read_tokens": ("metrics.prompt_cached_tokens",),
    "cache_write_tokens": ("metrics.prompt_cache_creation_tokens",),
}
_SPAN = frozenset({"span_id", "root_span_id"})


def read_braintrust(record: Record, draft: Draft) -> bool:
    """A span of a project's log; one of another type than `llm` is a step and kept as a `record`."""
    if not record.keys() >= _SPAN or not {"span_attributes", "_xact_id"} & record.keys():
        return False
    source = Source(record, "input", "output", "metadata", "metrics", "span_attributes")
    start, end = look(source.left, "metrics.start"), look(source.left, "metrics.end")
    if type(start) in (int, float) and type(end) in (int, float):
        draft.put("latency_ms", int, milliseconds(end - start))
    first = look(source.left, "metrics.time_to_first_token")
    draft.put("ttft_ms", int, milliseconds(first))
    source.fill(draft, _BRAINTRUST)
    parents = source.left.get("span_parents")
    if type(parents) is list and len(parents) == 1:
        draft.put("parent_request", str, parents[0])
        del source.left["span_parents"]
    if type(record.get("error")) is str:
        draft.put("error", str, source.take("error"))
    if look(record, "span_attributes.type") == "llm":
        source.fill(draft, _COUNTS)
        _span_asked(source, draft)
        answer = source.take("output")
        listed = type(answer) is list and all(type(look(one, "message")) is dict for one in answer)
        read_answered({"choices": answer} if listed and answer else answer, draft)
        _name_model(draft)
    else:
        draft.kind = "record"
        draft.body = step_text(record, "input", "output")
    name = text_at(record, "span_attributes.name")
    settle(draft, f"{name} {draft.fields.get('model', '')}")
    source.rest(draft)
    return True


def _span_asked(source: Source, draft: Draft) -> None:
    """What was asked, with the parameters that stand in the metadata among whatever a program puts there."""
    asked, told = source.take("input"), source.left.get("metadata")
    told = told if type(told) is dict else {}
    known = {key: told[key] for key in told if key in PARAMETERS or key in _SETTINGS}
    if type(asked) is list and asked and all(type(each) is dict for each in asked):
        asked = {"messages": asked}
    elif type(asked) is str and known:
        asked = {"prompt": asked}
    if type(asked) is dict:
        read_asked({**known, **asked}, draft)
        for key in known:
            source.take(f"metadata.{key}")
    else:
        read_asked(asked, draft)


_SETTINGS = frozenset({"model", "stream", "tools", "tool_choice", "stop", "response_format"})

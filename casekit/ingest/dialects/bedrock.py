"""Invocation logs of AWS Bedrock: Converse, InvokeModel and their streams; its batches and its agents' traces.

Source: AWS Bedrock user guide, "Monitor model invocation using CloudWatch Logs and Amazon S3", "Format and
upload your batch inference data", "Track agent's step-by-step reasoning process using trace".
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.calls import read_answered, read_asked, settle
from casekit.ingest.dialects.cloud_audit import BEDROCK_CALL
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.sse import assembled
from casekit.ingest.dialects.values import Source, look, opened

Record = dict[str, Any]

_PLACES = {
    "time": ("timestamp",),
    "request_id": ("requestId",),
    "organisation": ("accountId",),
    "account": ("identity.arn",),
    "operation": ("operation",),
    "status": ("status",),
    "error": ("errorCode",),
    "input_tokens": ("input.inputTokenCount",),
    "output_tokens": ("output.outputTokenCount",),
    "cache_read_tokens": ("input.cacheReadInputTokenCount",),
    "cache_write_tokens": ("input.cacheWriteInputTokenCount",),
}
_LATENCIES = (
    "metrics.latencyMs",
    "amazon-bedrock-invocationMetrics.invocationLatency",
)


def read_bedrock(record: Record, draft: Draft) -> bool:
    """One call of a model; a body that was moved to S3 is said to be elsewhere."""
    if record.get("schemaType") != "ModelInvocationLog":
        given = record.get("input")
        if "modelId" not in record or "requestId" not in record or type(given) is not dict:
            return False
    source = Source(record)
    source.take("schemaType")
    source.fill(draft, _PLACES)
    draft.fields.setdefault("provider", "aws-bedrock")
    operation = draft.fields.get("operation", "")
    draft.fields["stream"] = int(operation.endswith("Stream"))
    model = source.take("modelId")
    read_asked(source.take("input.inputBodyJson"), draft)
    _answer(source.take("output.outputBodyJson"), draft)
    if type(model) is str and model:
        draft.fields["model_requested"] = model
        draft.fields["model"] = model.rpartition("/")[2] if model.startswith("arn:") else model
    if "request_id" in draft.fields:
        draft.fields["joint"] = BEDROCK_CALL
    for path in ("input.inputBodyS3Path", "output.outputBodyS3Path"):
        if look(record, path):
            draft.note("body-elsewhere")
    settle(draft, f"{operation} {draft.fields.get('model', '')}")
    source.rest(draft)
    return True


def _answer(untrusted_body: Any, draft: Draft) -> None:
    body = opened(untrusted_body)
    body = assembled(body) or body
    if type(body) is dict:
        for path in _LATENCIES:
            if "latency_ms" not in draft.fields:
                draft.put("latency_ms", int, look(body, path))
        draft.put("ttft_ms", int, look(body, "amazon-bedrock-invocationMetrics.firstByteLatency"))
    read_answered(body, draft)


# -- batches --------------------------------------------------------------------------------------


def read_bedrock_batch(record: Record, draft: Draft) -> bool:
    """A line of a batch: its input, or its input with the answer or the error that came of it.

    The file of results says the input again; the line of the input file is under the same `recordId`.
    """
    asked = record.get("modelInput")
    if type(record.get("recordId")) is not str or type(asked) is not dict:
        return False
    source = Source(record)
    draft.fields["provider"] = "aws-bedrock"
    draft.fields["request_id"] = source.take("recordId")
    done = source.take("modelOutput")
    error = source.take("error")
    read_asked(source.take("modelInput"), draft)
    if type(error) is dict:
        draft.put("error", str, error.get("errorMessage"))
        draft.put("status", int, error.get("errorCode"))
        draft.put_extra("error", error)
    _answer(done, draft)
    answered = done is not None or error is not None
    draft.fields["joint"] = f"bedrock-batch/{'answer' if answered else 'request'}"
    if not answered:
        draft.note("unjoined")
    source.rest(draft)
    return True


# -- traces of agents ------------------------------------------------------------------------------

_HALVES = ("modelInvocationInput", "modelInvocationOutput")
_AGENT = {
    "time": ("eventTime",),
    "conversation_id": ("sessionId",),
    "project": ("agentId",),
}
_INVOKED = {
    "model_requested": ("modelInvocationInput.foundationModel",),
    "temperature": ("modelInvocationInput.inferenceConfiguration.temperature",),
    "top_p": ("modelInvocationInput.inferenceConfiguration.topP",),
    "top_k": ("modelInvocationInput.inferenceConfiguration.topK",),
    "max_tokens": ("modelInvocationInput.inferenceConfiguration.maximumLength",),
    "request_id": ("modelInvocationOutput.metadata.clientRequestId",),
    "time": ("modelInvocationOutput.metadata.startTime",),
    "latency_ms": ("modelInvocationOutput.metadata.totalTimeMs",),
    "input_tokens": ("modelInvocationOutput.metadata.usage.inputTokens",),
    "output_tokens": ("modelInvocationOutput.metadata.usage.outputTokens",),
}


def _part_of_trace(record: Record) -> tuple[Record, str, Record] | None:
    """The part of a trace without what wraps it, the name of its step, and what the step says; else None."""
    part = record.get("trace")
    part = part if type(part) is dict and type(part.get("trace")) is dict else record
    trace = part.get("trace")
    if type(trace) is not dict or not {"agentId", "sessionId"} <= part.keys():
        return None
    named = next((name for name, told in trace.items() if name.endswith("Trace")), "")
    return (part, named, trace[named]) if type(trace.get(named)) is dict else None


def bedrock_agent_key(record: Record) -> str:
    """What the question to a model and its answer share, which a trace gives as two parts."""
    found = _part_of_trace(record)
    if found is None:
        return ""
    halves = [found[2][name] for name in _HALVES if type(found[2].get(name)) is dict]
    key = halves[0].get("traceId") if halves else None
    return f"{found[0]['sessionId']} {found[1]} {key}" if type(key) is str and key else ""


def merge_bedrock_agent(records: list[Record]) -> Record:
    """The call that its parts make up."""
    parts = [found for each in records if (found := _part_of_trace(each))]
    told: Record = {}
    for _, _, step in parts:
        told |= step
    first, named, _ = parts[0]
    return {**first, "trace": {**first["trace"], named: told}}


def read_bedrock_agent(record: Record, draft: Draft) -> bool:
    """A part of a trace: a call of a model, or what the agent made of it, which is kept as a `record`."""
    found = _part_of_trace(record)
    if found is None:
        return False
    part, named, step = found
    source = Source({key: value for key, value in part.items() if key != "trace"})
    told = Source(step)
    if any(type(step.get(name)) is dict for name in _HALVES):
        told.fill(draft, _INVOKED)
        _invoked(told, draft)
        for half, word in zip(_HALVES, ("request", "answer"), strict=True):
            if half not in step:
                draft.note("unjoined")
                draft.title = f"{named}, without its {word}"
    else:
        draft.kind = "record"
        draft.put("error", str, told.take("failureReason"))
        draft.title = f"{named} {next(iter(step), '')}".strip()
    source.fill(draft, _AGENT)
    draft.fields.update(provider="aws-bedrock", operation=named)
    settle(draft, draft.title or f"{named} {draft.fields.get('model', '')}")
    source.rest(draft)
    if told.left:
        draft.put_extra("trace", told.left)
    return True


def _invoked(told: Source, draft: Draft) -> None:
    """The two texts of a call, which may be JSON; what the model thought stands apart."""
    draft.put("trace_id", str, look(told.record, "modelInvocationInput.traceId")
              or look(told.record, "modelInvocationOutput.traceId"))  # fmt: skip
    read_asked(told.take("modelInvocationInput.text"), draft)
    read_answered(told.take("modelInvocationOutput.rawResponse.content"), draft)
    thought = told.take("modelInvocationOutput.reasoningContent.reasoningText.text")
    draft.reasoning = draft.reasoning or (thought if type(thought) is str else "")
    if "model_requested" in draft.fields:
        draft.fields.setdefault("model", draft.fields["model_requested"])

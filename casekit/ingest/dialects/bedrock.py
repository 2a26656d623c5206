"""Invocation logs of AWS Bedrock: Converse, InvokeModel and their streams; and the files of its batches.

Source: AWS Bedrock user guide, "Monitor model invocation using CloudWatch Logs and Amazon S3", "Format and
upload your batch inference data".
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.calls import read_answered, read_asked, settle
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

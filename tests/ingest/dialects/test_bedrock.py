from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.bedrock import read_bedrock, read_bedrock_batch
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context

EVENTS = [
    {
        "type": "message_start",
        "message": {"id": "msg_1", "model": "claude-x", "usage": {"input_tokens": 9}},
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Be"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "rn."}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}},
    {
        "type": "message_stop",
        "amazon-bedrock-invocationMetrics": {"invocationLatency": 70, "firstByteLatency": 20},
    },
    "[DONE]",
]


def log(operation: str, asked: Any, answered: Any, **more: Any) -> dict[str, Any]:
    return {
        "timestamp": "2026-02-03T04:05:06Z",
        "accountId": "111122223333",
        "identity": {"arn": "arn:aws:iam::1:user/u"},
        "region": "us-east-1",
        "requestId": "r-1",
        "operation": operation,
        "modelId": "arn:aws:bedrock:us-east-1:1:inference-profile/us.claude-x-v1:0",
        "input": {
            "inputContentType": "application/json",
            "inputBodyJson": asked,
            "inputTokenCount": 9,
        },
        "output": {
            "outputContentType": "application/json",
            "outputBodyJson": answered,
            "outputTokenCount": 3,
        },
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        **more,
    }


def test_the_events_of_a_stream_are_put_together() -> None:
    draft = Draft(b"", Context())
    asked = {
        "anthropic_version": "x",
        "max_tokens": 5,
        "messages": [{"role": "user", "content": "Capital?"}],
    }
    assert read_bedrock(log("InvokeModelWithResponseStream", asked, EVENTS), draft)
    assert (draft.prompt, draft.output) == ("Capital?", "Bern.")
    fields = dict(draft.fields)
    fields.pop("parameters")
    assert fields == {
        "request_id": "r-1",
        "organisation": "111122223333",
        "account": "arn:aws:iam::1:user/u",
        "operation": "InvokeModelWithResponseStream",
        "input_tokens": 9,
        "output_tokens": 3,
        "provider": "aws-bedrock",
        "stream": 1,
        "max_tokens": 5,
        "latency_ms": 70,
        "ttft_ms": 20,
        "finish_reason": "end_turn",
        "upstream_id": "msg_1",
        "model": "us.claude-x-v1:0",
        "model_requested": "arn:aws:bedrock:us-east-1:1:inference-profile/us.claude-x-v1:0",
    }


def test_converse_keeps_thinking_apart_with_its_signature() -> None:
    draft = Draft(b"", Context())
    asked = {
        "messages": [{"role": "user", "content": [{"text": "Capital?"}]}],
        "system": [{"text": "Brief."}],
    }
    content = [
        {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "s="}}},
        {"text": "Bern."},
    ]
    answered = {
        "output": {"message": {"content": content}},
        "stopReason": "end_turn",
        "metrics": {"latencyMs": 12},
    }
    assert read_bedrock(log("Converse", asked, answered), draft)
    assert (draft.system, draft.prompt, draft.reasoning, draft.output) == (
        "Brief.",
        "Capital?",
        "Hm",
        "Bern.",
    )
    assert (draft.fields["reasoning_signature"], draft.fields["latency_ms"]) == ("s=", 12)


def test_bodies_in_s3_are_elsewhere_and_errors_are_told() -> None:
    moved, failed = Draft(b"", Context()), Draft(b"", Context())
    record = log("InvokeModel", None, None)
    record["input"] = {"inputBodyS3Path": "s3://b/k"}
    assert read_bedrock(record, moved)
    assert (moved.kind, moved.missing) == ("request", ("body-elsewhere",))
    assert read_bedrock(log("Converse", None, None, errorCode="ThrottlingException"), failed)
    assert failed.fields["error"] == "ThrottlingException"


@pytest.mark.parametrize(
    "body", [7, "text", "{cut", [], [7], {"messages": 7}, {"output": {"message": 7}}]
)
def test_odd_bodies_do_no_harm(body: Any) -> None:
    assert read_bedrock(log("Converse", body, body), Draft(b"", Context()))


def test_it_is_known_whatever_the_order_of_its_keys() -> None:
    record = log("Converse", {}, {})
    assert recognise(dict(reversed(record.items()))) == "AWS Bedrock invocations"
    assert recognise({"modelId": "x", "requestId": "y", "input": "z"}) == ""


BATCH = {
    "recordId": "CALL1",
    "modelInput": {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9,
                   "messages": [{"role": "user", "content": [{"type": "text", "text": "Capital?"}]}]},
}  # fmt: skip
DONE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-3-haiku",
    "content": [{"type": "text", "text": "Bern."}], "stop_reason": "end_turn",
    "usage": {"input_tokens": 1, "output_tokens": 2},
}  # fmt: skip


def test_a_line_of_a_batch_is_its_input_or_its_input_with_what_came_of_it() -> None:
    asked, answered, failed = (Draft(b"", Context()) for _ in range(3))
    assert recognise(BATCH) == "AWS Bedrock batch"
    assert read_bedrock_batch(BATCH, asked)
    assert read_bedrock_batch({**BATCH, "modelOutput": DONE}, answered)
    error = {"errorCode": 400, "errorMessage": "Malformed"}
    assert read_bedrock_batch({**BATCH, "error": error}, failed)
    assert (asked.prompt, asked.missing, asked.fields["joint"]) == (
        "Capital?", ("unjoined",), "bedrock-batch/request",
    )  # fmt: skip
    assert (answered.prompt, answered.output, answered.missing) == ("Capital?", "Bern.", ())
    assert (answered.fields["joint"], answered.fields["request_id"]) == (
        "bedrock-batch/answer",
        "CALL1",
    )
    assert (failed.fields["status"], failed.fields["error"], failed.extra) == (
        400, "Malformed", {"error": error},
    )  # fmt: skip


@pytest.mark.parametrize("value", [7, "x", [], {}, {"messages": 7}])
def test_odd_lines_of_a_batch_do_no_harm(value: Any) -> None:
    whole = {
        "recordId": "1",
        "modelInput": BATCH["modelInput"],
        "modelOutput": value,
        "error": value,
    }
    assert read_bedrock_batch(whole, Draft(b"", Context()))
    assert not read_bedrock_batch({"recordId": "1", "modelInput": [value]}, Draft(b"", Context()))

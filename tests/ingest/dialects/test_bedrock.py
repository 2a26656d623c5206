from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.bedrock import (
    read_bedrock,
    read_bedrock_agent,
    read_bedrock_batch,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all, texts

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
        "joint": "bedrock/part",
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


def agent(**step: Any) -> dict[str, Any]:
    """A part of an agent's trace, of the step that it orchestrates unless another is named."""
    told = step if any(key.endswith("Trace") for key in step) else {"orchestrationTrace": step}
    return {
        "agentId": "A", "agentAliasId": "AL", "agentVersion": "1", "sessionId": "S",
        "callerChain": [{"agentAliasArn": "arn"}], "eventTime": "2025-05-01T10:00:00.000Z", "trace": told,
    }  # fmt: skip


AGENT_ASKED = {
    "foundationModel": "claude-x", "type": "ORCHESTRATION", "traceId": "tr-0",
    "inferenceConfiguration": {"maximumLength": 2048, "temperature": 0.0, "topK": 250, "topP": 0.5},
    "text": '{"system":"Brief.","messages":[{"content":"Hi","role":"user"}]}',
}  # fmt: skip
AGENT_ANSWERED = {
    "metadata": {"clientRequestId": "q", "startTime": "2025-05-01T09:59:58.000Z", "totalTimeMs": 2000,
                 "usage": {"inputTokens": 4, "outputTokens": 5}},
    "rawResponse": {"content": '{"stop_reason":"end_turn","content":[{"type":"text","text":"Yo"}]}'},
    "reasoningContent": {"reasoningText": {"text": "why"}}, "traceId": "tr-0",
}  # fmt: skip


def test_the_two_halves_of_an_agents_call_are_one_exchange_and_its_other_steps_none() -> None:
    rows = [
        agent(modelInvocationInput=AGENT_ASKED),
        {"trace": agent(modelInvocationOutput=AGENT_ANSWERED)},
        agent(rationale={"text": "why", "traceId": "tr-0"}),
        agent(observation={"finalResponse": {"text": "Yo"}, "traceId": "tr-0", "type": "FINISH"}),
        agent(failureTrace={"failureReason": "throttled", "traceId": "tr-1"}),
    ]
    items, problems, _ = read_all(read, b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    calls = [item for item in items if item.kind == "exchange"]
    assert ([item.kind for item in items].count("record"), len(calls), problems) == (3, 1, [])
    assert texts(calls[0]) == {
        "system": "Brief.",
        "prompt": "Hi",
        "output": "Yo",
        "reasoning": "why",
    }
    told = calls[0].exchange
    assert told is not None
    assert (told.input_tokens, told.output_tokens, told.latency_ms, told.model, told.request_id) == (
        4, 5, 2000, "claude-x", "q",
    )  # fmt: skip
    assert (told.temperature, told.top_p, told.top_k, told.max_tokens) == (0.0, 0.5, 250, 2048)
    assert (told.conversation_id, told.trace_id, told.operation) == (
        "S",
        "tr-0",
        "orchestrationTrace",
    )
    assert "unjoined" not in told.completeness
    failed = [item.exchange.error for item in items if item.exchange and item.exchange.error]
    assert failed == ["throttled"]


def test_two_talks_with_an_agent_are_not_mixed_up() -> None:
    rows = [
        agent(modelInvocationInput=AGENT_ASKED),
        {**agent(modelInvocationOutput=AGENT_ANSWERED), "sessionId": "other"},
        agent(preProcessingTrace={"modelInvocationOutput": AGENT_ANSWERED}),
    ]
    items, _, _ = read_all(read, b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    assert [(item.kind, len(item.children)) for item in items] == [("exchange", 0)] * 3
    assert all("unjoined" in item.exchange.completeness for item in items if item.exchange)


def test_half_of_an_agents_call_says_so() -> None:
    draft = Draft(b"", Context())
    assert read_bedrock_agent(agent(modelInvocationOutput=AGENT_ANSWERED), draft)
    assert (draft.output, draft.missing, draft.title) == (
        "Yo", ("unjoined",), "orchestrationTrace, without its request",
    )  # fmt: skip
    assert recognise({"agentId": "A", "sessionId": "S", "trace": "x"}) == ""
    assert recognise({"trace": {"trace": {"orchestrationTrace": {}}}}) == ""

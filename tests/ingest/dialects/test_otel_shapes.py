from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.otel_shapes import read_other_span
from casekit.ingest.parsed import Context
from tests.ingest.records_case import items_in

NAME = "spans as SDKs print them, Jaeger, Zipkin, Phoenix, MLflow"
TOLD = {
    "gen_ai.request.model": "m",
    "gen_ai.prompt.0.role": "user",
    "gen_ai.prompt.0.content": "Hi",
    "gen_ai.completion.0.content": "Yo",
    "gen_ai.usage.prompt_tokens": 3,
}
LISTED = {
    "llm": {
        "model_name": "m",
        "input_messages": [{"message": {"role": "user", "content": "Hi"}}],
        "output_messages": [{"message.role": "assistant", "message.content": "Yo"}],
        "token_count": {"prompt": 3},
    },
    "openinference": {"span": {"kind": "LLM"}},
}
PRINTED = {
    "name": "chat m", "context": {"trace_id": "0xab", "span_id": "0xcd"}, "parent_id": "0xef",
    "start_time": "2025-06-02T14:12:33.100000Z", "end_time": "2025-06-02T14:12:33.350000Z",
    "attributes": TOLD, "events": [],
}  # fmt: skip
JAEGER = {
    "traceID": "ab", "spanID": "cd", "operationName": "chat m", "startTime": 1748873553100000,
    "duration": 250000,
    "references": [{"refType": "CHILD_OF", "traceID": "ab", "spanID": "ef"}], "logs": [],
    "tags": [{"key": key, "type": "string", "value": value} for key, value in TOLD.items()],
}  # fmt: skip
ZIPKIN = {
    "traceId": "ab", "id": "cd", "parentId": "ef", "name": "chat m", "timestamp": 1748873553100000,
    "duration": 250000, "tags": {key: str(value) for key, value in TOLD.items()},
}  # fmt: skip
PHOENIX = {**PRINTED, "attributes": LISTED}
ROW = {
    "context.trace_id": "ab", "context.span_id": "cd", "parent_id": "ef", "name": "chat m",
    "start_time": PRINTED["start_time"], "end_time": PRINTED["end_time"],
    **{f"attributes.{key}": value for key, value in TOLD.items()},
}  # fmt: skip


@pytest.mark.parametrize("record", [PRINTED, JAEGER, ZIPKIN, PHOENIX, ROW])
def test_one_call_in_five_forms(record: dict[str, Any]) -> None:
    assert recognise(record) == NAME
    draft = Draft(b"", Context())
    assert read_other_span(record, draft)
    assert (draft.kind, draft.prompt, draft.output) == ("exchange", "Hi", "Yo")
    fields = draft.fields
    told = {
        key: fields.get(key)
        for key in ("trace_id", "parent_request", "model", "input_tokens", "latency_ms")
    }
    assert told == {
        "trace_id": "ab", "parent_request": "ef", "model": "m", "input_tokens": 3, "latency_ms": 250,
    }  # fmt: skip
    assert draft.when is not None
    assert draft.when.us == 1748873553100000


@pytest.mark.parametrize(
    "record",
    [{}, {"context": {}}, {"context": {"trace_id": 1, "span_id": "x"}, "start_time": 1}, {"traceID": "a"},
     {"traceId": "a", "id": "b", "tags": {}}, {"traceID": "a", "spanID": "b", "operationName": "c"}],
)  # fmt: skip
def test_what_is_no_span(record: dict[str, Any]) -> None:
    assert not read_other_span(record, Draft(b"", Context()))


def test_the_process_that_a_span_of_jaeger_ran_in_is_kept() -> None:
    draft = Draft(b"", Context())
    draft.around = {"processes": {"p1": {"serviceName": "shop"}, "p2": {}}}
    assert read_other_span({**JAEGER, "processID": "p1"}, draft)
    assert draft.extra["process"] == {"serviceName": "shop"}


def test_attributes_as_objects_in_objects_are_opened_so_deep_and_no_deeper() -> None:
    deep: dict[str, Any] = {"end": 1}
    for _ in range(500):
        deep = {"x": deep}
    draft = Draft(b"", Context())
    assert read_other_span({**PRINTED, "attributes": {**TOLD, "llm": deep}}, draft)
    (name,) = (key for key in draft.extra["attributes"] if key.startswith("llm."))
    assert name == "llm.x.x.x.x.x.x"


BODY = {"model": "m-1", "temperature": 0.5, "messages": [{"role": "user", "content": "Why?"}]}
SAID = {"id": "c1", "object": "chat.completion", "model": "m-1-x", "choices": [
    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "So."}}]}  # fmt: skip
COUNTS = {"input_tokens": 9, "output_tokens": 3}
TOLD_MLFLOW = {
    "mlflow.traceRequestId": json.dumps("tr-1"), "mlflow.spanType": json.dumps("CHAT_MODEL"),
    "mlflow.spanInputs": json.dumps(BODY), "mlflow.spanOutputs": json.dumps(SAID),
    "mlflow.chat.tokenUsage": json.dumps(COUNTS), "own": "no JSON",
}  # fmt: skip
MLFLOW = {
    "name": "Completions", "context": {"span_id": "0xbb", "trace_id": "0x01"}, "parent_id": "0xaa",
    "start_time": 1735689600100000000, "end_time": 1735689601100000000, "attributes": TOLD_MLFLOW, "events": [],
}  # fmt: skip
MLFLOW_3 = {
    "trace_id": "AAAB", "span_id": "u7s=", "parent_span_id": "", "name": "Call", "attributes": TOLD_MLFLOW,
    "start_time_unix_nano": 1735689600100000000, "end_time_unix_nano": 1735689601100000000,
}  # fmt: skip


@pytest.mark.parametrize(
    ("span", "metadata", "parent"), [(MLFLOW, "request_metadata", "aa"), (MLFLOW_3, "trace_metadata", "")]
)  # fmt: skip
def test_a_trace_of_mlflow_gives_its_calls_and_who_asked(
    span: dict[str, Any], metadata: str, parent: str
) -> None:
    around = {"mlflow.trace.user": "ann", "mlflow.trace.session": "s1"}
    document = {"info": {metadata: around, "state": "OK"}, "data": {"spans": [span, span]}}
    assert recognise(span) == NAME
    items = items_in(document)
    assert len(items) == 2
    assert dict(items[0].texts) == {"prompt": "Why?", "output": "So."}
    assert items[0].when is not None
    assert items[0].when.us == 1735689600100000
    found = items[0].exchange
    assert found is not None
    assert (found.model, found.model_requested, found.temperature) == ("m-1-x", "m-1", 0.5)
    assert (found.account, found.conversation_id, found.parent_request) == ("ann", "s1", parent)
    assert (found.input_tokens, found.output_tokens, found.latency_ms) == (9, 3, 1000)
    assert json.loads(found.extra)["attributes"]["own"] == "no JSON"


def test_a_tool_of_mlflow_is_a_step_and_no_call() -> None:
    told = {**TOLD_MLFLOW, "mlflow.spanType": json.dumps("TOOL")}
    draft = Draft(b"", Context())
    assert read_other_span({**MLFLOW, "attributes": told}, draft)
    assert (draft.kind, draft.prompt, draft.output) == ("record", "", "")
    assert "So." in str(draft.body)

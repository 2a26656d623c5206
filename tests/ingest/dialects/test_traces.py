from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.traces import (
    langsmith_key,
    merge_langsmith,
    read_chatml,
    read_langfuse,
    read_langsmith,
)
from casekit.ingest.parsed import Context, sha256
from casekit.ingest.readers.json_records import read as read_json
from tests.ingest.records_case import read_all, texts

ASKED = [{"role": "user", "content": "Hi"}]
RUN = "fe8ffecb-72ce-4cd2-bdb7-01f34654c391"


def draft() -> Draft:
    return Draft(b"", Context())


@pytest.mark.parametrize("exported", [False, True])
def test_a_generation_in_both_spellings(exported: bool) -> None:
    made = draft()
    record: dict[str, Any] = {
        "id": "o", "traceId": "t", "type": "GENERATION", "startTime": "2025-06-06T11:31:33.978Z",
        "endTime": "2025-06-06T11:31:34.606Z", "model": "gpt-x", "modelParameters": {"temperature": 1},
        "usageDetails": {"input": 41, "output": 3}, "costDetails": {"total": 0.25}, "input": ASKED,
        "output": {"role": "assistant", "content": "Yo"}, "parentObservationId": "p",
    }  # fmt: skip
    if exported:
        record = {
            "id": "o", "trace_id": "t", "type": "GENERATION", "start_time": "2025-06-06 11:31:33.978000",
            "end_time": "2025-06-06 11:31:34.606000", "provided_model_name": "gpt-x",
            "model_parameters": '{"temperature":1}', "usage_details": '{"input":41,"output":3}',
            "cost_details": '{"total":0.25}', "input": json.dumps(ASKED), "output": "Yo",
            "parent_observation_id": "p",
        }  # fmt: skip
    made.around = {"trace": {"userId": "u", "sessionId": "s"}}
    assert read_langfuse(record, made)
    assert (made.kind, made.prompt, made.output) == ("exchange", "Hi", "Yo")
    parameters = made.fields.pop("parameters")
    assert json.loads(parameters) == {"temperature": 1}
    assert made.fields == {
        "request_id": "o", "trace_id": "t", "parent_request": "p", "operation": "GENERATION", "account": "u",
        "conversation_id": "s", "model": "gpt-x", "input_tokens": 41, "output_tokens": 3, "cost": 0.25,
        "currency": "USD", "latency_ms": 628, "temperature": 1.0,
    }  # fmt: skip


def test_a_step_of_the_program_is_a_record_found_by_its_words() -> None:
    made = draft()
    step = {"id": "o", "traceId": "t", "type": "TOOL", "startTime": "2025-06-06T11:31:33Z", "name": "search",
            "input": {"q": "Bern"}, "output": "found"}  # fmt: skip
    assert read_langfuse(step, made)
    assert (made.kind, made.prompt, made.body) == ("record", "", 'search\n\n{"q":"Bern"}\n\nfound')


def test_chat_messages_by_observation_become_exchanges_with_their_places() -> None:
    record = {
        "a1": {"input": {"success": True, "data": ASKED},
               "output": {"success": True, "data": [{"role": "assistant", "content": "Yo"}]}},
        "b2": {"input": {"success": False, "error": {}}, "output": {"success": False, "error": {}}},
    }  # fmt: skip
    raw = json.dumps(record, indent=1).encode()
    made = Draft(raw, Context())
    assert read_chatml(record, made)
    assert [(each.kind, dict(each.texts).get("output")) for each in made.children] == [
        ("exchange", "Yo"),
        ("record", None),
    ]
    for child, value in zip(made.children, record.values(), strict=True):
        (step,) = child.steps
        piece = raw[step.offset : step.offset + step.length]
        assert (json.loads(piece), sha256(piece)) == (value, child.sha256)


POST = {
    "id": RUN, "name": "ChatOpenAI", "run_type": "llm", "start_time": "2024-10-11T20:58:20.695375+00:00",
    "inputs": {"model": "gpt-x", "messages": ASKED}, "trace_id": RUN, "session_name": "default",
    "dotted_order": f"20241011T205820695375Z{RUN}",
    "extra": {"metadata": {"ls_provider": "openai", "ls_model_name": "gpt-x"}},
}  # fmt: skip
PATCH = {
    "dotted_order": f"20241011T205820695375Z{RUN}",
    "trace_id": RUN,
    "end_time": "2024-10-11T20:58:22.000000+00:00",
    "outputs": {
        "id": "chatcmpl-1",
        "model": "gpt-x-1",
        "choices": [
            {
                "finish_reason": {"finish_reason": "stop"},
                "message": {"role": "assistant", "content": "Yo"},
            }
        ],
        "usage_metadata": {"input_tokens": 9, "output_tokens": 2},
    },
    "events": [
        {"name": "new_token", "time": "2024-10-11T20:58:21.695375+00:00"},
        {"name": "other"},
    ],
}


def test_a_run_is_completed_by_its_patch() -> None:
    assert langsmith_key(POST) == langsmith_key(PATCH) == RUN
    made = draft()
    assert read_langsmith(merge_langsmith([POST, PATCH]), made)
    assert (made.prompt, made.output, made.missing) == ("Hi", "Yo", ())
    assert made.fields == {
        "request_id": RUN, "trace_id": RUN, "operation": "llm", "project": "default", "provider": "openai",
        "model_requested": "gpt-x", "model": "gpt-x-1", "latency_ms": 1304, "ttft_ms": 1000,
        "finish_reason": "stop", "upstream_id": "chatcmpl-1", "input_tokens": 9, "output_tokens": 2,
    }  # fmt: skip
    assert made.extra["events"] == [{"name": "other"}]


def test_each_half_alone_says_that_the_other_is_missing() -> None:
    asked, answered = draft(), draft()
    assert read_langsmith(POST, asked)
    assert read_langsmith(PATCH, answered)
    assert (asked.prompt, asked.missing) == ("Hi", ("unjoined",))
    assert (answered.output, answered.missing) == ("Yo", ("unjoined",))


def test_langchains_own_messages_and_generations() -> None:
    made = draft()
    human = {
        "lc": 1,
        "type": "constructor",
        "id": ["langchain", "HumanMessage"],
        "kwargs": {"content": "Hi"},
    }
    system = {"type": "system", "content": "Brief."}
    reply = {
        "lc": 1,
        "type": "constructor",
        "id": ["x", "AIMessage"],
        "kwargs": {"content": "Yo", "type": "ai"},
    }
    record = {
        **POST,
        "end_time": "2024-10-11T20:58:22Z",
        "inputs": {"messages": [[system, human]]},
        "outputs": {
            "generations": [[{"text": "Yo", "message": reply}]],
            "llm_output": {"model_name": "gpt-x-2", "token_usage": {"prompt_tokens": 4}},
        },
    }
    assert read_langsmith(record, made)
    assert (made.system, made.prompt, made.output) == ("Brief.", "Hi", "Yo")
    assert (made.fields["model"], made.fields["input_tokens"]) == ("gpt-x-2", 4)


@pytest.mark.parametrize(
    "record", [{"type": "GENERATION"}, {"run_type": "llm"}, {"a": {"input": 7}}, {"a": {}, "b": 1}]
)
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""


def test_hostile_values_do_no_harm() -> None:
    odd = {**POST, "inputs": {"messages": [[7]]}, "outputs": {"generations": [[[]]], "choices": [7]},
           "events": [7], "extra": "{", "start_time": []}  # fmt: skip
    assert read_langsmith(odd, draft())
    assert read_langfuse(
        {"type": "GENERATION", "traceId": 7, "startTime": {}, "input": "{", "usage": []}, draft()
    )


def test_generations_beside_the_first_and_further_talks_are_kept() -> None:
    def said(text: str) -> dict[str, Any]:
        return {"message": {"kwargs": {"content": text, "type": "ai"}, "type": "constructor"}}

    run = {
        "id": "r", "dotted_order": "x" * 40, "run_type": "llm", "start_time": "2024-10-11T20:58:20Z",
        "inputs": {"messages": [[{"type": "human", "content": "Q1"}], [{"type": "human", "content": "Q2"}]]},
        "outputs": {"generations": [[said("A1"), {"text": "A2"}], [said("B1")]]},
    }  # fmt: skip
    made = draft()
    assert read_langsmith(run, made)
    assert (made.prompt, made.output) == ("user: Q1\n\nuser: Q2", "A1")
    assert made.answers == ("A2", "B1")
    assert made.extra["outputs"] == run["outputs"]


def test_an_observation_as_its_events_are_sent() -> None:
    sent = {"timestamp": "2025-09-19T21:59:59Z"}
    begun = {"id": "g", "traceId": "t", "model": "m", "input": [{"role": "user", "content": "Hi"}],
             "startTime": "2025-09-19T21:59:59Z"}  # fmt: skip
    ended = {
        "id": "g",
        "output": "Yo",
        "endTime": "2025-09-19T22:00:00Z",
        "usage": {"input": 3, "output": 2},
    }
    events = [
        {**sent, "id": "1", "type": "trace-create", "body": {"id": "t", "name": "T"}},
        {**sent, "id": "2", "type": "generation-create", "body": begun},
        {**sent, "id": "3", "type": "generation-update", "body": ended},
    ]
    items, problems, _ = read_all(read_json, json.dumps({"batch": events}).encode())
    assert problems == []
    assert sorted((each.kind, each.title) for each in items) == [
        ("exchange", "Hi"), ("record", "trace-create T"),
    ]  # fmt: skip
    one = next(each for each in items if each.kind == "exchange")
    assert texts(one) == {"prompt": "Hi", "output": "Yo"}
    assert one.exchange is not None
    assert (one.exchange.input_tokens, one.exchange.output_tokens, one.exchange.latency_ms) == (
        3,
        2,
        1000,
    )


def test_a_langfuse_table_counts_tokens_in_columns() -> None:
    row = {"id": "o", "traceId": "t", "type": "GENERATION", "startTime": "2025-01-01 10:00:00.000",
           "inputTokens": "3", "outputTokens": "4"}  # fmt: skip
    draft = Draft(b"", Context())
    assert read_langfuse(row, draft)
    assert (draft.fields["input_tokens"], draft.fields["output_tokens"]) == (3, 4)

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.call_trees import read_braintrust, read_weave
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context

ASKED = [{"role": "user", "content": "Hi"}]
COUNTS = {"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21}
ANSWERED = {
    "id": "chatcmpl-9", "object": "chat.completion", "model": "gpt-x-1", "usage": COUNTS,
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Yo"}, "finish_reason": "stop"}],
}  # fmt: skip


def draft() -> Draft:
    return Draft(b"", Context())


def weave(op: str, inputs: Any, output: Any, **more: Any) -> dict[str, Any]:
    """A call as the calls of a project are queried, or exported."""
    return {
        "id": "c1", "project_id": "team/project", "op_name": f"weave:///team/project/op/{op}:abc",
        "display_name": None, "trace_id": "t", "parent_id": "c0", "started_at": "2024-08-01T10:00:00.000000Z",
        "attributes": {}, "inputs": inputs, "ended_at": "2024-08-01T10:00:02Z", "exception": None,
        "output": output, "summary": {"usage": {"gpt-x-1": {"requests": 1, **COUNTS}}}, "wb_user_id": "u-1",
        **more,
    }  # fmt: skip


def test_a_call_of_a_model_in_weave() -> None:
    made = draft()
    call = weave(
        "openai.chat.completions.create",
        {"self": "x", "model": "gpt-x", "messages": ASKED},
        ANSWERED,
    )
    assert recognise(call) == "Weights & Biases Weave"
    assert read_weave(call, made)
    assert (made.kind, made.prompt, made.output) == ("exchange", "Hi", "Yo")
    assert made.fields == {
        "request_id": "c1", "trace_id": "t", "parent_request": "c0", "project": "team/project",
        "account": "u-1", "latency_ms": 2000, "operation": "openai.chat.completions.create",
        "model": "gpt-x-1", "model_requested": "gpt-x", "input_tokens": 9, "output_tokens": 12,
        "finish_reason": "stop", "upstream_id": "chatcmpl-9",
    }  # fmt: skip
    assert made.when is not None


def test_a_step_of_a_program_in_weave_has_the_sum_of_its_calls_and_none_of_its_own() -> None:
    made = draft()
    assert read_weave(weave("answer", {"question": "Hi"}, "Yo"), made)
    assert (made.kind, made.body) == (
        "record", 'weave:///team/project/op/answer:abc\n\n{"question":"Hi"}\n\nYo',
    )  # fmt: skip
    assert "input_tokens" not in made.fields
    assert made.extra["summary"]["usage"]
    agent = draft()  # an agent may be given a model and messages, and answer in words of its own
    assert read_weave(weave("agent", {"model": "gpt-x", "messages": ASKED}, "Yo"), agent)
    assert (agent.kind, "input_tokens" in agent.fields) == ("record", False)
    for output in ({"answer": "Yo"}, {"text": "Yo"}, ["Yo"]):
        other = draft()
        assert read_weave(weave("agent", {"model": "gpt-x", "messages": ASKED}, output), other)
        assert (other.kind, "input_tokens" in other.fields) == ("record", False)


def test_an_answer_of_another_api_in_weave_and_one_that_two_models_gave() -> None:
    gemini, both = draft(), draft()
    answer = {"candidates": [{"content": {"parts": [{"text": "Yo"}]}, "finishReason": "STOP"}],
              "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2}}  # fmt: skip
    assert read_weave(
        weave("generate_content", {"model": "gemini-x", "contents": "Hi"}, answer), gemini
    )
    assert (gemini.kind, gemini.prompt, gemini.output) == ("exchange", "Hi", "Yo")
    assert (gemini.fields["model"], gemini.fields["input_tokens"]) == ("gemini-x", 3)
    silent = {key: value for key, value in ANSWERED.items() if key != "usage"}
    summed = {"usage": {"gpt-x-1": COUNTS, "other": COUNTS}}
    asked = {"model": "gpt-x", "messages": ASKED}
    assert read_weave(weave("create", asked, silent, summary=summed), both)
    assert "input_tokens" not in both.fields  # nobody says which of the two was this call's


def test_a_call_in_weave_that_failed_and_one_whose_answer_counts_nothing() -> None:
    failed, silent = draft(), draft()
    asked = {"model": "gpt-x", "messages": ASKED}
    assert read_weave(weave("create", asked, None, exception="Timeout", summary={}), failed)
    assert (failed.kind, failed.prompt, failed.fields["error"], failed.fields["model"]) == (
        "exchange", "Hi", "Timeout", "gpt-x",
    )  # fmt: skip
    answer = {key: value for key, value in ANSWERED.items() if key != "usage"}
    assert read_weave(weave("create", asked, answer), silent)
    assert (silent.fields["input_tokens"], silent.fields["output_tokens"]) == (9, 12)


def braintrust(kind: str, given: Any, output: Any, **more: Any) -> dict[str, Any]:
    """A span as a project's log gives it."""
    return {
        "id": "e2", "_xact_id": "1000", "created": "2024-08-01T10:00:09.000Z", "project_id": "pr",
        "span_id": "s2", "root_span_id": "s1", "span_parents": ["s1"], "is_root": False, "input": given,
        "output": output, "error": None, "span_attributes": {"name": "Chat Completion", "type": kind},
        "metrics": {"start": 1722506400.25, "end": 1722506402.25, "time_to_first_token": 0.3, "tokens": 21,
                    "prompt_tokens": 9, "completion_tokens": 12, "prompt_cached_tokens": 3,
                    "completion_reasoning_tokens": 4},
        "metadata": {"model": "gpt-x", "temperature": 0.5, "user_id": "u-1", "build": 7}, **more,
    }  # fmt: skip


def test_a_call_of_a_model_in_braintrust() -> None:
    made = draft()
    span = braintrust("llm", ASKED, ANSWERED["choices"])
    assert recognise(span) == "Braintrust"
    assert read_braintrust(span, made)
    assert (made.kind, made.prompt, made.output) == ("exchange", "Hi", "Yo")
    parameters = made.fields.pop("parameters")
    assert parameters == '{"temperature":0.5}'
    assert made.fields == {
        "request_id": "s2", "trace_id": "s1", "parent_request": "s1", "project": "pr", "operation": "llm",
        "account": "u-1", "latency_ms": 2000, "ttft_ms": 300, "input_tokens": 9, "output_tokens": 12,
        "cache_read_tokens": 3, "reasoning_tokens": 4, "model": "gpt-x", "model_requested": "gpt-x",
        "temperature": 0.5, "finish_reason": "stop",
    }  # fmt: skip
    assert made.extra["metadata"] == {"build": 7}
    assert made.when is not None
    assert made.when.us == 1_722_506_400_250_000


def test_a_step_in_braintrust_is_a_record_without_tokens() -> None:
    made, words = draft(), draft()
    assert read_braintrust(braintrust("task", {"q": "Hi"}, "Yo", error="late"), made)
    assert (made.kind, made.body, made.fields["error"]) == ("record", '{"q":"Hi"}\n\nYo', "late")
    assert "input_tokens" not in made.fields
    assert read_braintrust(braintrust("llm", "Hi", "Yo"), words)
    assert (words.kind, words.prompt, words.output) == ("exchange", "Hi", "Yo")
    assert recognise({"span_id": "s", "root_span_id": "r"}) == ""

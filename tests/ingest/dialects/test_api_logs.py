from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import Reading, recognise
from casekit.ingest.dialects.api_logs import (
    read_alone_request,
    read_alone_response,
    read_batch_input,
    read_batch_output,
    read_pair,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context
from casekit.ingest.readers import json_records
from casekit.ingest.readers.json_records import read as read_document
from casekit.ingest.readers.jsonl import read
from tests.ingest.records_case import read_all, texts

ASK = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
ANSWER = {
    "id": "a1",
    "model": "m-1",
    "content": [{"type": "text", "text": "Yo"}],
    "stop_reason": "end_turn",
}


def draft() -> Draft:
    return Draft(b"", Context())


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"request": ASK, "response": ANSWER}, "request and response"),
        ({"request": ASK, "response": None}, "request and response"),
        ({"response": ANSWER}, "request and response"),
        (
            {"request": {"body": json.dumps(ASK)}, "response": {"body": ANSWER}},
            "request and response",
        ),
        ({"request": {"a": 1}, "response": {"b": 1}}, ""),
        ({"request": "{broken", "response": 7}, ""),
        ({"custom_id": "q", "method": "POST", "url": "/v1", "body": ASK}, "batch input"),
        ({"custom_id": "q", "params": ASK}, "batch input"),
        ({"custom_id": "q", "response": {"status_code": 200, "body": ANSWER}}, "batch output"),
        ({"custom_id": "q", "response": None, "error": {}}, "batch output"),
        ({"custom_id": "q", "result": {"type": "errored", "error": {}}}, "batch output"),
        ({"custom_id": "q"}, ""),
        (ASK, "model request"),
        (ANSWER, "model response"),
        ({}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_records_are_told_by_keys_and_what_is_below(record: Any, name: str) -> None:
    assert recognise(record) == name


def test_the_http_envelope_is_opened_and_kept() -> None:
    made = draft()
    record = {
        "request": {
            "method": "POST",
            "url": "https://x/v1",
            "headers": {"User-Agent": "sdk/1"},
            "body": ASK,
        },
        "response": {
            "status_code": 200,
            "headers": {"date": "Tue, 03 Feb 2026 04:05:06 GMT", "request-id": "r1"},
            "body": json.dumps(ANSWER),
        },
    }
    assert read_pair(record, made)
    assert (made.prompt, made.output) == ("Hi", "Yo")
    assert made.when is not None
    assert made.when.raw == "Tue, 03 Feb 2026 04:05:06 GMT"
    assert {
        key: made.fields[key] for key in ("endpoint", "user_agent", "status", "request_id", "model")
    } == {
        "endpoint": "https://x/v1",
        "user_agent": "sdk/1",
        "status": 200,
        "request_id": "r1",
        "model": "m-1",
    }
    assert made.extra["request_envelope"] == {"method": "POST", "headers": {"User-Agent": "sdk/1"}}
    assert made.extra["response"] == {"id": "a1"}


def test_values_of_the_wrong_type_around_the_bodies_go_to_extra() -> None:
    made = draft()
    record = {"ts": "later", "account_id": {"x": 1}, "ip": None, "asn": "64512", "status": "ok", "id": 5,
              "request": ASK, "usage": 3, "odd": [1]}  # fmt: skip
    assert read_pair(record, made)
    assert made.extra == {
        "ts": "later",
        "account_id": {"x": 1},
        "status": "ok",
        "odd": [1],
        "usage": 3,
    }
    assert (made.fields["asn"], made.fields["request_id"]) == (64512, "5")
    assert "ip" not in made.fields


def test_two_keys_for_one_field_leave_the_second_in_extra() -> None:
    made = draft()
    read_pair({"request_id": "a", "id": "b", "url": "/x", "path": "/y", "request": ASK}, made)
    assert (made.fields["request_id"], made.fields["endpoint"]) == ("a", "/x")
    assert made.extra == {"id": "b", "path": "/y"}


def test_a_batch_is_known_by_its_custom_id() -> None:
    asked, answered, failed = draft(), draft(), draft()
    assert read_batch_input({"custom_id": "q", "url": "/v1", "body": ASK}, asked)
    assert (asked.prompt, asked.fields["request_id"], asked.fields["model_requested"]) == (
        "Hi",
        "q",
        "m",
    )
    record = {
        "id": "b1",
        "custom_id": "q",
        "response": {"status_code": 200, "request_id": "r", "body": ANSWER},
        "error": None,
    }
    assert read_batch_output(record, answered)
    assert (answered.output, answered.fields["request_id"], answered.fields["status"]) == (
        "Yo",
        "q",
        200,
    )
    assert answered.extra == {
        "response_envelope": {"request_id": "r"},
        "response": {"id": "a1"},
        "id": "b1",
    }
    assert read_batch_output(
        {"custom_id": "q", "result": {"type": "errored", "error": {"type": "x"}}}, failed
    )
    assert (failed.fields, failed.extra) == (
        {
            "request_id": "q",
            "finish_reason": "errored",
            "error": "x",
            "joint": "anthropic-batch/answer",
        },
        {"error": {"type": "x"}},
    )


def test_a_body_alone_lacks_the_other_half() -> None:
    asked, answered = draft(), draft()
    assert read_alone_request(ASK, asked)
    assert read_alone_response({**ANSWER, "request_id": "r"}, answered)
    assert (asked.prompt, asked.output, answered.prompt, answered.output) == ("Hi", "", "", "Yo")
    assert answered.fields["request_id"] == "r"


def test_bodies_of_gemini_and_converse_are_read_as_pairs_and_alone() -> None:
    gemini = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
    answer = {"candidates": [{"content": {"parts": [{"text": "Yo"}]}}], "modelVersion": "gemini-x"}
    converse = {
        "output": {"message": {"role": "assistant", "content": [{"text": "Yo"}]}},
        "stopReason": "end_turn",
    }
    pair, other, question, reply = draft(), draft(), draft(), draft()
    assert read_pair({"request": {"url": "https://g/", "body": gemini}, "response": answer}, pair)
    assert (pair.prompt, pair.output, pair.fields["model"]) == ("Hi", "Yo", "gemini-x")
    assert pair.fields["endpoint"] == "https://g/"
    assert read_pair({"request": ASK, "response": converse}, other)
    assert (other.output, other.fields["finish_reason"]) == ("Yo", "end_turn")
    assert read_alone_request(gemini, question)
    assert read_alone_response(answer, reply)
    assert (question.prompt, reply.output) == ("Hi", "Yo")


def test_what_headers_tell_of_the_client() -> None:
    made = draft()
    sent = {"User-Agent": ["sdk/1"], "X-Stainless-OS": "Linux", "x-stainless-retry-count": "2"}
    got = {"OpenAI-Organization": "org", "openai-processing-ms": "77", "x-request-id": "r"}
    record = {
        "request": {"headers": sent, "body": ASK},
        "response": {"headers": got, "body": ANSWER},
    }
    assert read_pair(record, made)
    wanted = {"user_agent": "sdk/1", "organisation": "org", "latency_ms": 77, "request_id": "r"}
    assert {key: made.fields[key] for key in wanted} == wanted
    assert json.loads(made.fields["sdk"]) == {
        "x-stainless-os": "Linux",
        "x-stainless-retry-count": "2",
    }


def test_a_body_that_is_cut_or_says_a_thing_twice_is_shown_as_it_stands() -> None:
    cut = '{"id":"a1","choices":[{"message":{"content":"The secret is'
    twice = '{"model":"m","model":"other","messages":[{"role":"user","content":"Hi"}]}'
    made = draft()
    assert read_pair({"request": ASK, "response": cut}, made)
    assert (made.prompt, made.output, made.missing) == ("Hi", cut, ("truncated",))
    assert [each.kind for each in made.problems] == ["broken-body"]
    made = draft()
    assert read_pair({"request": {"body": twice}, "response": ANSWER}, made)
    assert (made.prompt, made.output, made.missing) == (twice, "Yo", ())
    assert "model_requested" not in made.fields
    assert [each.kind for each in made.problems] == ["broken-body"]
    made = draft()
    assert read_pair({"request": twice[:-20], "response": cut}, made)
    assert (made.prompt, made.output) == (twice[:-20], cut)
    made = draft()
    assert read_batch_output({"custom_id": "q", "response": {"body": cut}, "error": None}, made)
    assert (made.output, made.missing) == (cut, ("unjoined", "truncated"))


def test_who_asked_does_not_depend_on_the_order_of_keys() -> None:
    record = {
        "end_user": "alice", "user": "bob", "account_id": "acct_1", "remote_addr": "10.0.0.1",
        "client_ip": "192.0.2.7", "id": "row 7", "request_id": "req_1", "created": 1_700_000_000,
        "ts": 1_600_000_000, "request": ASK, "response": ANSWER,
    }  # fmt: skip
    for each in (record, dict(reversed(record.items()))):
        made = draft()
        assert read_pair(each, made)
        who = ("account", "end_user", "ip", "request_id")
        assert [made.fields[name] for name in who] == ["acct_1", "bob", "192.0.2.7", "req_1"]
        assert made.when is not None
        assert made.when.field == "ts"
        assert made.extra["end_user"] == "alice"
        assert made.extra["remote_addr"] == "10.0.0.1"
    made = draft()
    assert read_pair({"end_user": "alice", "request": ASK}, made)
    assert made.fields["account"] == "alice"


def test_a_message_without_a_role_costs_no_request() -> None:
    made = draft()
    asked = {"model": "m", "messages": [*ASK["messages"], {"content": "no role"}]}
    assert read_pair({"request": asked, "response": ANSWER}, made)
    assert made.prompt == "user: Hi\n\nunnamed: no role"


@pytest.mark.parametrize(
    ("record", "joint"),
    [
        ({"custom_id": "q", "body": ASK}, "openai-batch/request"),
        ({"custom_id": "q", "params": ASK}, "anthropic-batch/request"),
        ({"custom_id": "q", "response": {"body": ANSWER}, "error": None}, "openai-batch/answer"),
        ({"custom_id": "q", "result": {"type": "expired"}}, "anthropic-batch/answer"),
        ({"key": "q", "request": ASK}, "gemini-batch/request"),
        ({"key": "q", "response": ANSWER}, "gemini-batch/answer"),
    ],
)
def test_a_half_of_a_batch_says_which_it_is(record: dict[str, Any], joint: str) -> None:
    made = Reading(Context()).draft(record, b"")
    assert made is not None
    assert (made.fields["joint"], made.fields["request_id"], made.missing) == (
        joint,
        "q",
        ("unjoined",),
    )
    assert "key" not in made.extra


@pytest.mark.parametrize(
    "record",
    [
        {"key": "q", "request": ASK, "response": ANSWER},
        {"key": 7, "request": ASK},
        {"key": "sk-1", "request": ASK, "ip": "192.0.2.7"},
    ],
)
def test_a_whole_call_is_no_half_of_a_batch(record: dict[str, Any]) -> None:
    made = draft()
    assert read_pair(record, made)
    assert "joint" not in made.fields
    assert made.extra["key"] == record["key"]


def test_the_usage_at_the_end_of_a_stream_is_no_answer_of_its_own() -> None:
    def piece(*choices: Any, **more: Any) -> dict[str, Any]:
        return {
            "id": "c",
            "object": "chat.completion.chunk",
            "model": "m",
            "choices": [*choices],
            **more,
        }

    said = {"index": 0, "delta": {"role": "assistant", "content": "Yo"}, "finish_reason": "stop"}
    counted = piece(usage={"prompt_tokens": 9, "completion_tokens": 12})
    rows = [piece(said, usage=None), counted]
    items, problems, _ = read_all(read, b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    assert ([item.kind for item in items], problems) == (["exchange"], [])
    told = items[0].exchange
    assert told is not None
    assert (texts(items[0])["output"], told.input_tokens, told.output_tokens) == ("Yo", 9, 12)
    assert recognise({**counted, "object": "text_completion"}) == "streamed answer"
    assert recognise(
        {"object": "text_completion", "id": "c", "model": "m", "choices": [{"text": "Yo"}]}
    ) == ("model response")


def test_what_azures_filter_says_before_a_stream_is_no_answer() -> None:
    first = {
        "id": "",
        "object": "",
        "model": "",
        "created": 0,
        "choices": [],
        "prompt_filter_results": [{}],
    }
    said = {"id": "c", "object": "chat.completion.chunk", "model": "m",
            "choices": [{"index": 0, "delta": {"content": "Yo"}, "finish_reason": "stop"}]}  # fmt: skip
    items, problems, _ = read_all(
        read, b"".join(json.dumps(row).encode() + b"\n" for row in (first, said))
    )
    assert ([item.kind for item in items], problems) == (["record", "exchange"], [])
    whole = {"id": "c", "model": "m", "choices": [], "prompt_filter_results": [{}]}
    assert recognise(whole) == "model response"


def test_a_stream_of_gemini_kept_as_an_array_is_one_answer() -> None:
    def piece(text: str, **more: Any) -> dict[str, Any]:
        said = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0, **more}
        return {"candidates": [said], "modelVersion": "gemini-x", "responseId": "r1"}

    data = json.dumps([piece("Hel"), piece("lo", finishReason="STOP")], indent=1).encode()
    items, problems, _ = read_all(json_records.read, data)
    assert not problems
    first, *rest = items
    assert texts(first) == {"output": "Hello"}
    assert first.exchange is not None
    assert (first.exchange.stream, first.exchange.finish_reason) == (1, "STOP")
    assert all(each.kind != "exchange" for each in rest)
    alone = Draft(b"", Context())
    assert read_alone_response(piece("Yo", finishReason="STOP"), alone)
    assert (alone.output, "stream" in alone.fields) == ("Yo", False)


def test_a_question_that_gemini_refused_says_why() -> None:
    record = {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 5},
              "modelVersion": "gemini-x", "responseId": "r1"}  # fmt: skip
    draft = Draft(b"", Context())
    assert recognise(record) == "model response"
    assert read_alone_response(record, draft)
    assert (draft.output, draft.fields["finish_reason"], draft.fields["input_tokens"]) == (
        "",
        "SAFETY",
        5,
    )
    assert draft.extra["response"]["promptFeedback"] == {"blockReason": "SAFETY"}


def test_vectors_by_themselves_are_an_answer() -> None:
    record = {"object": "list", "model": "emb-1", "data": [{"object": "embedding", "embedding": [0.5]}],
              "usage": {"prompt_tokens": 8, "total_tokens": 8}}  # fmt: skip
    assert recognise(record) == "model response"
    made = draft()
    assert read_alone_response(record, made)
    assert made.fields == {"operation": "embeddings", "model": "emb-1", "input_tokens": 8}
    assert made.extra["response"]["data"] == record["data"]
    assert made.title == "Vectors of emb-1"


def test_thoughts_and_calls_among_kept_messages_are_read_with_them() -> None:
    steps = [
        {
            "type": "message",
            "id": "m",
            "role": "user",
            "content": [{"type": "input_text", "text": "Hi"}],
        },
        {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "Hm"}]},
        {"type": "function_call", "id": "f", "call_id": "c", "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "id": "o", "call_id": "c", "output": "found"},
    ]
    page = {"object": "list", "data": steps, "first_id": "m", "last_id": "o", "has_more": False}
    items, problems, _ = read_all(read_document, json.dumps(page).encode())
    assert [texts(each) for each in items] == [
        {"prompt": "Hi"}, {"reasoning": "Hm"}, {"output": "[function_call look] {}"}, {"prompt": "found"},
    ]  # fmt: skip
    assert not [each for each in problems if each.kind == "unknown-record"]

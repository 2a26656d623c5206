from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.gateways import (
    read_cloudflare,
    read_helicone,
    read_helicone_page,
    read_kong,
    read_litellm,
    read_openrouter,
    read_portkey,
)
from casekit.ingest.parsed import Context

ASKED = [{"role": "user", "content": "Hi"}]
ANSWERED = {
    "id": "chatcmpl-9",
    "model": "gpt-x-1",
    "choices": [{"message": {"role": "assistant", "content": "Yo"}}],
}


def draft() -> Draft:
    return Draft(b"", Context())


SPEND = {
    "request_id": "r-1",
    "call_type": "acompletion",
    "api_key": "88dc28d0",
    "spend": 0.5,
    "prompt_tokens": 20,
    "completion_tokens": 10,
    "startTime": "2024-06-07 12:43:30.308",
    "endTime": "2024-06-07 12:43:30.954",
    "completionStartTime": "2024-06-07 12:43:30.500",
    "model": "gpt-x",
    "model_group": "group",
    "custom_llm_provider": "openai",
    "user": "u-1",
    "end_user": "e-1",
    "requester_ip_address": "198.18.7.1",
    "metadata": '{"user_api_key_org_id": "org-1", "user_api_key_team_id": "team-1", "other": 1}',
    "messages": {},
    "response": {},
}


def test_a_spend_log_without_prompts_is_a_request() -> None:
    made = draft()
    assert read_litellm(SPEND, made)
    assert made.kind == "request"
    assert made.when is not None
    assert made.when.zone == "assumed:no zone given, read as UTC"
    assert made.fields == {
        "request_id": "r-1",
        "operation": "acompletion",
        "api_key": "88dc28d0",
        "account": "u-1",
        "end_user": "e-1",
        "organisation": "org-1",
        "project": "team-1",
        "ip": "198.18.7.1",
        "provider": "openai",
        "model": "gpt-x",
        "model_requested": "group",
        "cost": 0.5,
        "input_tokens": 20,
        "output_tokens": 10,
        "latency_ms": 646,
        "ttft_ms": 192,
        "currency": "USD",
    }
    assert made.extra["metadata"] == {"other": 1}


def test_the_callbacks_payload_carries_the_bodies_and_epoch_times() -> None:
    made, hidden = draft(), draft()
    made.raw = b'{"startTime":1717764210.308}'
    payload = {"id": "r-2", "call_type": "acompletion", "response_cost": 0.1, "startTime": 1717764210.308,
               "endTime": 1717764210.954, "messages": ASKED, "response": ANSWERED, "stream": False,
               "model_parameters": {"temperature": 0.2}, "status": "success"}  # fmt: skip
    assert read_litellm(payload, made)
    assert (made.prompt, made.output, made.kind) == ("Hi", "Yo", "exchange")
    assert (made.fields["temperature"], made.fields["model"], made.fields["stream"]) == (
        0.2,
        "gpt-x-1",
        0,
    )
    assert read_litellm(
        {**payload, "messages": [{"role": "user", "content": "redacted-by-litellm"}]}, hidden
    )
    assert hidden.missing == ("redacted",)


def test_prompts_may_stand_in_what_the_proxy_was_sent() -> None:
    made = draft()
    assert read_litellm(
        {**SPEND, "proxy_server_request": {"body": {"model": "m", "messages": ASKED}}}, made
    )
    assert made.prompt == "Hi"


def test_helicone_with_bodies_and_with_an_address_only() -> None:
    record = {
        "request_id": "r",
        "request_created_at": "2026-02-03T04:05:06Z",
        "request_path": "/v1/chat",
        "request_body": {"model": "gpt-x", "messages": ASKED},
        "response_body": ANSWERED,
        "response_status": 200,
        "delay_ms": 812,
        "time_to_first_token": 90,
        "prompt_tokens": 1,
        "completion_tokens": 2,
        "cost": 0.01,
        "country_code": "CH",
        "provider": "OPENAI",
        "request_user_id": "u",
        "signed_body_url": None,
        "request_properties": {"Helicone-Session-Id": "s"},
    }
    made, moved = draft(), draft()
    assert read_helicone(record, made)
    assert (made.prompt, made.output, made.missing) == ("Hi", "Yo", ())
    wanted = {
        "request_id": "r",
        "account": "u",
        "country": "CH",
        "conversation_id": "s",
        "status": 200,
        "latency_ms": 812,
        "ttft_ms": 90,
        "cost": 0.01,
        "model": "gpt-x-1",
        "upstream_id": "chatcmpl-9",
    }
    assert {key: made.fields[key] for key in wanted} == wanted
    bare = {**record, "request_body": None, "response_body": "", "signed_body_url": "https://x"}
    assert read_helicone(bare, moved)
    assert (moved.kind, moved.missing) == ("request", ("body-elsewhere",))


@pytest.mark.parametrize("wrapped", [True, False])
def test_openrouter_names_the_upstreams_call(wrapped: bool) -> None:
    record: dict[str, Any] = {
        "id": "gen-1", "upstream_id": "chatcmpl-791", "created_at": "2024-07-15T23:33:19.433273+00:00",
        "model": "sao10k/l3", "provider_name": "Infermatic", "tokens_prompt": 10, "tokens_completion": 25,
        "native_tokens_prompt": 11, "native_tokens_reasoning": 5, "total_cost": 0.0015, "streamed": True,
        "latency": 1250.5, "external_user": "user-123", "user_agent": "UA", "http_referer": "https://r/",
        "finish_reason": "stop",
    }  # fmt: skip
    made = draft()
    assert read_openrouter({"data": record} if wrapped else record, made)
    assert made.kind == "request"
    wanted = {
        "upstream_id": "chatcmpl-791",
        "request_id": "gen-1",
        "provider": "Infermatic",
        "input_tokens": 10,
        "output_tokens": 25,
        "reasoning_tokens": 5,
        "cost": 0.0015,
        "stream": 1,
        "latency_ms": 1250,
        "end_user": "user-123",
        "referer": "https://r/",
    }
    assert {key: made.fields[key] for key in wanted} == wanted
    assert made.extra["native_tokens_prompt"] == 11


def test_cloudflare_with_and_without_bodies() -> None:
    record = {"id": "l", "created_at": "2026-02-03T04:05:06Z", "provider": "openai", "model": "gpt-x",
              "path": "chat/completions", "status_code": 200, "cached": False, "tokens_in": 14, "tokens_out": 8,
              "duration": 640, "cost": 0.1, "metadata": "{}"}  # fmt: skip
    bare, full = draft(), draft()
    assert read_cloudflare(record, bare)
    assert (bare.kind, bare.title) == ("request", "200 chat/completions gpt-x")
    assert (bare.fields["input_tokens"], bare.fields["latency_ms"], bare.fields["currency"]) == (
        14,
        640,
        "USD",
    )
    pushed = {"Gateway": "g", "Provider": "openai", "Model": "gpt-x", "Cached": False, "StatusCode": 200,
              "RequestBody": {"messages": ASKED}, "ResponseBody": ANSWERED}  # fmt: skip
    assert read_cloudflare(pushed, full)
    assert (full.prompt, full.output) == ("Hi", "Yo")
    sealed = draft()
    locked = {"type": "encrypted", "data": "eA=="}
    assert read_cloudflare({**pushed, "RequestBody": locked, "ResponseBody": locked}, sealed)
    assert (sealed.kind, sealed.missing, sealed.extra["RequestBody"]) == (
        "request",
        ("redacted",),
        locked,
    )


@pytest.mark.parametrize(
    "record",
    [
        {"call_type": "x"},
        {"request_created_at": 1},
        {"provider_name": "x"},
        {"tokens_in": 1},
        {"data": 7},
    ],
)
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""


def test_hostile_values_do_no_harm() -> None:
    odd: dict[str, Any] = {key: [{}] for key in SPEND}
    assert read_litellm(odd, draft())
    assert read_helicone(
        {"request_created_at": {}, "request_body": "{", "response_body": 7}, draft()
    )
    assert read_openrouter({"provider_name": 7, "upstream_id": []}, draft())
    assert read_cloudflare(
        {"tokens_in": [], "tokens_out": "x", "provider": {}, "response": "data: {"}, draft()
    )


PORTKEY = {
    "id": "p-1", "trace_id": "t-1", "created_at": "2024-08-01T10:00:00.000Z", "is_success": True,
    "ai_org": "openai", "ai_model": "gpt-x", "req_units": 9, "res_units": 12, "total_units": 21,
    "request_url": "https://api.openai.com/v1/chat/completions", "cost": 0.12, "cost_currency": "USD",
    "response_time": 1234, "response_status_code": 200, "metadata": {"_user": "u-1", "env": "x"},
}  # fmt: skip


@pytest.mark.parametrize("nested", [True, False])
def test_a_row_of_portkeys_export_costs_cents(nested: bool) -> None:
    made = draft()
    bodies: dict[str, Any] = {
        "request": {"model": "gpt-x", "messages": ASKED},
        "response": ANSWERED,
    }
    told = {key: {"body": value} if nested else value for key, value in bodies.items()}
    row = {**PORTKEY, **told}
    assert recognise(row) == "Portkey"
    assert read_portkey(row, made)
    assert (made.kind, made.prompt, made.output, made.collection) == (
        "exchange",
        "Hi",
        "Yo",
        "api-log",
    )
    assert made.fields == {
        "request_id": "p-1", "trace_id": "t-1", "provider": "openai", "model": "gpt-x-1",
        "model_requested": "gpt-x", "endpoint": "https://api.openai.com/v1/chat/completions", "status": 200,
        "latency_ms": 1234, "input_tokens": 9, "output_tokens": 12, "currency": "USD", "account": "u-1",
        "cost": 0.0012, "upstream_id": "chatcmpl-9",
    }  # fmt: skip
    assert made.extra["cost"] == 0.12
    assert made.extra["metadata"] == {"env": "x"}
    assert made.when is not None


def test_portkeys_columns_are_those_that_were_asked_for() -> None:
    made = draft()
    assert read_portkey(PORTKEY, made)
    assert (made.kind, made.title) == (
        "request", "200 https://api.openai.com/v1/chat/completions gpt-x",
    )  # fmt: skip
    few = {"ai_model": "gpt-x", "req_units": 1, "res_units": 2}
    assert recognise(few) == "Portkey"
    assert recognise({"ai_model": "gpt-x", "x": 1}) == ""
    assert recognise({"request_url": "u", "is_success": 1, "cost_currency": "USD"}) == ""


HELICONE_PAGE: dict[str, Any] = {
    "_type": "openai-chat", "id": "h-1", "model": "gpt-x-1",
    "raw": {"request": {"model": "gpt-x", "messages": ASKED}, "response": ANSWERED},
    "schema": {"request": {"messages": [{"_type": "message", "role": "user", "content": "Hi"}]},
               "response": {"messages": [{"_type": "message", "role": "assistant", "content": "Yo"}]}},
    "preview": {"request": "Hi", "response": "Yo", "concatenatedMessages": []},
    "heliconeMetadata": {
        "requestId": "h-1", "path": "/v1/chat/completions", "countryCode": "CH", "cacheEnabled": False,
        "createdAt": "2024-08-01T10:00:00.000Z", "totalTokens": 21, "promptTokens": 9, "completionTokens": 12,
        "latency": 1234, "user": "u-1", "status": {"code": 200, "statusType": "success"}, "cost": 0.5,
        "customProperties": {"Helicone-Session-Id": "s-1", "app": "x"}, "provider": "OPENAI",
        "timeToFirstToken": 99, "promptCacheReadTokens": 3, "promptCacheWriteTokens": 0,
    },
}  # fmt: skip


@pytest.mark.parametrize("flat", [False, True])
def test_what_helicones_page_of_requests_exports(flat: bool) -> None:
    row = {k: json.dumps(v) if flat and type(v) is dict else v for k, v in HELICONE_PAGE.items()}
    made = draft()
    assert recognise(row) == "Helicone, page of requests"
    assert read_helicone_page(row, made)
    assert (made.kind, made.prompt, made.output) == ("exchange", "Hi", "Yo")
    assert made.fields == {
        "request_id": "h-1", "account": "u-1", "country": "CH", "conversation_id": "s-1", "provider": "OPENAI",
        "endpoint": "/v1/chat/completions", "status": 200, "model": "gpt-x-1", "model_requested": "gpt-x",
        "latency_ms": 1234, "ttft_ms": 99, "input_tokens": 9, "output_tokens": 12, "cache_read_tokens": 3,
        "cache_write_tokens": 0, "cost": 0.5, "currency": "USD", "upstream_id": "chatcmpl-9",
    }  # fmt: skip
    assert made.extra["heliconeMetadata"]["customProperties"] == {"app": "x"}


def test_a_row_of_helicones_page_without_bodies_has_what_the_page_shows() -> None:
    made = draft()
    assert read_helicone_page({**HELICONE_PAGE, "raw": {"request": {}, "response": None}}, made)
    assert (made.kind, made.prompt, made.output) == ("exchange", "Hi", "Yo")
    bare = draft()
    assert read_helicone_page({**HELICONE_PAGE, "raw": None, "schema": {"request": {}}}, bare)
    assert (bare.kind, bare.prompt, bare.output, bare.fields["input_tokens"]) == (
        "request",
        "",
        "",
        9,
    )


def test_openrouters_table_counts_cached_tokens() -> None:
    draft = Draft(b"", Context())
    row = {
        "generation_id": "g",
        "model_permaslug": "m",
        "provider_name": "P",
        "tokens_cached": "10",
    }
    assert read_openrouter(row, draft)
    assert draft.fields["cache_read_tokens"] == 10


def test_cloudflare_keeps_the_heads_of_bodies_and_says_if_they_are_cut() -> None:
    common = {"id": "l", "provider": "p", "model": "gpt-x", "tokens_in": 1, "tokens_out": 2}
    whole, cut = draft(), draft()
    asked = json.dumps({"model": "gpt-x", "messages": ASKED})
    heads = {"request_head": asked, "request_head_complete": True}
    assert read_cloudflare({**common, **heads, "response_head": json.dumps(ANSWERED)}, whole)
    assert (whole.prompt, whole.output, whole.missing) == ("Hi", "Yo", ())
    broken = {
        "request_head": asked,
        "response_head": json.dumps(ANSWERED)[:40],
        "response_head_complete": False,
    }
    assert read_cloudflare({**common, **broken}, cut)
    assert cut.output == json.dumps(ANSWERED)[:40]
    assert cut.missing == ("truncated",)
    assert [each.kind for each in cut.problems] == ["broken-body"]


def test_a_failed_call_of_litellm_has_its_status_and_the_name_of_its_error() -> None:
    made = draft()
    failed = {"error_code": "429", "error_class": "RateLimitError", "error_message": "slow"}
    assert read_litellm({**SPEND, "error_information": failed}, made)
    assert (made.fields["status"], made.fields["error"]) == (429, "RateLimitError")


KONG: dict[str, Any] = {
    "request": {"method": "POST", "uri": "/chat", "id": "abc", "headers": {"user-agent": "curl/8.1"}},
    "response": {"status": 200, "size": "900"}, "latencies": {"kong": 3, "request": 1200, "proxy": 1190},
    "client_ip": "203.0.113.5", "consumer": {"id": "c1", "username": "ann"}, "started_at": 1735689600123,
    "ai": {"cache": {"hit": False}, "proxy": {
        "meta": {"request_model": "gpt-x", "response_model": "gpt-x-1", "provider_name": "openai"},
        "usage": {"prompt_tokens": 12, "completion_tokens": 5, "cost": 0.5},
        "payload": {"request": json.dumps({"model": "gpt-x", "messages": ASKED}),
                    "response": json.dumps(ANSWERED)}}},
}  # fmt: skip


def test_kong_tells_the_caller_and_its_plugin_the_model() -> None:
    made = draft()
    assert recognise(KONG) == "Kong"
    assert read_kong(KONG, made)
    assert (made.kind, made.prompt, made.output) == ("exchange", "Hi", "Yo")
    assert made.when is not None
    assert made.when.raw == "1735689600123"
    wanted = {"model": "gpt-x-1", "model_requested": "gpt-x", "provider": "openai", "account": "ann",
              "ip": "203.0.113.5", "request_id": "abc", "status": 200, "latency_ms": 1200, "input_tokens": 12,
              "output_tokens": 5, "cost": 0.5, "currency": "USD", "user_agent": "curl/8.1"}  # fmt: skip
    assert wanted.items() <= made.fields.items()
    assert made.extra["ai"][1] == {"hit": False}


def test_a_request_through_kong_that_called_no_model_is_a_request() -> None:
    made = draft()
    assert read_kong({key: value for key, value in KONG.items() if key != "ai"}, made)
    assert (made.kind, made.title) == ("request", "200 /chat")
    assert not read_kong({**KONG, "request": "x"}, draft())

from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.admin import (
    is_usage_result,
    read_anthropic_activity,
    read_batch_job,
    read_daily_use,
    read_openai_audit,
    read_usage_bucket,
    read_usage_row,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context, Party, When

AUDIT = {
    "id": "audit_1",
    "type": "api_key.created",
    "effective_at": 1720804090,
    "actor": {
        "type": "session",
        "session": {
            "user": {"id": "user-1", "email": "a@example.com"},
            "ip_address": "198.18.7.1",
            "user_agent": "curl/8",
            "ja3": "j3",
            "ja4": "j4",
            "ip_address_details": {"country": "CH", "city": "Bern", "asn": "64512"},
        },
    },
    "api_key.created": {"id": "key_1", "data": {"scopes": ["x"]}},
}


def test_an_entry_of_openais_audit_log_names_its_actor_and_network() -> None:
    draft = Draft(b"", Context())
    assert read_openai_audit(AUDIT, draft)
    assert (draft.kind, draft.title) == ("record", "api_key.created by a@example.com")
    assert draft.parties == (Party("actor", "user-1", "a@example.com"),)
    assert draft.when == When(1_720_804_090_000_000, "1720804090", "effective_at")
    assert draft.fields == {
        "request_id": "audit_1",
        "account": "user-1",
        "ip": "198.18.7.1",
        "user_agent": "curl/8",
        "ja3": "j3",
        "ja4": "j4",
        "asn": 64512,
        "country": "CH",
        "operation": "api_key.created",
        "provider": "openai",
    }
    assert draft.extra["api_key.created"] == AUDIT["api_key.created"]
    assert draft.extra["actor"]["session"]["ip_address_details"] == {"city": "Bern"}


def test_an_activity_of_the_compliance_api() -> None:
    record = {
        "id": "activity_1",
        "created_at": "2026-04-10T08:09:10Z",
        "organization_id": "org_1",
        "actor": {"type": "user_actor", "user_id": "user_1", "email_address": "b@example.com",
                  "ip_address": "192.0.2.34", "user_agent": "Mozilla/5.0"},
        "type": "claude_chat_created",
        "claude_chat_id": "chat_1",
    }  # fmt: skip
    draft = Draft(b"", Context())
    assert read_anthropic_activity(record, draft)
    assert (draft.kind, draft.title) == ("record", "claude_chat_created by b@example.com")
    assert draft.fields == {
        "request_id": "activity_1",
        "organisation": "org_1",
        "account": "user_1",
        "ip": "192.0.2.34",
        "user_agent": "Mozilla/5.0",
        "conversation_id": "chat_1",
        "operation": "claude_chat_created",
        "provider": "anthropic",
    }


def test_a_bucket_is_a_sum_with_the_time_that_stands_around_it() -> None:
    draft = Draft(b"", Context())
    draft.around = {"object": "bucket", "start_time": 1730419200, "end_time": 1730505600}
    record = {"object": "organization.usage.completions.result", "input_tokens": 10, "output_tokens": 5,
              "input_cached_tokens": 4, "num_model_requests": 2, "model": "m", "user_id": None}  # fmt: skip
    assert read_usage_bucket(record, draft)
    assert (draft.kind, draft.title) == ("record", "Use of m: 2 requests, 10 tokens in, 5 out")
    assert draft.when == When(1_730_419_200_000_000, "1730419200", "start_time")
    assert draft.fields["cache_read_tokens"] == 4
    assert draft.extra == {"end_time": 1730505600, "num_model_requests": 2}


def test_costs_of_two_providers() -> None:
    openai, anthropic = Draft(b"", Context()), Draft(b"", Context())
    anthropic.around = {"starting_at": "2026-01-01T00:00:00Z"}
    assert read_usage_bucket(
        {"object": "organization.costs.result", "amount": {"value": 0.06, "currency": "usd"}},
        openai,
    )
    assert read_usage_bucket({"currency": "USD", "amount": "123.45", "description": "x"}, anthropic)
    assert (openai.fields["cost"], openai.fields["currency"]) == (0.06, "usd")
    assert (anthropic.fields["cost"], anthropic.fields["currency"]) == (1.2345, "USD")
    assert anthropic.extra["amount"] == "123.45"  # as written: cents
    assert anthropic.title == "Cost 1.2345 USD"


def test_rows_of_a_table_of_use() -> None:
    openai = {"start_time": "1730419200", "num_model_requests": "12", "model": "gpt-x", "project_id": "p",
              "input_tokens": "1000", "output_tokens": "200", "batch": "False"}  # fmt: skip
    anthropic = {"usage_date_utc": "2025-09-01", "model_version": "c", "api_key": "k", "workspace": "w",
                 "usage_type": "standard", "usage_input_tokens_no_cache": "1000",
                 "usage_output_tokens": "200"}  # fmt: skip
    older = {"timestamp": "1730419200", "n_requests": "12", "snapshot_id": "gpt-x", "project_id": "p",
             "n_context_tokens_total": "1000", "n_generated_tokens_total": "200"}  # fmt: skip
    for row, project, day in ((openai, "p", 20028), (anthropic, "w", 20332), (older, "p", 20028)):
        assert recognise(row) == "usage and costs as a table"
        draft = Draft(b"", Context())
        assert read_usage_row(row, draft)
        fields = draft.fields
        assert (draft.kind, fields["project"], fields["input_tokens"], fields["output_tokens"]) == (
            "record", project, 1000, 200,
        )  # fmt: skip
        assert draft.when is not None
        assert draft.when.us == day * 86_400_000_000


def test_a_batch_job_is_a_record() -> None:
    draft = Draft(b"", Context())
    record = {
        "id": "batch_1",
        "object": "batch",
        "endpoint": "/v1/x",
        "input_file_id": "f",
        "status": "completed",
        "created_at": 1711471533,
        "request_counts": {"total": 3},
    }
    assert read_batch_job(record, draft)
    assert (draft.kind, draft.title, draft.extra["request_counts"]) == (
        "record",
        "Batch batch_1 completed",
        {"total": 3},
    )


@pytest.mark.parametrize(
    "record",
    [
        {"type": "login.succeeded"},
        {"type": 7, "effective_at": 1},
        {"type": "x", "created_at": "2026-01-01", "actor": {"type": "x"}},
        {"type": "x", "effective_at": 1, "actor": 7},
        {"object": "organization.usage"},
        {"object": "batch"},
    ],
)
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""


def test_hostile_values_do_no_harm() -> None:
    draft = Draft(b"", Context())
    record = {"type": "x", "effective_at": [], "actor": {"session": 7, "api_key": {"user": "y"}}}
    assert read_openai_audit(record, draft)
    assert (draft.title, draft.when, draft.extra["effective_at"]) == ("x", None, [])


def test_what_is_asked_of_a_model_is_no_sum_of_use_though_it_counts_tokens() -> None:
    assert is_usage_result({"output_tokens": 5})
    assert is_usage_result({"object": "organization.usage.vector_stores.result", "usage_bytes": 1})
    assert not is_usage_result({"output_tokens": 5, "messages": []})
    assert not is_usage_result({"name": "check", "passed": True, "score": 1.0})


CODE = {
    "date": "2025-09-01T00:00:00Z",
    "actor": {"type": "user_actor", "email_address": "a@example.com"},
    "organization_id": "org",
    "core_metrics": {"num_sessions": 5},
    "model_breakdown": [
        {
            "model": "claude-x",
            "tokens": {"input": 100, "output": 35, "cache_read": 10, "cache_creation": 5},
            "estimated_cost": {"currency": "USD", "amount": 1025},
        }
    ],
}


def test_a_day_of_claude_code_is_one_persons_use() -> None:
    draft = Draft(b"", Context())
    assert recognise(CODE) == "use by day"
    assert read_daily_use(CODE, draft)
    assert (draft.kind, draft.title) == ("record", "Use of Claude Code by a@example.com")
    assert draft.fields == {
        "account": "a@example.com", "organisation": "org", "model": "claude-x", "provider": "anthropic",
        "input_tokens": 100, "output_tokens": 35, "cache_read_tokens": 10, "cache_write_tokens": 5,
        "cost": 10.25, "currency": "USD",
    }  # fmt: skip
    assert draft.extra == {"actor": {"type": "user_actor"}, "core_metrics": {"num_sessions": 5}}


def test_a_day_with_several_models_adds_nothing_up() -> None:
    several = CODE["model_breakdown"] * 2  # type: ignore[operator]
    draft = Draft(b"", Context())
    assert read_daily_use({**CODE, "model_breakdown": several}, draft)
    assert not {"model", "cost", "input_tokens"} & draft.fields.keys()
    assert draft.extra["model_breakdown"] == several


def test_a_day_of_an_openrouter_account_is_no_single_call() -> None:
    record = {
        "date": "2025-08-24", "model": "o/m", "model_permaslug": "o/m-1", "provider_name": "OpenAI",
        "usage": 0.015, "requests": 5, "prompt_tokens": 50, "completion_tokens": 125, "reasoning_tokens": 25,
    }  # fmt: skip
    draft = Draft(b"", Context())
    assert recognise(record) == "use by day"
    assert read_daily_use(record, draft)
    assert draft.title == "Use of o/m: 5 requests, 50 tokens in, 125 out"
    assert draft.when is not None
    assert draft.when.resolution_us == 86_400_000_000
    assert (draft.fields["cost"], draft.fields["input_tokens"]) == (0.015, 50)
    assert draft.extra == {"model_permaslug": "o/m-1", "requests": 5}


def test_anthropics_counts_of_cached_tokens_are_added_and_kept() -> None:
    spans = {"ephemeral_1h_input_tokens": 1000, "ephemeral_5m_input_tokens": 500}
    draft = Draft(b"", Context())
    draft.around = {"starting_at": "2025-08-01T00:00:00Z"}
    assert read_usage_bucket(
        {"uncached_input_tokens": 1, "output_tokens": 2, "cache_creation": spans}, draft
    )
    assert draft.fields["cache_write_tokens"] == 1500
    assert draft.extra["cache_creation"] == spans

"""Entries that providers' administrators see: who did what in an organisation, and what it used and cost.

Source: openai-openapi `AuditLog`, `UsageResponse`, `CostsResult`; Anthropic Compliance API activity feed, Usage
and Cost Admin API, Claude Code Analytics API; openrouter.ai API `activity`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.values import Source, from_hundredths, text_at
from casekit.ingest.parsed import Party

Record = dict[str, Any]

_SESSION, _KEY = "actor.session", "actor.api_key"
_AUDIT = {
    "time": ("effective_at",),
    "request_id": ("id",),
    "account": (f"{_SESSION}.user.id", f"{_KEY}.user.id", f"{_KEY}.service_account.id"),
    "api_key": (f"{_KEY}.id",),
    "project": ("project.id",),
    "ip": (f"{_SESSION}.ip_address", f"{_KEY}.ip_address"),
    "user_agent": (f"{_SESSION}.user_agent", f"{_KEY}.user_agent"),
    "ja3": (f"{_SESSION}.ja3", f"{_KEY}.ja3"),
    "ja4": (f"{_SESSION}.ja4", f"{_KEY}.ja4"),
    "asn": (f"{_SESSION}.ip_address_details.asn", f"{_KEY}.ip_address_details.asn"),
    "country": (f"{_SESSION}.ip_address_details.country", f"{_KEY}.ip_address_details.country"),
}


def read_openai_audit(record: Record, draft: Draft) -> bool:
    """An entry of OpenAI's audit log; what the event changed stands under a key named like its type."""
    if type(record.get("type")) is not str or "effective_at" not in record:
        return False
    if record.get("object") != "organization.audit_log" and type(record.get("actor")) is not dict:
        return False
    address = text_at(record, f"{_SESSION}.user.email") or text_at(record, f"{_KEY}.user.email")
    source = Source(record)
    source.take("object")
    source.fill(draft, _AUDIT)
    put_entry(draft, "openai", source.take("type"), address, source)
    return True


_ACTIVITY = {
    "time": ("created_at",),
    "request_id": ("id",),
    "organisation": ("organization_uuid", "organization_id"),
    "account": ("actor.user_id", "actor.admin_api_key_id", "actor.service_account_id"),
    "api_key": ("actor.api_key_id", "actor.admin_api_key_id", "api_key_id"),
    "ip": ("actor.ip_address",),
    "user_agent": ("actor.user_agent",),
    "conversation_id": ("claude_chat_id",),
    "project": ("claude_project_id", "workspace_id"),
}


def read_anthropic_activity(record: Record, draft: Draft) -> bool:
    """An activity of Anthropic's Compliance API."""
    actor = record.get("actor")
    if type(record.get("type")) is not str or "created_at" not in record or type(actor) is not dict:
        return False
    known = str(record.get("id", "")).startswith("activity_")
    if not known and not str(actor.get("type", "")).endswith("_actor"):
        return False
    address = text_at(actor, "email_address") or text_at(actor, "unauthenticated_email_address")
    source = Source(record)
    source.fill(draft, _ACTIVITY)
    put_entry(draft, "anthropic", source.take("type"), address, source)
    return True


def put_entry(
    draft: Draft, provider: str, what: str, address: str, source: Source, name: str = ""
) -> None:
    """Make a draft the record of an act: what was done, by whom, and what else the source says of it.

    Args:
        draft: What is filled; its account or key tells who acted.
        provider: Whose log it is, unless the draft says so.
        what: The act, as the source calls it.
        address: The actor's mail address, or empty.
        source: What is left of the record.
        name: What people call the actor; empty for the account or key.
    """
    who = name or draft.fields.get("account") or draft.fields.get("api_key") or ""
    draft.kind, draft.collection = "record", "api-log"
    draft.fields["operation"] = what
    draft.fields.setdefault("provider", provider)
    draft.title = f"{what} by {address or who}" if address or who else what
    if address or who:
        draft.parties = (Party("actor", who, address),)
    source.rest(draft)


_USAGE = {
    "input_tokens": ("input_tokens", "uncached_input_tokens"),
    "output_tokens": ("output_tokens",),
    "cache_read_tokens": ("input_cached_tokens", "cache_read_input_tokens"),
    "cache_write_tokens": ("input_cache_write_tokens", "cache_creation_input_tokens"),
    "project": ("project_id", "workspace_id"),
    "account": ("user_id", "account_id"),
    "api_key": ("api_key_id",),
    "model": ("model",),
    "cost": ("amount.value",),
    "currency": ("amount.currency", "currency"),
    "operation": ("object",),
}
_STARTS, _ENDS = ("start_time", "starting_at"), ("end_time", "ending_at")


def is_usage_result(record: Mapping[str, Any]) -> bool:
    """Whether a record counts what was used, or says what was paid, in the span of time around it."""
    counted = "output_tokens" in record or record.get("amount") is not None
    return _is_named_result(record) or (counted and "messages" not in record)


def _is_named_result(record: Mapping[str, Any]) -> bool:
    kind = record.get("object")
    return type(kind) is str and kind.startswith("organization.") and kind.endswith(".result")


def read_usage_bucket(record: Record, draft: Draft) -> bool:
    """What an organisation used or paid in one span of time: a sum over many calls, never one of them."""
    start = next((key for key in _STARTS if key in draft.around), None)
    if not _is_named_result(record) and not (start and is_usage_result(record)):
        return False
    source = Source(record)
    source.fill(draft, _USAGE)
    draft.put("cost", float, from_hundredths(record.get("amount")))  # Anthropic's are cents
    _put_written(record.get("cache_creation"), draft)
    draft.kind, draft.collection = "record", "api-log"
    if start:
        draft.when = read_time(draft.around[start], start)
    for key in (*_STARTS, *_ENDS):
        if key in draft.around and not (key == start and draft.when):
            draft.put_extra(key, draft.around[key])
    draft.title = _usage_title(record, draft)
    source.rest(draft)
    return True


def _put_written(spans: Any, draft: Draft) -> None:
    """Tokens written to the cache, counted by how long they are kept; the counts themselves stay in `extra`."""
    counts = list(spans.values()) if type(spans) is dict else []
    if (
        counts
        and all(type(each) is int for each in counts)
        and "cache_write_tokens" not in draft.fields
    ):
        draft.put("cache_write_tokens", int, sum(counts))


_OPENROUTER_DAY = {"date", "model_permaslug", "requests", "usage"}
_CODE_DAY = {"date", "actor", "core_metrics"}
_DAILY = {
    "time": ("date",),
    "account": ("actor.email_address",),
    "api_key": ("actor.api_key_name",),
    "organisation": ("organization_id",),
    "model": ("model", "model_breakdown.model"),
    "provider": ("provider_name",),
    "cost": ("usage",),
    "currency": ("model_breakdown.estimated_cost.currency",),
    "input_tokens": ("prompt_tokens", "model_breakdown.tokens.input"),
    "output_tokens": ("completion_tokens", "model_breakdown.tokens.output"),
    "reasoning_tokens": ("reasoning_tokens",),
    "cache_read_tokens": ("model_breakdown.tokens.cache_read",),
    "cache_write_tokens": ("model_breakdown.tokens.cache_creation",),
}


def read_daily_use(record: Record, draft: Draft) -> bool:
    """What one person used of Claude Code in a day, or an account of one model at OpenRouter.

    A person who used several models has their counts in `extra`, each with its model.
    """
    code = record.keys() >= _CODE_DAY and type(record["actor"]) is dict
    if not code and not record.keys() >= _OPENROUTER_DAY:
        return False
    models = record.get("model_breakdown")
    alone = type(models) is list and len(models) == 1 and type(models[0]) is dict
    source = Source({**record, "model_breakdown": models[0]} if models and alone else record)
    cents = source.take("model_breakdown.estimated_cost.amount") if alone else None
    source.fill(draft, _DAILY)
    if not draft.put("cost", float, from_hundredths(cents)):
        draft.put_extra("estimated_cost", cents)
    draft.kind, draft.collection = "record", "api-log"
    draft.fields.setdefault("provider", "anthropic" if code else "openrouter")
    if code:
        who = draft.fields.get("account") or draft.fields.get("api_key") or ""
        draft.title = f"Use of Claude Code by {who}".removesuffix(" by ")
        draft.parties = (Party("actor", "", who),) if who else ()
    else:
        draft.fields.setdefault("currency", "USD")
        draft.title = _usage_title({"n_requests": record["requests"]}, draft, paid=False)
    source.rest(draft)
    return True


_USAGE_ROW = {
    "time": ("start_time_iso", "start_time", "usage_date_utc", "aggregation_timestamp", "timestamp",
             "usage_date"),
    "input_tokens": ("input_tokens", "usage_input_tokens_no_cache", "usage_input_tokens",
                     "n_context_tokens_total"),
    "output_tokens": ("output_tokens", "usage_output_tokens", "n_generated_tokens_total"),
    "cache_read_tokens": ("input_cached_tokens", "usage_input_tokens_cache_read",
                          "n_cached_context_tokens_total"),
    "cache_write_tokens": ("usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write"),
    "organisation": ("organization_id",),
    "project": ("project_id", "workspace"),
    "account": ("user_id", "user"),
    "api_key": ("api_key_id", "api_key"),
    "model": ("model", "model_version", "snapshot_id"),
    "operation": ("operation",),
    "cost": ("amount_value", "cost_usd"),
    "currency": ("amount_currency",),
}  # fmt: skip
_COUNTED = {"n_requests", "n_context_tokens_total", "n_generated_tokens_total"}
"""How OpenAI's accounts of use named their sums up to 2024."""


def read_usage_row(record: Record, draft: Draft) -> bool:
    """A row of the tables of use and cost that the consoles of OpenAI and Anthropic give."""
    openai = record.keys() >= _COUNTED or (
        "start_time" in record and ("num_model_requests" in record or "amount_value" in record)
    )
    if not openai and not ("usage_date_utc" in record and "usage_type" in record):
        return False
    source = Source(record)
    source.fill(draft, _USAGE_ROW)
    draft.kind, draft.collection = "record", "api-log"
    draft.fields["provider"] = "openai" if openai else "anthropic"
    if "cost_usd" in record:
        draft.fields.setdefault("currency", "usd")
    draft.title = _usage_title(record, draft)
    source.rest(draft)
    return True


def _usage_title(record: Record, draft: Draft, *, paid: bool = True) -> str:
    if paid and "cost" in draft.fields:
        return f"Cost {draft.fields['cost']:g} {draft.fields.get('currency', '')}".strip()
    count = record.get("num_model_requests") or record.get("n_requests")
    asked = f"{count} requests, " if count and str(count).isdecimal() else ""
    tokens = [draft.fields.get(name, 0) for name in ("input_tokens", "output_tokens")]
    return f"Use of {draft.fields.get('model', 'models')}: {asked}{tokens[0]} tokens in, {tokens[1]} out"


_BATCH = {
    "time": ("created_at",),
    "request_id": ("id",),
    "endpoint": ("endpoint",),
    "model": ("model",),
    "operation": ("object",),
}


def read_batch_job(record: Record, draft: Draft) -> bool:
    """A batch as a whole: which files it read and wrote, and how many of its requests failed."""
    openai = record.get("object") == "batch" and "input_file_id" in record
    if not openai and (record.get("type") != "message_batch" or "request_counts" not in record):
        return False
    source = Source(record)
    source.fill(draft, _BATCH)
    draft.fields.setdefault("operation", "message_batch")
    draft.fields["joint"] = f"{'openai' if openai else 'anthropic'}-batch/job"
    draft.kind, draft.collection = "record", "api-log"
    state = record.get("status") or record.get("processing_status") or ""
    draft.title = f"Batch {draft.fields.get('request_id', '')} {state}".strip()
    source.rest(draft)
    return True

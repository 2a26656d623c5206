"""Logs of gateways and routers between a client and many providers: LiteLLM, Portkey, Kong and others.

Source: BerriAI/litellm `schema.prisma` and `StandardLoggingPayload`; Helicone `llm-mapper/types.ts`; Portkey
"Logs Export"; openrouter.ai "Get a generation"; Cloudflare AI Gateway logs API; Kong
"Log format", "AI Gateway audit log".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casekit.ingest.dialects.calls import milliseconds_between, read_answered, read_asked, settle
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import (
    Broken,
    Source,
    body_of,
    from_hundredths,
    look,
    opened,
    put_unread,
)

Record = dict[str, Any]

_DOLLARS = "USD"
"""What all of them reckon in, as their documentation says; their records do not."""


def _tell_dollars(draft: Draft) -> None:
    if "cost" in draft.fields:
        draft.fields.setdefault("currency", _DOLLARS)


def _titled(draft: Draft) -> None:
    words = (
        draft.fields.get("status"),
        draft.fields.get("operation"),
        draft.fields.get("endpoint"),
    )
    settle(draft, " ".join(str(each) for each in (*words, draft.fields.get("model")) if each))


_LITELLM = {
    "time": ("startTime", "start_time"),
    "request_id": ("request_id", "id", "litellm_call_id"),
    "trace_id": ("trace_id", "litellm_trace_id"),
    "operation": ("call_type",),
    "api_key": ("api_key", "metadata.user_api_key_hash", "metadata.user_api_key"),
    "account": ("user", "metadata.user_api_key_user_id", "metadata.user_api_key_alias"),
    "end_user": ("end_user", "metadata.user_api_key_end_user_id"),
    "organisation": ("organization_id", "metadata.user_api_key_org_id"),
    "project": ("team_id", "metadata.user_api_key_team_id"),
    "ip": ("requester_ip_address", "metadata.requester_ip_address"),
    "user_agent": ("user_agent", "metadata.user_agent"),
    "conversation_id": ("session_id",),
    "provider": ("custom_llm_provider",),
    "endpoint": ("api_base",),
    "model": ("model",),
    "model_requested": ("model_group",),
    "stream": ("stream",),
    "cost": ("spend", "response_cost"),
    "input_tokens": ("prompt_tokens",),
    "output_tokens": ("completion_tokens",),
    "latency_ms": ("request_duration_ms",),
    "status": ("error_information.error_code",),
    "error": ("error_information.error_class", "error_information.error_code", "error_str"),
}
_HIDDEN = "redacted-by-litellm"


def read_litellm(record: Record, draft: Draft) -> bool:
    """A spend log or a logging payload; prompts are there only if the operator asked for them."""
    if (
        "call_type" not in record
        or not {"spend", "response_cost", "custom_llm_provider"} & record.keys()
    ):
        return False
    source = Source(
        record, "metadata", "request_tags", "messages", "response", "proxy_server_request",
        "model_parameters", "error_information", "hidden_params",
    )  # fmt: skip
    start = record.get("startTime") or record.get("start_time")
    end = record.get("endTime") or record.get("end_time")
    first = record.get("completionStartTime") or record.get("completion_start_time")
    source.fill(draft, _LITELLM)
    _spans(draft, start, end, first)
    asked = source.take("messages")
    sent = source.take("proxy_server_request")
    sent = opened(sent.get("body", sent)) if type(sent) is dict else sent
    parameters = source.take("model_parameters")
    if type(asked) is list and asked:
        read_asked({"messages": asked, **(parameters if type(parameters) is dict else {})}, draft)
        sent = None if sent in ({}, None) else sent
        if sent:
            draft.put_extra("proxy_server_request", sent)
    elif not read_asked(asked, draft) and type(sent) is dict:
        read_asked(sent, draft)
    read_answered(source.take("response"), draft)
    if _HIDDEN in draft.prompt or _HIDDEN in draft.output:
        draft.note("redacted")
    _tell_dollars(draft)
    _titled(draft)
    source.rest(draft)
    return True


def _spans(draft: Draft, start: Any, end: Any, first: Any) -> None:
    """Durations from the clock readings, where none is logged."""
    if "latency_ms" not in draft.fields:
        draft.put("latency_ms", int, milliseconds_between(start, end, draft.raw))
    if "ttft_ms" not in draft.fields and first != end:
        draft.put("ttft_ms", int, milliseconds_between(start, first, draft.raw))


_HELICONE = {
    "time": ("request_created_at",),
    "request_id": ("request_id",),
    "account": ("request_user_id", "user_id"),
    "api_key": ("request_auth_hash", "auth_hash"),
    "ip": ("request_ip",),
    "country": ("country_code",),
    "referer": ("request_referrer",),
    "conversation_id": ("request_properties.Helicone-Session-Id",),
    "provider": ("provider",),
    "endpoint": ("target_url", "request_path"),
    "status": ("response_status",),
    "model": ("response_model", "model_override", "model", "request_model"),
    "model_requested": ("request_model",),
    "stream": ("is_stream",),
    "latency_ms": ("delay_ms",),
    "ttft_ms": ("time_to_first_token",),
    "input_tokens": ("prompt_tokens",),
    "output_tokens": ("completion_tokens",),
    "cache_read_tokens": ("prompt_cache_read_tokens",),
    "cache_write_tokens": ("prompt_cache_write_tokens",),
    "cost": ("cost", "costUSD"),
}


_HELICONE_PAGE = {
    "time": ("heliconeMetadata.createdAt",),
    "request_id": ("heliconeMetadata.requestId", "id"),
    "account": ("heliconeMetadata.user",),
    "country": ("heliconeMetadata.countryCode",),
    "conversation_id": ("heliconeMetadata.customProperties.Helicone-Session-Id",),
    "provider": ("heliconeMetadata.provider",),
    "endpoint": ("heliconeMetadata.path",),
    "status": ("heliconeMetadata.status.code",),
    "model": ("model",),
    "latency_ms": ("heliconeMetadata.latency",),
    "ttft_ms": ("heliconeMetadata.timeToFirstToken",),
    "input_tokens": ("heliconeMetadata.promptTokens",),
    "output_tokens": ("heliconeMetadata.completionTokens",),
    "cache_read_tokens": ("heliconeMetadata.promptCacheReadTokens",),
    "cache_write_tokens": ("heliconeMetadata.promptCacheWriteTokens",),
    "cost": ("heliconeMetadata.cost",),
}


def read_helicone_page(record: Record, draft: Draft) -> bool:
    """A row of what the page of requests exports: the bodies as they were, or else as that page shows them."""
    if "heliconeMetadata" not in record or not {"raw", "schema"} & record.keys():
        return False
    source = Source(record, "heliconeMetadata", "raw", "schema", "preview")
    source.fill(draft, _HELICONE_PAGE)
    shown = source.left.get("schema")
    for side, reader in (("request", read_asked), ("response", read_answered)):
        body = source.take(f"raw.{side}")
        if type(body) is dict and type(body.get("streamed_data")) in (list, str):
            body = body["streamed_data"]
        if not reader(body, draft):
            reader(look(shown, side if side == "request" else "response.messages"), draft)
    source.take("id")
    _tell_dollars(draft)
    _titled(draft)
    source.rest(draft)
    return True


def read_helicone(record: Record, draft: Draft) -> bool:
    """A request with its response; the bodies may lie behind a signed address, which is never followed."""
    if (
        "request_created_at" not in record
        or not {"request_body", "response_status", "request_path"} & record.keys()
    ):
        return False
    source = Source(record, "request_properties", "request_body", "response_body")
    source.fill(draft, _HELICONE)
    asked, answered = source.take("request_body"), source.take("response_body")
    if type(answered) is dict and type(answered.get("streamed_data")) in (list, str):
        answered = answered["streamed_data"]
    read_asked(asked, draft)
    read_answered(answered, draft)
    if record.get("signed_body_url") and not (draft.prompt and draft.output):
        draft.note("body-elsewhere")
    _tell_dollars(draft)
    _titled(draft)
    source.rest(draft)
    return True


_PORTKEY = {
    "time": ("created_at",),
    "request_id": ("id",),
    "trace_id": ("trace_id",),
    "provider": ("ai_org",),
    "model": ("ai_model",),
    "endpoint": ("request_url",),
    "status": ("response_status_code",),
    "latency_ms": ("response_time",),
    "input_tokens": ("req_units",),
    "output_tokens": ("res_units",),
    "currency": ("cost_currency",),
    "account": ("metadata._user",),
    "stream": ("stream_mode",),
}
_UNITS = {"ai_org", "ai_model", "req_units", "res_units", "total_units"}
_PORTKEY_TOO = {"is_success", "request_url", "response_status_code", "cost_currency", "prompt_slug"}


def read_portkey(record: Record, draft: Draft) -> bool:
    """A row of an export of logs, with the columns that were asked for; its cost is in cents."""
    if not _UNITS & record.keys() or len((_UNITS | _PORTKEY_TOO) & record.keys()) < 3:
        return False
    source = Source(record, "metadata", "request", "response", "request.body", "response.body")
    source.fill(draft, _PORTKEY)
    draft.put("cost", float, from_hundredths(record.get("cost")))
    for name, reader in (("request", read_asked), ("response", read_answered)):
        body = source.take(f"{name}.body")
        reader(source.take(name) if body is None else opened(body), draft)
        if source.left.get(name) == {}:
            del source.left[name]
    _tell_dollars(draft)
    _titled(draft)
    source.rest(draft)
    return True


_KONG = {
    "time": ("started_at",),
    "request_id": ("request.id",),
    "ip": ("client_ip",),
    "account": (
        "consumer.username",
        "consumer.custom_id",
        "consumer.id",
        "authenticated_entity.id",
    ),
    "user_agent": ("request.headers.user-agent",),
    "referer": ("request.headers.referer",),
    "endpoint": ("request.uri", "request.url"),
    "status": ("response.status",),
    "latency_ms": ("latencies.request",),
}
_KONG_CALL = {
    "model": ("meta.response_model",),
    "model_requested": ("meta.request_model",),
    "provider": ("meta.provider_name",),
    "operation": ("meta.request_mode",),
    "input_tokens": ("usage.prompt_tokens",),
    "output_tokens": ("usage.completion_tokens",),
    "cost": ("usage.cost",),
}


def read_kong(record: Record, draft: Draft) -> bool:
    """A request through Kong; where its AI plugins log, which model was called, and the bodies.

    Of a request that several plugins saw, the one that logged a model is read; the others stay in `extra`.
    """
    if not all(type(record.get(key)) is dict for key in ("latencies", "request", "response")):
        return False
    if "started_at" not in record:
        return False
    source = Source(record)
    source.fill(draft, _KONG)
    seen = record.get("ai")
    plugins = [each for each in seen.values() if type(each) is dict] if type(seen) is dict else []
    call = next((each for each in plugins if type(each.get("meta")) is dict), None)
    if call is not None:
        told = Source(call)
        told.fill(draft, _KONG_CALL)
        read_asked(told.take("payload.request"), draft)
        read_answered(told.take("payload.response"), draft)
        source.left["ai"] = [told.left, *(each for each in plugins if each is not call)]
        _tell_dollars(draft)
    _titled(draft)
    source.rest(draft)
    return True


_OPENROUTER = {
    "time": ("created_at",),
    "request_id": ("id", "generation_id"),
    "upstream_id": ("upstream_id",),
    "model": ("model", "model_permaslug"),
    "provider": ("provider_name",),
    "referer": ("http_referer", "origin"),
    "user_agent": ("user_agent",),
    "end_user": ("external_user",),
    "account": ("creator_user_id", "user"),
    "api_key": ("api_key_name",),
    "conversation_id": ("session_id",),
    "project": ("app_id", "app_name"),
    "operation": ("api_type",),
    "stream": ("streamed",),
    "latency_ms": ("latency", "generation_time_ms"),
    "ttft_ms": ("time_to_first_token_ms",),
    "finish_reason": ("finish_reason", "finish_reason_normalized"),
    "input_tokens": ("tokens_prompt",),
    "output_tokens": ("tokens_completion",),
    "reasoning_tokens": ("native_tokens_reasoning", "tokens_reasoning"),
    "cache_read_tokens": ("native_tokens_cached", "tokens_cached"),
    "cost": ("total_cost", "usage", "cost_total"),
}


def read_openrouter(record: Record, draft: Draft) -> bool:
    """What the router keeps of a call; the upstream's own id tells the same call in its log."""
    data = record.get("data")
    held: Record = data if type(data) is dict and len(record) == 1 else record
    router = {
        "native_tokens_prompt",
        "upstream_id",
        "model_permaslug",
        "generation_id",
    } & held.keys()
    if "provider_name" not in held or not router:
        return False
    source = Source(held)
    source.fill(draft, _OPENROUTER)
    _tell_dollars(draft)
    _titled(draft)
    source.rest(draft)
    return True


_CLOUDFLARE = {
    "time": ("created_at", "Timestamp"),
    "request_id": ("id", "RoutingDecisionID"),
    "provider": ("provider", "Provider"),
    "model": ("model", "Model"),
    "model_requested": ("RequestedModel",),
    "endpoint": ("path", "Endpoint"),
    "operation": ("request_type", "model_type"),
    "status": ("status_code", "StatusCode"),
    "latency_ms": ("duration", "Metrics.durationMs"),
    "input_tokens": ("tokens_in", "Metrics.tokensIn"),
    "output_tokens": ("tokens_out", "Metrics.tokensOut"),
    "cost": ("cost", "Metrics.cost"),
}
_LOGPUSH = {"Gateway", "Provider", "Model"}


def _read_head(name: str, value: Any, reader: Callable[[Any, Draft], bool], draft: Draft) -> None:
    """A body, or its beginning as text, which is shown as it stands where it was cut."""
    body = body_of(value) if type(value) is str and value[:1] == "{" else value
    if isinstance(body, Broken):
        put_unread(body, "request" if name.startswith("request") else "response", draft)
    else:
        reader(value, draft)


def read_cloudflare(record: Record, draft: Draft) -> bool:
    """A log entry of Cloudflare's AI Gateway; bodies are fetched apart from it and may be missing."""
    api = {"tokens_in", "tokens_out", "provider"} <= record.keys()
    if not api and not (
        record.keys() >= _LOGPUSH and {"RequestBody", "ResponseBody", "Cached"} & record.keys()
    ):
        return False
    source = Source(
        record, "metadata", "Metadata", "request", "response", "RequestBody", "ResponseBody"
    )
    source.fill(draft, _CLOUDFLARE)
    for names, reader in (
        (("request", "request_body", "RequestBody", "request_head"), read_asked),
        (("response", "response_body", "ResponseBody", "response_head"), read_answered),
    ):
        for name in names:
            if look(source.left, f"{name}.type") == "encrypted":
                draft.note("redacted")  # sealed with the customer's key; it stays in `extra`
            elif name in source.left:
                _read_head(name, source.take(name), reader, draft)
        if record.get(f"{names[0]}_head_complete") is False:
            draft.note("truncated")
    _tell_dollars(draft)
    _titled(draft)
    source.rest(draft)
    return True

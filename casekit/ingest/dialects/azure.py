"""Diagnostic logs of Azure OpenAI and of the API Management gateway before it, rows cut at 32 KB put together.

Source: Microsoft Learn, Azure Monitor tables `AzureDiagnostics`, `ApiManagementGatewayLogs`,
`ApiManagementGatewayLlmLog`; elastic/integrations `azure_openai`.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import structs

from casekit.ingest.dialects.calls import read_answered, read_asked, settle
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import UTC_ASSUMED
from casekit.ingest.dialects.values import Source, look, opened
from casekit.ingest.parsed import Problem
from casekit.ingest.strict_json import encode

Record = dict[str, Any]

_NAMES = [
    "time",
    "callerIpAddress",
    "category",
    "correlationId",
    "durationMs",
    "operationName",
    "properties",
    "resourceId",
    "resultSignature",
    "resultType",
    "location",
    "event",
    "apiName",
    "requestTime",
    "requestLength",
    "responseTime",
    "responseLength",
    "objectId",
    "streamType",
    "modelDeploymentName",
    "modelName",
    "modelVersion",
    "method",
    "url",
    "backendUrl",
    "requestBody",
    "responseBody",
    "backendRequestBody",
    "backendResponseBody",
    "requestSize",
    "responseSize",
    "responseCode",
    "backendResponseCode",
    "truncated",
    "sequenceNumber",
    "requestId",
    "deploymentName",
    "apiVersion",
    "isStreamCompletion",
    "promptTokens",
    "completionTokens",
    "totalTokens",
    "requestMessages",
    "responseMessages",
    "region",
    "totalTime",
    "apimSubscriptionId",
    "userId",
    "identity",
]
_KNOWN = {
    **{name.lower(): name for name in _NAMES},
    "timegenerated": "time",
    "timegenerated [utc]": "time",
    "calleripaddress": "callerIpAddress",
    "properties_s": "properties",
}
_TYPED = re.compile(r"_[sdgbt]$")
_VERSION = re.compile(r"api-version=([\w.-]+)")
_DEPLOYMENT = re.compile(r"/deployments/([^/?]+)")
_TICKS_A_MS = 10_000


def _spelled(untrusted_record: Record) -> Record:
    """The record with the log's own spelling of its keys, whichever way it was exported."""
    found: Record = {}
    for key, value in untrusted_record.items():
        name = _KNOWN.get(key.lower()) or _KNOWN.get(_TYPED.sub("", key.lower()), key)
        if name in found:
            name = key
        found[name] = value
    inner = opened(found.get("properties"))
    if type(inner) is dict:
        found["properties"] = _spelled(inner) if inner is not untrusted_record else inner
    return found


_PLACES = {
    "time": ("time", "properties.requestTime"),
    "request_id": ("correlationId",),
    "operation": ("operationName", "properties.operationName", "properties.operationId"),
    "status": ("resultSignature", "properties.responseCode", "responseCode"),
    "ip": ("callerIpAddress",),
    "account": (
        "properties.objectId",
        "properties.apimSubscriptionId",
        "apimSubscriptionId",
        "properties.userId",
    ),
    "model": ("properties.modelName",),
    "model_requested": ("properties.modelDeploymentName",),
    "endpoint": ("properties.url", "url"),
}


def read_azure_openai(record: Record, draft: Draft) -> bool:
    """A call of Azure OpenAI without its bodies; the caller's address comes with its end masked."""
    if _category(record) not in ("RequestResponse", "Audit", "Trace", "AzureOpenAIRequestUsage"):
        return False
    source = _begun(record, draft)
    name = look(source.left, "properties.apiName")
    if type(name) is str and " version " in name:
        draft.fields["api_version"] = name.rpartition(" version ")[2]
    streamed = source.take("properties.streamType")
    if type(streamed) is str and streamed:
        draft.fields["stream"] = int(not streamed.lower().startswith("non"))
    if _category(record) == "Audit":
        draft.kind = "record"
    _finished(source, draft)
    return True


def _category(record: Record) -> str:
    """The category of a row of Azure's diagnostic logs, or empty."""
    keys = {key.lower(): key for key in record}
    found = record.get(keys.get("category", ""))
    told = "operationname" in keys or "resourceid" in keys
    return found if type(found) is str and told and ("time" in keys or _generated(keys)) else ""


def _generated(keys: dict[str, str]) -> bool:
    return "timegenerated" in keys or "timegenerated [utc]" in keys


def _begun(record: Record, draft: Draft) -> Source:
    source = Source(_spelled(record))
    source.fill(draft, _PLACES)
    _tell_zone(record, draft)
    draft.fields.setdefault("provider", "azure")
    _latency(source, draft)
    return source


def _tell_zone(record: Record, draft: Draft) -> None:
    """The portal's tables have the zone in the head of the column and none in the times."""
    when = draft.when
    unsaid = when is not None and when.zone == UTC_ASSUMED and when.field == "time"
    if when and unsaid and any(key.lower() == "timegenerated [utc]" for key in record):
        draft.when = structs.replace(when, zone="explicit")


def _latency(source: Source, draft: Draft) -> None:
    """The duration as logged; one below zero is left beside what the two clock readings say."""
    for path in ("durationMs", "properties.totalTime", "totalTime"):
        found = look(source.left, path)
        if type(found) is str and found.isdecimal():
            found = int(found)
        if type(found) in (int, float) and found >= 0 and draft.put("latency_ms", int, found):
            source.take(path)
            return
    start, end = (
        look(source.left, f"properties.{name}") for name in ("requestTime", "responseTime")
    )
    if type(start) is int and type(end) is int and 0 <= end - start < 2**50:
        draft.fields["latency_ms"] = (end - start) // _TICKS_A_MS


def _finished(source: Source, draft: Draft) -> None:
    words = (str(draft.fields.get("status", "")), draft.fields.get("operation", ""),
             draft.fields.get("model_requested") or draft.fields.get("model", ""))  # fmt: skip
    settle(draft, " ".join(filter(None, words)))
    source.rest(draft)


# -- API Management -------------------------------------------------------------------------------


def read_apim(record: Record, draft: Draft) -> bool:
    """A call through the gateway with what it logged of the bodies."""
    keys = {key.lower() for key in record}
    row = {"backendurl", "callerIpAddress".lower(), "responsecode", "correlationid"} <= keys
    if _category(record) != "GatewayLogs" and not row:
        return False
    source = _begun(record, draft)
    prefix = "properties." if type(source.left.get("properties")) is dict else ""
    url = draft.fields.get("endpoint") or str(look(source.left, f"{prefix}backendUrl") or "")
    if found := _VERSION.search(url):
        draft.fields["api_version"] = found.group(1)
    _asked(_body(source, prefix, "equestBody"), draft)
    _answered(_body(source, prefix, "esponseBody"), draft)
    if found := _DEPLOYMENT.search(url):
        draft.fields.setdefault("model_requested", found.group(1))
    if source.take("truncated") not in (None, 0, "0", "", False):
        draft.note("truncated")
    _finished(source, draft)
    draft.fields["joint"] = "apim/part"
    return True


def _body(source: Source, prefix: str, name: str) -> Any:
    """The client's body, or else the backend's; the second stays in `extra` only where it differs."""
    own, behind = (f"{prefix}{start}{name}" for start in ("r", "backendR"))
    found = source.take(own)
    if found in (None, ""):
        return source.take(behind)
    if look(source.left, behind) == found:
        source.take(behind)
    return found


def _asked(untrusted_body: Any, draft: Draft) -> None:
    read_asked(untrusted_body, draft)
    _tell_cut(untrusted_body, draft)


def _answered(untrusted_body: Any, draft: Draft) -> None:
    read_answered(untrusted_body, draft)
    _tell_cut(untrusted_body, draft)


def _tell_cut(untrusted_body: Any, draft: Draft) -> None:
    """A body that begins as JSON and is none was cut at the gateway's limit."""
    begun = type(untrusted_body) is str and untrusted_body.lstrip()[:1] in ("{", "[")
    if begun and opened(untrusted_body) is untrusted_body:
        draft.note("truncated")


# -- its log of models' messages, cut into rows ---------------------------------------------------

_LLM_PLACES = {
    "time": ("time",),
    "request_id": ("correlationId",),
    "upstream_id": ("properties.requestId", "requestId"),
    "operation": ("properties.operationName", "operationName"),
    "model": ("properties.modelName", "modelName"),
    "model_requested": ("properties.deploymentName", "deploymentName"),
    "api_version": ("properties.apiVersion", "apiVersion"),
    "input_tokens": ("properties.promptTokens", "promptTokens"),
    "output_tokens": ("properties.completionTokens", "completionTokens"),
    "ip": ("callerIpAddress",),
}
_CUT = ("requestMessages", "responseMessages")
_GAP = "rowsMissing"
_TWICE = "rowsTwice"
_GAPS_SHOWN = 100
_ROWS = "rows"
"""Under this name `extra` keeps the numbers of the rows that were there, unless it is row 0 alone."""
_MOST_ROWS = 1000


def _llm_row(record: Record) -> tuple[Record, Record] | None:
    """The record in its own spelling and where its values stand, if it is a row of that log."""
    spelled = _spelled(record)
    inner = spelled.get("properties")
    held: Record = inner if type(inner) is dict else spelled
    counted = "sequenceNumber" in held and "correlationId" in spelled
    return (
        (spelled, held)
        if counted and any(name in held for name in (*_CUT, "promptTokens"))
        else None
    )


def apim_llm_key(record: Record) -> str:
    """What the rows of one exchange share."""
    keys = {key.lower(): key for key in record}
    if "correlationid" not in keys:
        return ""
    found = _llm_row(record)
    key = found[0]["correlationId"] if found else ""
    return key if type(key) is str else ""


def _sequence(held: Record) -> int:
    found = held.get("sequenceNumber")
    if type(found) is str and found.isdecimal():
        return int(found)
    return found if type(found) is int else 0


def merge_apim_llm(records: list[Record]) -> Record:
    """One row from all: the pieces of its messages strung together by their numbers."""
    rows = [found for each in records if (found := _llm_row(each))]
    numbered: dict[int, Record] = {}
    twice: list[str] = []
    for _, held in rows:
        known = numbered.setdefault(_sequence(held), held)
        if (
            known is not held
        ):  # the log delivers a row twice at times; the same words say nothing new
            twice += [
                text
                for name in _CUT
                if (text := _text(held.get(name))) not in ("", _text(known.get(name)))
            ]
    order = sorted(numbered)
    merged = dict(rows[0][1])
    for held in (numbered[number] for number in order):
        for key, value in held.items():
            if merged.get(key) in (None, "") and value not in (None, ""):
                merged[key] = value
    for name in _CUT:
        pieces = [numbered[number].get(name) for number in order]
        merged[name] = _strung([each for each in pieces if each not in (None, "")])
    wanted = range(min(order[-1] + 1, len(order) + _GAPS_SHOWN))  # a number may be anything
    missing = [number for number in wanted if number not in numbered]
    if missing:
        merged[_GAP] = missing[:_GAPS_SHOWN]
    if twice:
        merged[_TWICE] = twice
    merged["sequenceNumber"] = 0
    merged[_ROWS] = order[:_MOST_ROWS]
    first = dict(rows[0][0])
    return {**first, "properties": merged} if "properties" in first else {**first, **merged}


def _text(value: Any) -> str:
    return value if type(value) is str else encode(value) if value else ""


def _strung(pieces: list[Any]) -> Any:
    """Pieces of one JSON text, or lists of messages one behind the other."""
    lists = list(map(opened, pieces))
    if all(type(each) is list for each in lists):
        return [item for each in lists for item in each]
    return "".join(each if type(each) is str else str(each) for each in pieces)


def read_apim_llm(record: Record, draft: Draft) -> bool:
    """One exchange of the gateway's log of models' messages."""
    found = _llm_row(record)
    if found is None:
        return False
    source = Source(found[0])
    prefix = "properties." if "properties" in found[0] else ""
    source.fill(draft, _LLM_PLACES)
    _tell_zone(record, draft)
    draft.fields.setdefault("provider", "azure")
    streamed = source.take(f"{prefix}isStreamCompletion")
    if streamed in (True, False) or str(streamed).lower() in ("true", "false"):
        draft.fields["stream"] = int(str(streamed).lower() == "true")
    if _sequence(found[1]) or look(source.left, f"{prefix}{_GAP}"):
        draft.note("truncated")
    source.take(f"{prefix}sequenceNumber")
    twice = source.take(f"{prefix}{_TWICE}")
    if type(twice) is list and twice:
        draft.body = "\n\n".join(map(str, twice))
        said = "Rows of one number say different things; those that came later are shown as text."
        draft.problems += (Problem("parse", "told-twice", said),)
    rows = source.take(f"{prefix}{_ROWS}") or [_sequence(found[1])]
    read_asked(source.take(f"{prefix}requestMessages"), draft)
    read_answered(source.take(f"{prefix}responseMessages"), draft)
    _finished(source, draft)
    if rows != [0]:
        draft.put_extra(_ROWS, rows)
    draft.fields["joint"] = "apim/rows"
    return True

"""Access logs that a web server, a proxy or a cloud writes as JSON, whatever names it gave the fields.

Source: nginx `log_format … escape=json`; Envoy `json_format`; Caddy and Traefik access logs; Amazon API Gateway
"Set up CloudWatch logging", format JSON; Cloudflare Logpush "HTTP requests"; Google Cloud `LogEntry` with
`httpRequest`, as its load balancers write it; Amazon CloudFront and Amazon S3, logs as JSON.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from casekit.ingest.dialects.calls import read_answered, read_asked, settle
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.times import read_time
from casekit.ingest.dialects.values import Source, look
from casekit.ingest.dialects.w3c_lines import plain_headers

Record = dict[str, Any]

_PLACES = {
    "time": ("time_iso8601", "start_time", "time_local", "@timestamp", "StartUTC", "EdgeStartTimestamp",
             "requestTimeEpoch", "requestTime", "timestamp", "time", "ts", "msec", "request_time"),
    "ip": ("x_forwarded_for", "http_x_forwarded_for", "x-forwarded-for", "remote_addr", "client_ip",
           "downstream_remote_address", "request.client_ip", "request.remote_ip", "ClientHost", "ClientIP",
           "httpRequest.remoteIp", "remote_ip", "c-ip", "ip"),
    "account": ("remote_user", "user_id", "ClientUsername", "requester", "caller", "user"),
    "status": ("response_code", "status", "DownstreamStatus", "EdgeResponseStatus", "httpRequest.status",
               "http_status", "sc-status"),
    "endpoint": ("x_envoy_origin_path", "path", "request_uri", "uri", "request.uri", "RequestPath",
                 "ClientRequestURI", "ClientRequestPath", "httpRequest.requestUrl", "cs-uri-stem",
                 "resourcePath", "routeKey"),
    "user_agent": ("user_agent", "http_user_agent", "request_User-Agent", "ClientRequestUserAgent",
                   "httpRequest.userAgent", "cs(User-Agent)", "userAgent"),
    "referer": ("http_referer", "referer", "request_Referer", "ClientRequestReferer", "httpRequest.referer",
                "cs(Referer)"),
    "request_id": ("x_request_id", "request_id", "requestId", "RayID", "x-edge-request-id"),
    "operation": ("operation",),
    "asn": ("ClientASN", "asn"),
    "country": ("ClientCountry", "c-country"),
    "ja3": ("JA3Hash",),
    "ja4": ("JA4",),
    "latency_ms": ("duration_ms", "responseLatency"),
}  # fmt: skip
_CHAINS = ("x_forwarded_for", "http_x_forwarded_for", "x-forwarded-for")
_LINES = ("request", "request_uri")
_METHOD = (
    "request_method", "method", "request.method", "RequestMethod", "httpMethod", "ClientRequestMethod",
    "httpRequest.requestMethod", "cs-method",
)  # fmt: skip
_METHODS = frozenset(("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT"))
_HEADERS = {"user_agent": "request.headers.User-Agent", "referer": "request.headers.Referer"}
_DURATIONS = (
    ("request_time", 1000.0, ""),  # nginx
    ("duration", 1000.0, "request.uri"),  # Caddy
    ("Duration", 1e-6, "DownstreamStatus"),  # Traefik
    ("httpRequest.latency", 1000.0, ""),  # Google Cloud
    ("total_time", 1.0, "bucket_name"),  # Amazon S3
    ("time-taken", 1000.0, "x-edge-location"),  # Amazon CloudFront
)
"""Where a duration stands, its unit in milliseconds, and what tells whose log it is."""

_NUMBER = re.compile(r"(\d{1,15}(?:\.\d{1,20})?(?:e-\d{1,2})?)s?")


def read_access_json(record: Record, draft: Draft) -> bool:
    """One request, in whose fields `-` is nothing; where the operator logs bodies, they are read.

    The client is the first hop of `X-Forwarded-For` where that is logged, and `extra` keeps the chain.
    """
    method = next((found for path in _METHOD if type(found := look(record, path)) is str), "")
    lines = (found for path in _LINES if type(found := look(record, path)) is str)
    line = next((each for each in lines if " HTTP/" in each), "")
    method = method or line.partition(" ")[0]
    if method not in _METHODS or _is_of_program(record):
        return False
    if not any(str(look(record, key)).isdecimal() for key in _PLACES["status"]):
        return False
    source = Source({key: value for key, value in record.items() if value != "-"})
    chain = next((look(record, key) for key in _CHAINS if look(record, key)), None)
    _read_fields(source, draft)
    if type(chain) is str and "," in chain:
        draft.fields["ip"] = chain.split(",")[0].strip()
        draft.put_extra("x_forwarded_for", chain)
    ip = draft.fields.pop("ip", "-")
    if ip.count(":") == 1:  # an address with its port; one of IPv6 has more colons
        ip, _, draft.extra["port"] = ip.partition(":")
    if ip != "-":
        draft.fields["ip"] = ip
        if "x" in ip.removeprefix("unix"):
            draft.note("ip-masked")
    if line and draft.fields.get("endpoint") in (None, line):
        draft.fields["endpoint"] = line.split(" ")[1] if line.count(" ") > 1 else line
    read_asked(source.take("request_body"), draft)
    read_answered(source.take("response_body"), draft)
    settle(draft, f"{draft.fields.get('status', '')} {method} {draft.fields.get('endpoint', '')}")
    source.rest(draft)
    return True


def _is_of_program(record: Record) -> bool:
    """Whether a program of its own speaks in the entry, and not only Google's load balancer."""
    said = record.get("jsonPayload")
    return type(said) is dict and "LoadBalancerLogEntry" not in str(said.get("@type"))


def _read_fields(source: Source, draft: Draft) -> None:
    if "x-edge-location" in source.left:
        source.left.update(plain_headers(source.left))
    source.fill(draft, _PLACES)
    for target, path in _HEADERS.items():
        values = look(source.left, path)
        if target not in draft.fields and type(values) is list and len(values) == 1:
            draft.put(target, str, values[0])
    query = look(source.left, "cs-uri-query")
    if type(query) is str and query:
        draft.fields["endpoint"] = (
            f"{draft.fields.get('endpoint', '')}?{source.take('cs-uri-query')}"
        )
    if draft.when is None:
        _read_day_and_clock(source, draft)
    if "latency_ms" not in draft.fields:
        _read_latency(source, draft)


def _read_day_and_clock(source: Source, draft: Draft) -> None:
    """A time in two fields, which is UTC by the definition of the W3C's format."""
    day, clock = look(source.left, "date"), look(source.left, "time")
    found = read_time(f"{day} {clock}", "date time") if type(day) is type(clock) is str else None
    if found is not None:
        draft.when = msgspec.structs.replace(found, zone="explicit")
        source.take("date"), source.take("time")


def _read_latency(source: Source, draft: Draft) -> None:
    """A duration in a unit that is known by whose log it is; a text in another form stays where it is."""
    for path, unit, beside in _DURATIONS:
        match = _NUMBER.fullmatch(str(look(source.left, path)))
        if match and (not beside or look(source.record, beside) is not None):
            draft.fields["latency_ms"] = round(float(match[1]) * unit)
            source.take(path)
            return
    first, last = (
        read_time(look(source.record, f"Edge{each}Timestamp"), each) for each in ("Start", "End")
    )
    if first and last and last.us >= first.us:  # Cloudflare's
        draft.fields["latency_ms"] = (last.us - first.us) // 1000

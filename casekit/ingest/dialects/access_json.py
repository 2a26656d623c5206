"""Access logs that a web server or proxy writes as JSON, whatever names its operator gave the fields.

Source: nginx `log_format … escape=json`; Envoy `json_format`; Caddy and Traefik access logs.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest.dialects.calls import read_answered, read_asked, settle
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import Source, look

Record = dict[str, Any]

_PLACES = {
    "time": ("time_iso8601", "start_time", "time_local", "@timestamp", "timestamp", "time", "ts",
             "StartUTC", "msec"),
    "ip": ("x_forwarded_for", "http_x_forwarded_for", "remote_addr", "client_ip", "downstream_remote_address",
           "request.remote_ip", "request.client_ip", "ClientHost"),
    "account": ("remote_user", "user_id", "ClientUsername"),
    "status": ("response_code", "status", "DownstreamStatus"),
    "endpoint": ("x_envoy_origin_path", "path", "request_uri", "uri", "request.uri", "RequestPath"),
    "user_agent": ("user_agent", "http_user_agent", "request_User-Agent"),
    "referer": ("http_referer", "referer"),
    "request_id": ("x_request_id", "request_id"),
    "latency_ms": ("duration_ms",),
}  # fmt: skip
_STATUS = ("response_code", "status", "DownstreamStatus")
_METHOD = ("request_method", "method", "request.method", "RequestMethod")
_METHODS = frozenset(("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT"))


def read_access_json(record: Record, draft: Draft) -> bool:
    """One request; where the operator logs bodies, they are read.

    The client is the first hop of `X-Forwarded-For` where that is logged, and `extra` keeps the chain.
    """
    method = next((found for path in _METHOD if type(found := look(record, path)) is str), "")
    line = look(record, "request")
    if type(line) is str and " HTTP/" in line:
        method = method or line.partition(" ")[0]
    if method not in _METHODS or not any(str(look(record, key)).isdecimal() for key in _STATUS):
        return False
    source = Source(record)
    chain = next((look(record, key) for key in _PLACES["ip"][:2] if look(record, key)), None)
    source.fill(draft, _PLACES)
    if type(chain) is str and "," in chain:
        draft.fields["ip"] = chain.split(",")[0].strip()
        draft.put_extra("x_forwarded_for", chain)
    ip = draft.fields.pop("ip", "-")
    if ip.count(":") == 1:  # an address with its port; one of IPv6 has more colons
        ip, _, draft.extra["port"] = ip.partition(":")
    if ip != "-":
        draft.fields["ip"] = ip
    if type(line) is str and "endpoint" not in draft.fields:
        draft.fields["endpoint"] = line.split(" ")[1] if line.count(" ") > 1 else line
    seconds = look(record, "request_time")
    if "latency_ms" not in draft.fields and str(seconds).replace(".", "", 1).isdecimal():
        draft.fields["latency_ms"] = int(float(str(seconds)) * 1000)
    read_asked(source.take("request_body"), draft)
    read_answered(source.take("response_body"), draft)
    settle(draft, f"{draft.fields.get('status', '')} {method} {draft.fields.get('endpoint', '')}")
    source.rest(draft)
    return True

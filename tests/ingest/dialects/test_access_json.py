from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.access_json import read_access_json
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context


def test_nginx_and_envoy_name_their_fields_otherwise() -> None:
    nginx, envoy = Draft(b"", Context()), Draft(b"", Context())
    assert read_access_json(
        {"time_iso8601": "2026-02-03T04:05:06+01:00", "remote_addr": "198.18.7.1", "request_method": "POST",
         "request_uri": "/v1/messages", "status": "200", "request_time": "0.812", "http_user_agent": "curl/8",
         "http_x_forwarded_for": "203.0.113.9, 10.0.0.1"}, nginx,
    )  # fmt: skip
    assert (nginx.kind, nginx.title) == ("request", "200 POST /v1/messages")
    assert nginx.fields == {
        "ip": "203.0.113.9",
        "status": 200,
        "endpoint": "/v1/messages",
        "user_agent": "curl/8",
        "latency_ms": 812,
    }
    assert nginx.extra["x_forwarded_for"] == "203.0.113.9, 10.0.0.1"
    assert read_access_json(
        {"start_time": "2026-02-03T04:05:06.123Z", "method": "POST", "path": "/v1/chat", "response_code": 429,
         "x_request_id": "r", "downstream_remote_address": "198.18.7.2:5000", "upstream_host": "u:80"}, envoy,
    )  # fmt: skip
    assert (envoy.fields["ip"], envoy.extra["port"]) == ("198.18.7.2", "5000")
    assert (envoy.fields["status"], envoy.fields["request_id"], envoy.title) == (
        429,
        "r",
        "429 POST /v1/chat",
    )


def test_bodies_are_read_where_they_are_logged() -> None:
    made = Draft(b"", Context())
    body = '{"model":"m","messages":[{"role":"user","content":"Hi"}]}'
    assert read_access_json(
        {"request": "POST /v1 HTTP/1.1", "status": 200, "request_body": body}, made
    )
    assert (made.kind, made.prompt, made.fields["endpoint"]) == ("exchange", "Hi", "/v1")


CADDY = {"ts": 1646861401.5, "request": {"remote_ip": "10.0.0.1", "client_ip": "192.0.2.1", "method": "GET",
         "uri": "/", "headers": {"User-Agent": ["curl/8"], "Referer": ["http://a/"]}}, "duration": 1.5,
         "status": 200}  # fmt: skip
TRAEFIK = {"ClientHost": "192.0.2.1", "ClientUsername": "-", "DownstreamStatus": 200, "Duration": 1916100,
           "RequestMethod": "GET", "RequestPath": "/", "StartUTC": "2026-02-03T04:05:06.5Z",
           "request_User-Agent": "curl/8", "time": "2026-02-03T04:05:09Z"}  # fmt: skip
GATEWAY = {"requestId": "r", "ip": "192.0.2.1", "caller": "-", "user": "ann", "httpMethod": "GET",
           "requestTime": "03/Feb/2026:04:05:06 +0000", "resourcePath": "/", "status": "200"}  # fmt: skip
CLOUDFLARE = {"ClientIP": "192.0.2.1", "ClientRequestMethod": "GET", "ClientRequestURI": "/", "RayID": "r",
              "EdgeStartTimestamp": 1770091506000000000, "EdgeEndTimestamp": 1770091506250000000,
              "EdgeResponseStatus": 200, "ClientRequestUserAgent": "curl/8", "JA4": "t13d", "ClientASN": 64500,
              "ClientCountry": "us"}  # fmt: skip
GOOGLE = {"httpRequest": {"requestMethod": "GET", "requestUrl": "https://a/", "status": 200, "latency": "0.25s",
                          "remoteIp": "192.0.2.1", "userAgent": "curl/8"},
          "jsonPayload": {"@type": "type.googleapis.com/google.cloud.loadbalancing.type.LoadBalancerLogEntry"},
          "timestamp": "2026-02-03T04:05:06Z"}  # fmt: skip
STORE = {"bucket_name": "b", "request_time": "2026-02-03T04:05:06.000Z", "remote_ip": "192.0.2.1",
         "requester": "arn:x", "request_id": "r", "operation": "REST.GET.OBJECT", "http_status": 200,
         "request_uri": "GET /b/k HTTP/1.1", "total_time": 7, "user_agent": "curl/8"}  # fmt: skip
EDGE = {"date": "2026-02-03", "time": "04:05:06", "x-edge-location": "SOF50", "c-ip": "192.0.2.1",
        "cs-method": "GET", "cs-uri-stem": "/", "cs-uri-query": "q=1", "sc-status": "200",
        "cs(User-Agent)": "curl/8%20x", "time-taken": "0.5"}  # fmt: skip


@pytest.mark.parametrize(
    ("record", "fields", "raw"),
    [
        (CADDY, {"endpoint": "/", "user_agent": "curl/8", "referer": "http://a/", "latency_ms": 1500},
         "1646861401.5"),
        (TRAEFIK, {"endpoint": "/", "user_agent": "curl/8", "latency_ms": 2}, "2026-02-03T04:05:06.5Z"),
        (GATEWAY, {"endpoint": "/", "account": "ann", "request_id": "r"}, "03/Feb/2026:04:05:06 +0000"),
        (CLOUDFLARE, {"endpoint": "/", "request_id": "r", "user_agent": "curl/8", "ja4": "t13d", "asn": 64500,
                      "country": "us", "latency_ms": 250}, "1770091506000000000"),
        (GOOGLE, {"endpoint": "https://a/", "user_agent": "curl/8", "latency_ms": 250}, "2026-02-03T04:05:06Z"),
        (STORE, {"endpoint": "/b/k", "account": "arn:x", "request_id": "r", "operation": "REST.GET.OBJECT",
                 "user_agent": "curl/8", "latency_ms": 7}, "2026-02-03T04:05:06.000Z"),
        (EDGE, {"endpoint": "/?q=1", "user_agent": "curl/8 x", "latency_ms": 500}, "2026-02-03 04:05:06"),
    ],
    ids=["Caddy", "Traefik", "API Gateway", "Cloudflare", "Google Cloud", "S3", "CloudFront"],
)  # fmt: skip
def test_the_names_of_other_servers_and_clouds(
    record: dict[str, Any], fields: dict[str, Any], raw: str
) -> None:
    made = Draft(b'{"ts":1646861401.5}', Context())
    assert read_access_json(record, made)
    assert made.fields == {"ip": "192.0.2.1", "status": 200, **fields}
    assert made.when is not None
    assert (made.when.raw, made.when.zone) == (raw, "explicit")
    assert recognise(record) == "JSON access log"


@pytest.mark.parametrize(
    ("ip", "missing"), [("192.0.2.x", ("ip-masked",)), ("unix:", ()), ("2001:db8::1", ())]
)
def test_a_masked_address_is_told(ip: str, missing: tuple[str, ...]) -> None:
    made = Draft(b"", Context())
    assert read_access_json({**TRAEFIK, "ClientHost": ip}, made)
    assert made.missing == missing


def test_an_entry_in_which_a_program_speaks_is_not_only_a_request() -> None:
    assert recognise({**GOOGLE, "jsonPayload": {"said": "x"}}) == ""
    said = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    assert recognise({**GOOGLE, "jsonPayload": said}) == "wrapped log entry"


def test_a_duration_in_an_unknown_unit_and_an_end_before_its_start_are_none() -> None:
    envoy = {
        "method": "GET",
        "response_code": 200,
        "duration": 12,
        "start_time": "2026-02-03T04:05:06Z",
    }
    for record in (envoy, {**CLOUDFLARE, "EdgeEndTimestamp": 1770091505000000000}):
        made = Draft(b"", Context())
        assert read_access_json(record, made)
        assert "latency_ms" not in made.fields


@pytest.mark.parametrize("duration", ["-1", "x", True, None, {}, "1e400", -5])
def test_a_duration_that_is_none_is_kept_as_it_is(duration: object) -> None:
    made = Draft(b"", Context())
    assert read_access_json({**TRAEFIK, "Duration": duration}, made)
    assert "latency_ms" not in made.fields
    assert made.extra["Duration"] == duration


@pytest.mark.parametrize(
    "record",
    [{"method": "POST"}, {"status": 200}, {"method": "x", "status": 200}, {"method": [], "status": {}},
     {"request": 7, "status": 200}],
)  # fmt: skip
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""

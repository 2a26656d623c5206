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


@pytest.mark.parametrize(
    "record",
    [{"method": "POST"}, {"status": 200}, {"method": "x", "status": 200}, {"method": [], "status": {}},
     {"request": 7, "status": 200}],
)  # fmt: skip
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""

from __future__ import annotations

import json

import pytest

from casekit.ingest.dialects.access_lines import AccessLine, access_line, is_access_line
from casekit.ingest.parsed import Exchange, When

LINE = b'67.43.156.13 - - [25/Oct/2016:14:49:33 +0200] "GET / HTTP/1.1" 200 612 "-" "Moz \\"x\\""'


def test_a_combined_line_is_taken_apart() -> None:
    assert access_line(LINE) == AccessLine(
        "200 GET / HTTP/1.1",
        When(1_477_399_773_000_000, "25/Oct/2016:14:49:33 +0200", "time"),
        Exchange(
            ip="67.43.156.13",
            endpoint="/",
            status=200,
            user_agent='Moz \\"x\\"',
            extra='{"method":"GET","protocol":"HTTP/1.1","bytes":"612"}',
            completeness=("no-prompt", "no-output"),
        ),
    )


def test_a_host_before_and_fields_behind_are_kept() -> None:
    found = access_line(b"h.example " + LINE.replace(b"- - [", b"- bob [") + b' "1.2.3.4" 0.2')
    assert found is not None
    assert found.exchange.account == "bob"
    extra = json.loads(found.exchange.extra)
    assert (extra["host"], extra["more"]) == ("h.example", '"1.2.3.4" 0.2')


def test_a_common_line_and_a_broken_request_are_read() -> None:
    common = access_line(LINE.partition(b' "-"')[0])
    broken = access_line(LINE.replace(b"GET / HTTP/1.1", b"\\x16\\x03"))
    assert common is not None
    assert broken is not None
    assert (common.exchange.user_agent, broken.exchange.endpoint) == ("", "\\x16\\x03")


def test_a_masked_address_and_an_impossible_time_are_told() -> None:
    found = access_line(LINE.replace(b"67.43.156.13", b"67.43.156.*").replace(b"25/Oct", b"45/Oct"))
    assert found is not None
    assert (found.when, found.exchange.completeness) == (
        None,
        ("no-prompt", "no-output", "no-time", "ip-masked"),
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"x",
        LINE[:40],
        b'INFO: ::1:36536 - "GET /v1/models HTTP/1.1" 200 OK',
        LINE[1:].replace(b"]", b""),
    ],
)
def test_other_lines_are_none(line: bytes) -> None:
    assert (access_line(line), is_access_line(line)) == (None, False)


ENVOY = (
    b'[2016-04-15T20:17:00.310Z] "POST /api/v1/x HTTP/2" 204 - 154 0 226 100 "10.0.35.28, 10.0.0.1" "nsq2http"'
    b' "cc21d9b0" "locations" "tcp://10.0.2.1:80"'
)
MESH = (
    b'[2020-11-25T21:26:18.409Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 4 4 "-" "curl/7"'
    b' "84961386" "httpbin:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 10.44.1.23:37652'
    b" outbound_.8000_._.httpbin default"
)


def test_envoys_line_says_who_and_how_long() -> None:
    plain, mesh = access_line(ENVOY), access_line(MESH)
    assert plain is not None
    assert mesh is not None
    assert (plain.title, plain.when) == (
        "204 POST /api/v1/x HTTP/2",
        When(1_460_751_420_310_000, "2016-04-15T20:17:00.310Z", "time", "explicit", 1000),
    )
    said = plain.exchange
    assert (said.ip, said.status, said.latency_ms, said.request_id, said.user_agent) == (
        "10.0.35.28", 204, 226, "cc21d9b0", "nsq2http",
    )  # fmt: skip
    assert json.loads(said.extra)["ip_from"] == "first hop of X-Forwarded-For"
    assert (mesh.exchange.ip, mesh.exchange.latency_ms, mesh.exchange.status) == (
        "10.44.1.23",
        4,
        418,
    )
    assert is_access_line(ENVOY[:-3]) is False


def test_the_first_of_several_addresses_is_the_client() -> None:
    found = access_line(
        LINE.replace(b"67.43.156.13 -", b"67.43.156.13, 10.5.102.222, 204.246.1.1 10.2.1.185 -")
    )
    assert found is not None
    assert found.exchange.ip == "67.43.156.13"
    extra = json.loads(found.exchange.extra)
    assert (extra["peer"], extra["forwarded"]) == (
        "10.2.1.185",
        "67.43.156.13, 10.5.102.222, 204.246.1.1",
    )

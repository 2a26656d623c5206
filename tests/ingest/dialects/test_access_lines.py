from __future__ import annotations

import json

import pytest

from casekit.ingest.dialects.access_lines import LONGEST, AccessLine, access_line, is_access_line
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


ALB = (
    b"https 2018-07-02T22:23:00.186641Z app/f/5 192.0.2.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 201 0 57"
    b' "POST https://api.example.com:443/v1/messages HTTP/1.1" "curl/7.46.0" ECDHE-RSA TLSv1.2'
    b' arn:aws:x "Root=1-58337281" "api.example.com" "-" 1 2018-07-02T22:22:48.364000Z "forward" "-" "-"'
)
CLASSIC = (
    b"2015-05-13T23:39:43.945958Z front [2001:db8::1]:2817 - -1 -1 -1 503 - 0 29"
    b' "GET http://www.example.com:80/ HTTP/1.1"'
)
S3 = (
    b"79a5 logs-1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 arn:aws:iam::1:user/ann 3E57427F REST.GET.OBJECT w.bin"
    b' "GET /logs-1/w.bin HTTP/1.1" 200 - 113 4000 70 10 "-" "a "quoted" agent"'
    b" - s9lz= SigV4"
)
BY_ITSELF = (
    b"79a5 logs-1 [06/Feb/2019:00:00:38 +0000] - AmazonS3 3E57427F S3.EXPIRE.OBJECT a.json - - - - - - - - -"
    b" - s9lz="
)
HAPROXY = (
    b"Feb  6 12:14:14 h haproxy[14]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] in static/srv1 10/0/30/69/+109"
    b' 200 +2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu|curl} {} "GET /index.html HTTP/1.1"'
)
TRAEFIK = LINE + b' 1 "api@internal" "http://10.0.0.1:80" 12ms'
CALLED = (
    b'192.0.2.1 - ann [10/Oct/2020:13:55:36 +0000]"GET /pets HTTP/1.1" 200 530 c6af9ac6-7b61-11e6'
)


def test_each_grammar_says_who_when_what_and_how_long() -> None:
    found = {}
    for name, line in {"alb": ALB, "classic": CLASSIC, "s3": S3, "alone": BY_ITSELF,
                       "haproxy": HAPROXY, "traefik": TRAEFIK, "api": CALLED}.items():  # fmt: skip
        said = access_line(line)
        assert said is not None, name
        row = said.exchange
        found[name] = (said.title, row.ip, row.account, row.status, row.endpoint, row.user_agent,
                       row.latency_ms, row.request_id)  # fmt: skip
    assert found == {
        "alb": ("200 POST https://api.example.com:443/v1/messages HTTP/1.1", "192.0.2.39", "", 200,
                "https://api.example.com:443/v1/messages", "curl/7.46.0", 171, ""),
        "classic": ("503 GET http://www.example.com:80/ HTTP/1.1", "2001:db8::1", "", 503,
                    "http://www.example.com:80/", "", None, ""),
        "s3": ("200 GET /logs-1/w.bin HTTP/1.1", "192.0.2.3", "arn:aws:iam::1:user/ann", 200,
               "/logs-1/w.bin", 'a "quoted" agent', 70, "3E57427F"),
        "alone": ("- S3.EXPIRE.OBJECT", "", "AmazonS3", None, "", "", None, "3E57427F"),
        "haproxy": ("200 GET /index.html HTTP/1.1", "10.0.1.2", "", 200, "/index.html", "", 109, ""),
        "traefik": ("200 GET / HTTP/1.1", "67.43.156.13", "", 200, "/", 'Moz \\"x\\"', 12, ""),
        "api": ("200 GET /pets HTTP/1.1", "192.0.2.1", "ann", 200, "/pets", "", None, "c6af9ac6-7b61-11e6"),
    }  # fmt: skip


def test_what_has_no_place_is_kept_under_the_names_of_the_documentation() -> None:
    alb, s3, haproxy = access_line(ALB), access_line(S3), access_line(HAPROXY)
    assert alb is not None
    assert s3 is not None
    assert haproxy is not None
    kept = json.loads(alb.exchange.extra)
    assert (kept["port"], kept["target_status"], kept["host"], kept["bytes"]) == (
        "2817", "201", "api.example.com", "57",
    )  # fmt: skip
    assert kept["more"].startswith('"-" 1 2018-07-02T22:22:48.364000Z')
    assert (alb.exchange.trace_id, s3.exchange.operation) == ("Root=1-58337281", "REST.GET.OBJECT")
    kept = json.loads(haproxy.exchange.extra)
    assert (kept["captured"], kept["timers"], kept["state"]) == (
        "{1wt.eu|curl} {}", "10/0/30/69/", "----",
    )  # fmt: skip


def test_a_time_without_a_zone_says_what_was_assumed() -> None:
    found = access_line(HAPROXY)
    assert found is not None
    assert found.when == When(
        1_233_922_454_655_000,
        "06/Feb/2009:12:14:14.655",
        "time",
        "assumed:no zone given, read as UTC",
        1000,
    )


@pytest.mark.parametrize("line", [ALB, CLASSIC, S3, BY_ITSELF, HAPROXY, CALLED])
def test_a_line_cut_in_its_middle_is_none(line: bytes) -> None:
    assert is_access_line(line[: len(line) // 2]) is False


def test_a_connection_without_a_request_has_no_path() -> None:
    found = access_line(
        b'2015-05-13T23:39:43.945958Z f 192.0.2.1:28 10.0.0.1:80 0.1 0.2 0.3 - - 82 305 "- - - " "-" - -'
    )
    assert found is not None
    assert (found.exchange.endpoint, found.exchange.status, found.exchange.latency_ms) == (
        "",
        None,
        600,
    )


def test_what_traefik_adds_has_names_of_its_own() -> None:
    found = access_line(TRAEFIK)
    assert found is not None
    kept = json.loads(found.exchange.extra)
    assert (kept["count"], kept["router"], kept["server"], kept.get("more")) == (
        "1", "api@internal", "http://10.0.0.1:80", None,
    )  # fmt: skip


def test_a_line_longer_than_any_request_is_none() -> None:
    longest = LINE.replace(b"GET /", b"GET /" + b"a" * (LONGEST - len(LINE)))
    assert is_access_line(longest) is True
    assert access_line(longest) is not None
    assert (access_line(longest + b" "), is_access_line(longest + b" ")) == (None, False)

from __future__ import annotations

from casekit.ingest.dialects.access_lines import LONGEST
from casekit.ingest.readers.w3c_log import read
from casekit.ingest.sniff import identify
from tests.ingest.records_case import read_all, texts

DATA = (
    b"#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"
    b"#Date: 2019-07-23 00:00:01\r\n"
    b"#Fields: date time c-ip cs-method cs-uri-stem sc-status time-taken\r\n"
    b"2019-07-23 00:00:01 198.18.7.1 POST /v1/messages 200 15\r\n"
    b"#Fields: date time cs-method cs-uri-stem c-ip sc-status cs(User-Agent)\r\n"
    b"2019-07-23 00:00:02 GET /v1/models 198.18.7.2 404 curl/8\r\n"
)


def test_each_line_is_read_by_the_names_above_it() -> None:
    items, problems, _ = read_all(read, DATA)
    assert [(item.kind, item.collection, item.title) for item in items] == [
        ("request", "api-log", "200 POST /v1/messages"),
        ("request", "api-log", "404 GET /v1/models"),
    ]
    rows = [item.exchange for item in items if item.exchange]
    assert [(row.ip, row.status, row.latency_ms, row.user_agent) for row in rows] == [
        ("198.18.7.1", 200, 15, ""),
        ("198.18.7.2", 404, None, "curl/8"),
    ]
    assert texts(items[1]) == {"body": DATA.decode().splitlines()[6]}
    assert [(each.kind, each.line) for each in problems] == [("fields-changed", 6)]


def test_names_said_again_are_no_change() -> None:
    head, _, rest = DATA.partition(b"#Fields")
    once = b"#Fields" + rest.partition(b"#Fields")[0]
    _, problems, _ = read_all(read, head + once + head + once)
    assert problems == []


def test_lines_that_are_cut_or_stand_without_names_are_quarantined() -> None:
    items, problems, _ = read_all(read, b"GET /\n" + DATA.replace(b"POST", b"P\xffST")[:-20])
    assert [(each.kind, each.line) for each in problems] == [
        ("bad-line", 1),
        ("bad-utf8", 6),
        ("fields-changed", 7),
        ("field-count", 8),
    ]
    assert items == []


def test_a_line_longer_than_any_request_is_quarantined() -> None:
    data = DATA + b"a" * (LONGEST + 1) + b"\n"
    items, problems, _ = read_all(read, data)
    assert len(items) == 2
    assert [(each.kind, each.line) for each in problems[1:]] == [("too-long", 8)]


def test_it_is_known_by_its_names_and_a_firewalls_log_is_another() -> None:
    assert identify(DATA, len(DATA), "evidence").id == "w3c-log"
    assert identify(DATA, len(DATA), "x.csv").id == "w3c-log"
    firewall = b"#Version: 1\n#Fields: date time action protocol src-ip\n2026-01-01 00:00:00 ALLOW TCP ::1\n"
    assert identify(firewall, len(firewall), "evidence").id == "text"
    both = DATA + b"#Fields: date time action protocol src-ip\n"
    assert identify(both, len(both), "evidence").id == "w3c-log"
    mail = b"#Software: Microsoft\n#Fields: date-time,client-ip\n2026-01-01T00:00:00Z,10.0.0.1\n"
    assert identify(mail, len(mail), "evidence").id == "text"

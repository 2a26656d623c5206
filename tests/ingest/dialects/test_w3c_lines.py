from __future__ import annotations

import json

import pytest

from casekit.ingest.dialects.access_lines import AccessLine
from casekit.ingest.dialects.w3c_lines import DAY_OF_FILE, Directives, w3c_line
from casekit.ingest.parsed import When

EDGE = "date time x-edge-location sc-bytes c-ip cs-method cs-uri-stem sc-status cs(User-Agent) cs-uri-query"


def told(*lines: str) -> Directives:
    made = Directives()
    for line in lines:
        made = made.after(line)
    return made


def request(line: str, *directives: str) -> AccessLine:
    found = w3c_line(line, told(*directives))
    assert isinstance(found, AccessLine)
    return found


def test_times_are_utc_and_keep_their_text() -> None:
    found = request("2019-07-23 00:00:01 GET /v1", "#Fields: date time cs-method cs-uri-stem")
    assert found.when == When(1_563_840_001_000_000, "2019-07-23 00:00:01", "date time")
    assert (found.title, found.exchange.endpoint) == (" GET /v1", "/v1")


def test_a_day_that_only_the_head_of_the_file_names_is_assumed() -> None:
    names = "#Fields: time cs-method cs-uri-stem"
    found = request("00:00:01 GET /v1", "#Date: 2019-07-23 00:00:00", names)
    assert found.when == When(1_563_840_001_000_000, "00:00:01", "date time", DAY_OF_FILE)
    bare = request("00:00:01 GET /v1", names)
    assert (bare.when, bare.exchange.completeness) == (None, ("no-prompt", "no-output", "no-time"))
    assert json.loads(bare.exchange.extra)["time"] == "00:00:01"


@pytest.mark.parametrize(
    ("software", "taken", "expected"),
    [("Microsoft Internet Information Services 10.0", "15", 15), ("", "0.015", 15), ("", "15", None),
     ("Microsoft Internet Information Services 10.0", "x", None)],
)  # fmt: skip
def test_a_duration_is_read_where_its_unit_is_known(
    software: str, taken: str, expected: int | None
) -> None:
    found = request(f"GET {taken}", f"#Software: {software}", "#Fields: cs-method time-taken")
    kept = json.loads(found.exchange.extra)
    assert (found.exchange.latency_ms, kept.get("time-taken")) == (
        expected, None if expected else taken,
    )  # fmt: skip


def test_cloudfront_writes_headers_percent_encoded() -> None:
    words = (
        "2019-12-04",
        "21:02:31",
        "LAX1",
        "392",
        "192.0.2.100",
        "GET",
        "/a%20b",
        "200",
        "Moz%20(X)",
        "q=1",
    )
    found = request("\t".join(words), f"#Fields: {EDGE}").exchange
    assert (found.user_agent, found.endpoint, found.ip) == ("Moz (X)", "/a%20b?q=1", "192.0.2.100")
    assert json.loads(found.extra) == {"x-edge-location": "LAX1", "bytes": "392", "method": "GET"}


def test_the_first_hop_is_the_client_and_a_masked_address_is_told() -> None:
    names = "#Fields: c-ip cs-method X-Forwarded-For"
    found = request("10.0.0.1 GET 203.0.113.x,+10.0.0.7", names).exchange
    assert (found.ip, found.completeness[-1]) == ("203.0.113.x", "ip-masked")
    assert json.loads(found.extra)["peer"] == "10.0.0.1"


def test_a_dash_is_nothing() -> None:
    found = request(
        "- GET - 1 -", "#Fields: cs-username cs-method cs-uri-query s-port s-sitename"
    ).exchange
    assert (found.account, found.endpoint) == ("", "")
    assert json.loads(found.extra) == {"method": "GET", "s-port": "1"}


def test_quotes_hold_blanks_and_other_counts_are_told() -> None:
    names = "#Fields: cs-method cs(User-Agent)"
    assert request('GET "a ""b"" c"', names).exchange.user_agent == 'a "b" c'
    assert w3c_line("GET a b", told(names)) == 3


def test_lines_of_the_head_that_say_nothing_new_change_nothing() -> None:
    before = told("#Fields: cs-method")
    assert [before.after(line) for line in ("#Version: 1.0", "#", "# Fields", "#Remark: x")] == [
        before
    ] * 4
    assert told("#Fields: date time action protocol src-ip dst-ip").of_requests is False

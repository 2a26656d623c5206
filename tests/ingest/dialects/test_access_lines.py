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

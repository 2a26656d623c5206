from __future__ import annotations

from casekit.ingest.parsed import When
from casekit.ingest.readers.access_log import read
from tests.ingest.records_case import DATA, read_all, texts


def test_a_line_is_a_request_with_its_place() -> None:
    data = (DATA / "access.log").read_bytes()
    items, problems, _ = read_all(read, data)
    assert [(item.kind, item.collection, item.title) for item in items] == [
        ("request", "api-log", "200 POST /v1/messages HTTP/1.1"),
        ("request", "api-log", "304 GET /v1/models HTTP/2.0"),
    ]
    assert texts(items[0]) == {"body": data.splitlines()[0].decode()}
    assert items[0].when == When(1_770_087_906_000_000, "03/Feb/2026:04:05:06 +0100", "time")
    first, second = items[0].exchange, items[1].exchange
    assert first is not None
    assert second is not None
    assert (first.ip, first.status, first.endpoint, first.user_agent) == (
        "198.18.7.1",
        200,
        "/v1/messages",
        "curl/8.5.0",
    )
    assert (second.ip, second.account) == ("198.18.7.2", "key_7")
    assert '"host":"api.example.com"' in second.extra
    assert [(each.kind, each.line) for each in problems] == [("bad-line", 3)]


def test_lines_that_are_cut_or_no_text_are_quarantined() -> None:
    data = (DATA / "access.log").read_bytes().replace(b"curl", b"c\xffrl")
    items, problems, _ = read_all(read, data[:-160])
    assert [(each.kind, each.line) for each in problems] == [("bad-utf8", 1), ("bad-line", 2)]
    assert items == []


def test_endless_quotes_do_not_take_forever() -> None:
    read_all(read, b'1.1.1.1 - - [03/Feb/2026:04:05:06 +0100] "' + b'\\"' * 100_000)

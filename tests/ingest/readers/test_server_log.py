from __future__ import annotations

from casekit.ingest.readers.server_log import read
from casekit.ingest.sniff import identify
from tests.ingest.records_case import read_all, texts

DATA = (
    b"INFO 12-06 14:09:27 logger.py:37] Received request cmpl-1: prompt: 'Hi', params: SamplingParams(n=1)\n"
    b'INFO:     10.0.0.9:52374 - "POST /v1/completions HTTP/1.1" 200 OK\n'
    b"INFO 12-06 14:09:29 metrics.py:449] Avg prompt throughput: 0.0 tokens/s\n"
)


def test_each_line_is_an_item_and_the_missing_year_is_told_once() -> None:
    items, problems, _ = read_all(read, DATA)
    assert [(item.kind, item.collection, item.title) for item in items] == [
        ("exchange", "api-log", "Hi"),
        ("request", "api-log", "200 POST /v1/completions HTTP/1.1"),
        ("record", "api-log", "Avg prompt throughput: 0.0 tokens/s"),
    ]
    assert [item.when for item in items] == [None] * 3
    assert [item.exchange.completeness for item in items if item.exchange] == [
        ("no-output", "no-time", "unjoined"),
        ("no-prompt", "no-output", "no-time"),
        ("no-time",),
    ]
    assert texts(items[0]) == {"prompt": "Hi"}
    assert texts(items[1]) == {"body": DATA.splitlines()[1].decode()}
    assert [(each.kind, each.line) for each in problems] == [("time-without-year", 1)]


def test_a_log_cut_off_or_with_odd_lines_is_quarantined_by_line() -> None:
    _, problems, books = read_all(read, DATA[:-60] + b"\n\xff\nTraceback:\n")
    kinds = [(each.kind, each.line) for each in problems]
    assert kinds == [("time-without-year", 1), ("bad-line", 3), ("bad-utf8", 4), ("bad-line", 5)]
    assert books.quarantined > 0


def test_it_is_known_by_its_lines() -> None:
    assert identify(DATA, len(DATA), "x").id == "server-log"
    assert identify(DATA, len(DATA), "x.csv").id == "server-log"
    assert identify(b"INFO: a\nplain text\n", 19, "x").id == "text"

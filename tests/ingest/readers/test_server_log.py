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


LLAMA = b"""main: server is listening on http://127.0.0.1:8080 - starting the main loop
srv  update_slots: all slots are idle
slot launch_slot_: id  0 | task 0 | processing task
prompt eval time =     201.54 ms /    26 tokens (    7.75 ms per token,   129.01 tokens per second)
<|im_start|>system
srv  log_server_r: request: POST /v1/chat/completions 127.0.0.1 200
"""
TGI = b"""2024-12-10T21:49:50.317182Z  INFO text_generation_router::server: router/src/server.rs:2402: Connected
2024-12-10T21:50:03.478010Z  INFO generate{total_time="7.2ms"}: text_generation_router::server: a.rs:1: Success
"""


def test_logs_of_other_engines_are_known_by_their_lines_too() -> None:
    for data, kinds, lost in (
        (LLAMA, ["record"] * 4 + ["request"], [("bad-line", 5)]), (TGI, ["record", "request"], []),
    ):  # fmt: skip
        assert identify(data, len(data), "x").id == "server-log"
        items, problems, _ = read_all(read, data)
        assert [item.kind for item in items] == kinds
        assert [(each.kind, each.line) for each in problems] == lost

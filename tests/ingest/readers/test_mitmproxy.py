from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from casekit.ingest.parsed import Books, Context, Parsed, Problem, sha256
from casekit.ingest.pointer import resolve
from casekit.ingest.readers.mitmproxy import read
from casekit.ingest.reading import format_of
from tests.ingest.records_case import texts
from tests.ingest.test_tnetstring import dump

ASK = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
ANSWER = {"id": "a", "model": "m", "choices": [{"message": {"role": "assistant", "content": "Yo"}}]}
KEY = b"sk-0123456789abcdefghijkl"


def flow(number: int = 1) -> dict[str, Any]:
    """A flow of format 21."""
    return {
        "type": "http", "version": 21, "id": f"f{number}", "comment": "", "metadata": {}, "error": None,
        "request": {
            "method": b"POST", "scheme": b"https", "host": "203.0.113.9", "port": 443, "authority": b"",
            "path": b"/v1/chat/completions", "http_version": b"HTTP/1.1",
            "headers": [[b"Host", b"api.openai.com"], [b"Authorization", b"Bearer " + KEY],
                        [b"x-stainless-lang", b"python"]],
            "content": json.dumps(ASK).encode(), "trailers": None,
            "timestamp_start": 1731596382.25, "timestamp_end": 1731596382.5,
        },
        "response": {
            "status_code": 200, "reason": b"OK", "http_version": b"HTTP/1.1",
            "headers": [[b"Content-Encoding", b"gzip"], [b"x-request-id", b"req_1"]],
            "content": gzip.compress(json.dumps(ANSWER).encode()), "trailers": None,
            "timestamp_start": 1731596383.25, "timestamp_end": 1731596384.25,
        },
        "client_conn": {"peername": ["192.0.2.7", 50566], "timestamp_start": 1731596380.0},
        "server_conn": {"peername": ["203.0.113.9", 443], "sni": "api.openai.com", "tls_version": "TLSv1.3"},
        "websocket": None,
    }  # fmt: skip


def old_flow() -> dict[bytes, Any]:
    """A flow of format 0.11, all bytes."""
    return {
        b"version": [0, 11], b"error": None,
        b"request": {
            b"method": b"GET", b"scheme": b"http", b"host": b"h.example", b"port": 8080, b"path": b"/x",
            b"httpversion": [1, 1], b"headers": [[b"User-Agent", b"curl"]], b"content": b"",
            b"timestamp_start": 1400000000.5, b"form_in": b"relative",
        },
        b"response": {b"code": 404, b"msg": b"Not Found", b"httpversion": [1, 1], b"content": b"gone",
                      b"headers": [[b"Content-Type", b"text/plain"]]},
        b"client_conn": {b"address": {b"address": [b"192.0.2.1", 1], b"use_ipv6": False}},
        b"server_conn": {b"address": {b"address": [b"203.0.113.1", 8080], b"use_ipv6": False}},
    }  # fmt: skip


def read_all(data: bytes) -> tuple[list[Parsed], list[Problem], Books]:
    *found, books = read(data, Context(name="f"))
    assert isinstance(books, Books)
    items = [each for each in found if isinstance(each, Parsed)]
    problems = [each for each in found if isinstance(each, Problem)]
    assert books.total == len(data)
    assert books.good == sum(item.size for item in items)
    assert books.quarantined == sum(each.length or 0 for each in problems)
    import io

    for item in items:
        assert sha256(resolve(io.BytesIO(data), item.steps)) == item.sha256
    return items, problems, books


def test_a_call_to_a_model() -> None:
    data = dump(flow())
    assert format_of(data, "x") == "mitmproxy"
    (item,), problems, _ = read_all(data)
    assert (problems, item.problems) == ([], ())
    assert (item.kind, texts(item)) == ("exchange", {"prompt": "Hi", "output": "Yo"})
    e = item.exchange
    assert e is not None
    assert (e.endpoint, e.provider, e.ip, e.request_id, e.status) == (
        "https://api.openai.com/v1/chat/completions", "openai", "192.0.2.7", "req_1", 200,
    )  # fmt: skip
    assert (e.api_key, e.sdk) == ("sk-0123…ijkl", '{"x-stainless-lang":"python"}')
    assert (e.latency_ms, e.ttft_ms) == (2000, 1000)
    assert KEY.decode() not in e.extra
    extra = json.loads(e.extra)
    assert (extra["flow_version"], extra["server"]["sni"]) == (21, "api.openai.com")
    assert item.when is not None
    assert (item.when.raw, item.when.us) == ("1731596382.25", 1731596382250000)


def test_a_flow_of_the_first_format() -> None:
    data = dump(old_flow())
    assert format_of(data, "x") == "mitmproxy"
    (item,), _, _ = read_all(data)
    assert (item.kind, item.title) == ("request", "GET http://h.example:8080/x 404")
    assert texts(item) == {"body": "GET http://h.example:8080/x 404\n\ngone"}
    assert item.exchange is not None
    assert (item.exchange.ip, item.exchange.user_agent) == ("192.0.2.1", "curl")


def test_messages_of_a_web_socket_and_of_a_bare_connection() -> None:
    chat = flow()
    chat["request"] |= {"method": b"GET", "content": b"", "path": b"/socket"}
    chat["response"] = {"status_code": 101, "headers": [], "content": b""}
    chat["websocket"] = {
        "messages": [[1, True, b"hello", 1.0, False], [2, False, b"\xff", 1.0, False]]
    }
    bare = {"type": "tcp", "version": 21, "messages": [[True, b"ping", 1.0], [False, b"pong", 1.0], 7],
            "client_conn": {}, "server_conn": {"address": ["h.example", 25]}}  # fmt: skip
    items, _, _ = read_all(dump(chat) + dump(bare))
    assert [texts(item)["body"] for item in items] == [
        "GET https://api.openai.com/socket 101\n→ hello\n← [1 bytes]",
        "tcp h.example:25\n→ ping\n← pong",
    ]


def test_every_cut_gives_the_flows_before_it() -> None:
    parts = [dump(flow(1)), dump(flow(2))]
    data = b"".join(parts)
    for size in range(1, len(data), 13):
        items, problems, _ = read_all(data[:size])
        assert len(items) == (1 if size >= len(parts[0]) else 0)
        assert len(problems) == (size not in (len(parts[0]), len(data)))


def test_damage_costs_one_flow() -> None:
    parts = [dump(flow(n)) for n in range(3)]
    broken = parts[1].replace(b"POST", b"\n:::", 1).replace(b"6:method", b"9:method", 1)
    items, problems, _ = read_all(parts[0] + broken + parts[2])
    assert ([item.kind for item in items], [each.kind for each in problems]) == (
        ["exchange"] * 2,
        ["bad-tnetstring"],
    )
    items, problems, _ = read_all(parts[0] + b"garbage" + parts[2])
    assert (len(items), [each.length for each in problems]) == (2, [7])


@pytest.mark.parametrize(
    "value",
    [[], 7, {}, {"type": 3}, {"type": "http", "request": []}, {"type": "new", "request": {}},
     {"request": {"headers": 3, "content": "x", "timestamp_start": "x", "path": [1]}, "response": 7},
     {"type": "tcp", "client_conn": [], "server_conn": 3, "messages": [[True]], "x": [float("nan")]}],
)  # fmt: skip
def test_odd_values_end_in_a_clear_state(value: Any) -> None:
    items, problems, _ = read_all(dump(value))
    assert len(items) + len(problems) == 1


@pytest.mark.parametrize("data", [b"", b"\n", b"12:abc", b"5:hello,", b"99999999999:a"])
def test_what_holds_no_flow(data: bytes) -> None:
    items, _, _ = read_all(data)
    assert items == []
    assert format_of(data, "x") != "mitmproxy"


@pytest.mark.corpus
def test_the_real_files(corpus: Path) -> None:
    seen = {}
    for path in sorted((corpus / "api" / "mitmproxy").iterdir()):
        data = path.read_bytes()
        assert format_of(data, "x") == "mitmproxy"
        items, problems, _ = read_all(data)
        assert problems == []
        seen[path.name] = [(item.title[:40], [p.kind for p in item.problems]) for item in items]
    assert seen == {
        "corrupted_gzip_body.mitm": [("GET http://127.0.0.1:5000/ 200", ["bad-coding"])],
        "dumpfile-019.mitm": [("GET https://webrv.rtb-seller.com/webrv-a", [])],
    }

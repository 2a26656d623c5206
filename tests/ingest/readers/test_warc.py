from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
from pathlib import Path

import pytest

from casekit.ingest.parsed import Books, Context, Parsed, Problem, sha256
from casekit.ingest.pointer import resolve
from casekit.ingest.reading import format_of, read_any
from tests.evidence import png
from tests.ingest.records_case import texts
from tests.ingest.test_web_archive import record

PAGE = b"<!doctype html><title>A page</title><p>Blue words.</p>"
ASK = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}]}).encode()
CHUNK = json.dumps(
    {"model": "m", "choices": [{"index": 0, "delta": {"content": "Yo"}, "finish_reason": "stop"}]}
)
URL = "https://api.openai.com/v1/chat/completions"


def http(first: str, body: bytes, *fields: str) -> bytes:
    return "\r\n".join((first, *fields, "", "")).encode() + body


def sha1(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


PAGE_BLOCK = http(
    "HTTP/1.1 200 OK",
    chunked(gzip.compress(PAGE, mtime=0)),
    "Content-Type: text/html",
    "Content-Encoding: gzip",
    "Transfer-Encoding: chunked",
    "Set-Cookie: sid=0123456789abcdefgh",
)
ASKED = record("request", http("POST /v1/chat/completions HTTP/1.1", ASK, "Content-Type: application/json",
                               "Authorization: Bearer sk-0123456789abcdefghij"),
               WARC_Target_URI=URL, WARC_Record_ID="<q>", WARC_Concurrent_To="<a>")  # fmt: skip
ANSWERED = record("response", http("HTTP/1.1 200 OK", f"data: {CHUNK}\n\ndata: [DONE]\n\n".encode(),
                                   "Content-Type: text/event-stream", "x-request-id: req_1"),
                  WARC_Target_URI=URL, WARC_Record_ID="<a>")  # fmt: skip
INFO = record(
    "warcinfo", b"software: x\r\n", WARC_Filename="x.warc", Content_Type="application/warc-fields"
)
PAGE_RECORD = record(
    "response",
    PAGE_BLOCK,
    WARC_Target_URI="https://h.example/a/page.html?key=0123456789abcdefgh",
    WARC_Block_Digest=sha1(PAGE_BLOCK),
    WARC_Payload_Digest=sha1(PAGE),
)
PICTURE = record(
    "resource", png(), WARC_Target_URI="https://h.example/p.png", Content_Type="image/png"
)


def read_all(data: bytes) -> tuple[list[Parsed], list[Problem], Books]:
    """Through the same door as any file, so that packed archives are opened too."""
    *found, books = read_any(data, Context(name="f"), format_of(data, "f"))
    assert isinstance(books, Books)
    items = [each for each in found if isinstance(each, Parsed)]
    problems = [each for each in found if isinstance(each, Problem)]
    assert books.total == len(data)
    assert not [each for each in problems if each.kind in ("reader-failed", "books")]
    for item in items:
        assert sha256(resolve(io.BytesIO(data), item.steps)) == item.sha256
    return items, problems, books


def test_pages_pictures_and_exchanges() -> None:
    data = INFO + PAGE_RECORD + PICTURE + ASKED + ANSWERED
    items, problems, _ = read_all(data)
    assert problems == []
    assert [(item.kind, item.collection, item.title, item.media_type) for item in items] == [
        ("document", "documents", "warcinfo x.warc", "application/warc"),
        ("document", "documents", "A page", "text/html"),
        ("image", "documents", "https://h.example/p.png", "image/png"),
        ("exchange", "api-log", "Hi", "application/warc"),
    ]
    page, exchange = items[1], items[3]
    assert texts(page)["body"] == "Blue words."
    assert (page.name, page.problems) == ("page.html", ())
    assert page.when is not None
    assert (page.when.field, page.when.raw) == ("WARC-Date", "2026-01-02T03:04:05Z")
    facts = json.loads(page.facts)
    assert facts["digests"] == {"block": "match", "payload": "match"}
    assert facts["http"]["status"] == 200
    assert "0123456789" not in page.facts
    assert page.steps[0].decoding == "http"
    assert texts(exchange) == {"prompt": "Hi", "output": "Yo"}
    e = exchange.exchange
    assert e is not None
    assert (e.api_key, e.request_id, e.stream, e.provider) == ("sk-0123…ghij", "req_1", 1, "openai")
    assert resolve(io.BytesIO(data), exchange.steps) == (ASKED + ANSWERED)[:-4]


def test_a_packed_archive_gives_the_same() -> None:
    each_alone = b"".join(map(gzip.compress, (INFO, PAGE_RECORD, ASKED, ANSWERED)))
    items, problems, _ = read_all(each_alone)
    assert [item.kind for item in items] == ["document", "document", "exchange"]
    assert problems == []
    assert [step.how for step in items[1].steps] == ["gzip", "slice"]


def test_a_damaged_member_of_a_packed_archive_costs_itself() -> None:
    parts = [gzip.compress(each, mtime=0) for each in (INFO, PAGE_RECORD, PICTURE, INFO)]
    bad = parts[1][:60] + bytes(30) + parts[1][90:]
    for data in (
        parts[0] + bad + parts[2] + parts[3],
        parts[0] + parts[1][:-8] + bytes(8) + parts[2] + parts[3],
        parts[0] + b"junk" + parts[2] + parts[3],
    ):
        items, problems, books = read_all(data)
        assert "resumed" in [each.kind for each in problems]
        assert [item.kind for item in items][-2:] == ["image", "document"]
        assert [step.how for step in items[-1].steps] == ["slice", "gzip", "slice"]
        assert books.good >= len(parts[0] + parts[2] + parts[3])
    items, _, _ = read_all((parts[0] + parts[1])[:-20])
    assert "resumed" not in [each.kind for item in items for each in item.problems]


def test_halves_that_do_not_stand_together_are_two_items() -> None:
    items, _, _ = read_all(ASKED + PICTURE + ANSWERED)
    assert [(item.kind, texts(item)) for item in items if item.exchange] == [
        ("exchange", {"prompt": "Hi"}),
        ("exchange", {"output": "Yo"}),
    ]
    assert all("unjoined" in item.exchange.completeness for item in items if item.exchange)


def test_what_the_archive_says_of_itself() -> None:
    data = (
        record("revisit", http("HTTP/1.1 200 OK", b""), WARC_Target_URI="http://h/", WARC_Profile="p")
        + record("metadata", b"a: 1", WARC_Target_URI="http://h/")
        + record("request", http("GET / HTTP/1.1", b"", "User-Agent: crawler"), WARC_Target_URI="http://h/x")
        + record("response", http("HTTP/1.1 301 Moved", b"", "Location: /y"), WARC_Target_URI="http://h/z")
        + record("request", b"\x00", WARC_Target_URI="http://h/")
        + record("continuation", b"more", WARC_Target_URI="http://h/")
        + record("odd-kind", b"?")
        + record("response", b"no http", WARC_Target_URI="http://h/")
    )  # fmt: skip
    items, problems, _ = read_all(data)
    assert problems == []
    assert [(item.kind, item.title, [each.kind for each in item.problems]) for item in items] == [
        ("record", "revisit http://h/", []),
        ("document", "metadata http://h/", []),
        ("request", "GET http://h/x", []),
        ("record", "301 http://h/z", []),
        ("file", "request http://h/", ["no-http"]),
        ("file", "continuation http://h/", ["continued"]),
        ("file", "odd-kind", []),
        ("document", "http://h/", ["no-http"]),
    ]
    assert items[2].collection == "other"


def test_wrong_digests_and_cut_bodies_are_told() -> None:
    block = http("HTTP/1.1 200 OK", b"abc", "Content-Type: text/plain", "Content-Length: 9")
    data = record("response", block, WARC_Target_URI="http://h/", WARC_Block_Digest=sha1(b"other"),
                  WARC_Truncated="length")  # fmt: skip
    (item,), _, _ = read_all(data)
    assert [each.kind for each in item.problems] == ["short-body", "digest-mismatch", "capture-cut"]


def test_every_cut_ends_in_a_clear_state() -> None:
    data = PAGE_RECORD + ASKED + ANSWERED
    for size in range(1, len(data), 29):
        items, problems, _ = read_all(data[:size])
        assert items or problems


def test_an_arc_file() -> None:
    page = http("HTTP/1.1 200 OK", PAGE, "Content-Type: text/html")
    data = b"filedesc://x.arc 0.0.0.0 20140216050221 text/plain 5\n1 0 X\n"
    data += b"http://h.example/ 192.0.2.1 20140216050221 text/html %d\n" % len(page) + page + b"\n"
    assert format_of(data, "x") == "arc"
    items, problems, _ = read_all(data)
    assert problems == []
    assert [(item.kind, item.title) for item in items] == [
        ("document", "arc_header filedesc://x.arc"),
        ("document", "A page"),
    ]
    assert items[1].when is not None
    assert (items[1].when.us, items[1].when.raw, items[1].when.zone) == (
        1392526941000000, "20140216050221", "assumed:ARC dates are UTC",
    )  # fmt: skip


@pytest.mark.corpus
def test_every_real_archive_is_read(corpus: Path) -> None:
    kinds: dict[str, int] = {}
    troubled = {}
    for path in sorted((corpus / "warc").rglob("*")):
        if path.is_file():
            items, problems, _ = read_all(path.read_bytes())
            for item in items:
                kinds[item.kind] = kinds.get(item.kind, 0) + 1
            told = {each.kind for each in problems}
            told |= {each.kind for item in items for each in item.problems}
            if told:
                troubled[path.name] = sorted(told)
    assert kinds == {"document": 43, "image": 3, "request": 23, "record": 4}
    assert troubled == {
        "bad.arc": ["bad-length", "no-http"],
        "example-bad-non-chunked.warc.gz": ["digest-mismatch"],
        "example-digest.warc": ["digest-mismatch"],
        "example-space-in-url.arc": ["truncated"],
        "example-trunc.warc": ["bad-coding", "bad-length", "no-record", "short-body"],
        "example-wrong-chunks.warc.gz": ["digest-mismatch", "short-body"],
    }


def test_pairs_stay_pairs_where_ids_are_used_again() -> None:
    items, _, _ = read_all((ASKED + ANSWERED) * 3 + ANSWERED + ASKED)
    assert [texts(item) for item in items] == [{"prompt": "Hi", "output": "Yo"}] * 4

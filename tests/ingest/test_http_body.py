from __future__ import annotations

import gzip
import zlib

import pytest
import zstandard

from casekit.ingest import http_body
from casekit.ingest.http_body import body_of, http_payload, read_http, undo_codings
from casekit.ingest.limits import LimitReached

TEXT = b'{"answer": "' + b"blue " * 200 + b'"}'
RAW = zlib.compressobj(9, zlib.DEFLATED, -15)
PACKED = {
    "gzip": gzip.compress(TEXT, mtime=0),
    "deflate": zlib.compress(TEXT),
    "DEFLATE": RAW.compress(TEXT) + RAW.flush(),
    "zstd": zstandard.compress(TEXT),
    "identity": TEXT,
    "": TEXT,
    "gzip, zstd": zstandard.compress(gzip.compress(TEXT, mtime=0)),
}


@pytest.mark.parametrize("coding", PACKED)
def test_codings_are_undone(coding: str) -> None:
    assert undo_codings(PACKED[coding], coding) == (TEXT, ())


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "br"])
def test_a_body_that_lies_open_already_is_left_alone(coding: str) -> None:
    assert undo_codings(TEXT, coding) == (TEXT, ())


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_every_cut_of_a_packed_body_gives_its_beginning(coding: str) -> None:
    packed = PACKED[coding]
    for size in range(8, len(packed)):
        data, troubles = undo_codings(packed[:size], coding)
        assert TEXT.startswith(data)
        assert troubles == ("bad-coding",) or (data, troubles) == (TEXT, ())


def test_brotli_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "brotli", None)
    body = undo_codings(b"\x0b\x02\x80hello\x03", "br")
    assert body == (b"\x0b\x02\x80hello\x03", ("needs-package",))
    assert [each.kind for each in body.problems()] == ["needs-package"]
    assert undo_codings(b"x", "lzma") == (b"x", ("unknown-coding",))


def test_a_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.limits.MAX_UNPACKED", 10_000)
    from casekit.ingest.limits import new_budget

    new_budget()
    with pytest.raises(LimitReached):
        undo_codings(gzip.compress(bytes(10**6), mtime=0), "gzip")
    new_budget()


def test_messages_are_taken_apart() -> None:
    answer = (b"HTTP/1.1 200 OK\r\nA: 1\r\n folded\r\nTransfer-Encoding: chunked\r\n"
              b"Content-Encoding: gzip\r\n\r\n")  # fmt: skip
    packed = PACKED["gzip"]
    chunks = b"%x;x=1\r\n%s\r\n" % (9, packed[:9]) + b"%X\r\n%s\r\n0\r\n\r\n" % (
        len(packed) - 9,
        packed[9:],
    )
    message = read_http(answer + chunks)
    assert message is not None
    assert (message.status, message.fields[0], message.start) == (
        200,
        ("A", "1 folded"),
        len(answer),
    )
    assert body_of(answer + chunks, message) == (TEXT, ())
    assert http_payload(answer + chunks) == TEXT
    asked = read_http(b"POST /v1/x?y=1 HTTP/1.1\nHost: h\n\nbody")
    assert asked is not None
    assert (asked.method, asked.target, asked.fields, asked.start) == (
        "POST",
        "/v1/x?y=1",
        [("Host", "h")],
        33,
    )


@pytest.mark.parametrize(
    ("body", "data", "trouble"),
    [
        (b"4\r\nabcd\r\n0\r\n\r\n", b"abcd", ()),
        (b"4\nabcd\n0\n\n", b"abcd", ()),
        (b"4\r\nabcd\r\n", b"abcd", ("cut-chunks",)),
        (b"9\r\nabcd", b"abcd", ("cut-chunks",)),
        (b"<html>no chunks", b"<html>no chunks", ("bad-chunks",)),
        (b"2\r\nabcdef", b"2\r\nabcdef", ("bad-chunks",)),
        (b"", b"", ()),
        (b"fffffffffffffff\r\nab", b"ab", ("cut-chunks",)),
    ],
)
def test_chunks(body: bytes, data: bytes, trouble: tuple[str, ...]) -> None:
    raw = b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    message = read_http(raw)
    assert message is not None
    assert body_of(raw, message) == (data, trouble)


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"WARC/1.0\r\n\r\n", b"\r\n\r\n", b": x\n\n", b"\xff" * 9]
)
def test_what_is_no_http(raw: bytes) -> None:
    assert read_http(raw) is None
    with pytest.raises(ValueError, match="no HTTP"):
        http_payload(raw)


def test_a_header_without_an_end_has_no_body() -> None:
    raw = b"HTTP/1.0 404 Not Found\r\nA: 1"
    message = read_http(raw)
    assert message is not None
    assert (message.status, message.start, body_of(raw, message).data) == (404, len(raw), b"")
    assert http_body.read_http(b"HTTP/1.0 404\r\nA: \xe9\r\n\r\n") is not None


def test_long_first_lines_are_read_in_a_moment() -> None:
    for line in (b"GET " + b" " * 500_000 + b"x", b"GET /" + b" HTTP/" * 100_000, b"A" * 900_000):
        read_http(line)

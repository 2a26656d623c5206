from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
from pathlib import Path

import pytest

from casekit.ingest.web_archive import Gap, WebRecord, digest_matches, web_records
from tests.waiting import within_processor_seconds


def record(kind: str, block: bytes, length: int | None = None, **fields: str) -> bytes:
    """A WARC record with the two line ends behind it."""
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
    head += "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    head += f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def told(data: bytes) -> list[tuple[str, bytes, tuple[str, ...]] | tuple[str, int]]:
    """Records by kind, block and trouble, gaps by kind and length; all bytes are there."""
    found = list(web_records(data))
    at = 0
    for each in found:
        assert each.offset == at
        at = each.end
    assert at == len(data)
    return [
        (each.kind, data[each.start : each.end], each.troubles)
        if isinstance(each, WebRecord)
        else (each.kind, each.end - each.offset)
        for each in found
        if not isinstance(each, Gap) or each.kind
    ]


A, B = (
    record("warcinfo", b"software: x\r\n"),
    record("resource", b"text\n\nWARC/1.0\n", WARC_Target_URI="<http://h/>"),
)


def test_records_and_their_blocks() -> None:
    assert told(A + B) == [
        ("warcinfo", b"software: x\r\n", ()),
        ("resource", b"text\n\nWARC/1.0\n", ()),
    ]
    found = [each for each in web_records(B) if isinstance(each, WebRecord)]
    assert (found[0].url, found[0].id) == ("http://h/", "")


def test_every_cut_keeps_what_came() -> None:
    for size in range(1, len(A) + len(B)):
        parts = told((A + B)[:size])
        whole = [each for each in parts if each[-1] == ()]
        assert len(whole) <= 2
        if size >= len(A) - 4:
            assert parts[0] == ("warcinfo", b"software: x\r\n", ())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (record("a", b"12345", 3) + A, [("a", b"123", ("bad-length",)), ("no-record", 6),
                                        ("warcinfo", b"software: x\r\n", ())]),
        (record("a", b"12345", 60) + A, [("a", b"12345", ("bad-length",)),
                                         ("warcinfo", b"software: x\r\n", ())]),
        (record("a", b"12345", 9999) + A, [("a", b"12345", ("bad-length",)),
                                           ("warcinfo", b"software: x\r\n", ())]),
        (record("a", b"12345", 9999), [("a", b"12345\r\n\r\n", ("truncated",))]),
        (b"junk\n" + A, [("no-record", 5), ("warcinfo", b"software: x\r\n", ())]),
        (A.replace(b"Length: 13", b"Length: x") + A,
         [("bad-length", 102), ("warcinfo", b"software: x\r\n", ())]),
        (b"WARC/1.0\r\nWARC-Type: a", [("truncated", 22)]),
        (b"WARC/1.0\r\n\r\n", [("no-record", 12)]),
        (b"\r\n\r\n", []),
    ],
)  # fmt: skip
def test_a_wrong_length_costs_its_own_record(data: bytes, expected: list[object]) -> None:
    assert told(data) == expected


def test_arc_records() -> None:
    line = b"http://h.example/a b 192.0.2.1 20140216050221 text/html 4\n"
    data = (
        b"filedesc://x.arc 0.0.0.0 20140216 text/plain 5\n1 0 X\n\n"
        + line
        + b"body\n"
        + line.replace(b" 4\n", b" 9\n")
        + b"cut"
    )
    assert told(data) == [
        ("arc_header", b"1 0 X", ()), ("response", b"body", ()), ("response", b"cut", ("truncated",)),
    ]  # fmt: skip
    found = [each for each in web_records(data) if isinstance(each, WebRecord)][1]
    assert (found.url, dict(found.fields)["ARC-Date"]) == ("http://h.example/a b", "20140216050221")


def test_digests_in_all_spellings() -> None:
    body = b"body"
    sha1 = hashlib.sha1(body, usedforsecurity=False).digest()
    for stated in (base64.b32encode(sha1).decode(), sha1.hex(), base64.b64encode(sha1).decode(),
                   base64.urlsafe_b64encode(sha1).decode()):  # fmt: skip
        assert digest_matches(f"sha1:{stated}", b"other", body) is True
        assert digest_matches(f"SHA-1:{stated}", b"other") is False
    assert digest_matches(f"sha256:{hashlib.sha256(body).hexdigest()}", body) is True
    assert digest_matches("sha1:zz", body) is False
    for odd in ("crc32:1", "sha1:", "", "x"):
        assert digest_matches(odd, body) is None


# What differs between two independent readers of web archives, and how many records are there.
DISPUTED = {
    "example-bad-non-chunked.warc.gz": 6,  # packed as one stream, which is legal gzip: all are read
    "example-wrong-chunks.warc.gz": 2,  # packed in pieces that are not the records: all are read
    "example-trunc.warc": 4,  # a length is wrong: told, and the leftover bytes are kept apart
    "bad.arc": 1,  # three of four records have lengths that are no lengths
    "example-space-in-url.arc": 2,
    "example.arc": 2,
    "example.arc.gz": 2,
}


@pytest.mark.corpus
def test_the_records_that_two_readers_agree_on(corpus: Path) -> None:
    known = json.loads((corpus / "expected.json").read_text("utf-8"))["warc"]
    assert known
    for path, facts in known.items():
        data = (corpus / path).read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        counted = sum(isinstance(each, WebRecord) for each in web_records(data))
        name = path.rpartition("/")[2]
        wanted = facts["agreed"].get("records", DISPUTED.get(name))
        if wanted is None:
            continue
        assert (name, counted) == (name, wanted)


@pytest.mark.corpus
def test_blocks_are_those_that_warcio_gives(corpus: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    for path in sorted((corpus / "warc").rglob("*.warc")):
        data = path.read_bytes()
        ours = [
            (each.kind, data[each.start : each.end])
            for each in web_records(data)
            if isinstance(each, WebRecord)
        ]
        theirs = [
            (each.rec_type, each.raw_stream.read())
            for each in ArchiveIterator(io.BytesIO(data), no_record_parse=True)
        ]
        assert (path.name, ours) == (path.name, theirs)


@pytest.mark.parametrize(
    "data",
    [
        b"filedesc:x\n" + (b"http:" + b" 12345678" * 900 + b"\n") * 300,
        b"WARC/1.0\r\nContent-Length: 99999999\r\n\r\n" * 20_000,
        b"WARC/1.0\n" * 100_000,
        b"filedesc:x 1.1.1.1 20140101 a 99999999\n" * 5_000,
    ],
)
def test_hostile_archives_are_read_in_a_moment(data: bytes) -> None:
    with within_processor_seconds(20):  # a second or two; without care, hours
        told(data)

from __future__ import annotations

import json
import mmap

import pytest

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers import text as text_reader


def one(data: bytes | mmap.mmap) -> Parsed:
    found, books = text_reader.read(data, Context(name="a.txt"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def test_a_text_is_one_document() -> None:
    found = one("Grüße\r\nzwei\n".encode())
    assert (found.kind, found.title, found.texts) == (
        "document",
        "a.txt",
        (("body", "Grüße\nzwei\n"),),
    )
    assert json.loads(found.facts) == {"charset": "utf-8", "charset_by": "valid", "lines": 2}


def test_a_map_is_read_like_bytes() -> None:
    data = mmap.mmap(-1, 4)
    data[:] = b"abcd"
    assert one(data) == one(b"abcd")


def test_bytes_that_are_no_text_are_shown_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = one(b"\xef\xbb\xbfok \xff\xfe\x00 end")
    assert found.texts == (("body", "ok \ufffd\ufffd␀ end"),)
    assert [problem.kind for problem in found.problems] == ["bad-characters"]


def test_too_much_text_is_cut_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_reader, "MAX_TEXT", 10)
    found = one(b"0123456789more")
    assert (found.texts, found.size) == ((("body", "0123456789"),), 14)
    assert [problem.kind for problem in found.problems] == ["text-cut"]

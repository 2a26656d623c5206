from __future__ import annotations

import sys

import pytest

from casekit.ingest.parsed import Problem
from casekit.ingest.readers.pst import read
from casekit.ingest.reading import format_of
from tests.ingest.mail_case import read_all

HEAD = b"!BDN" + bytes(1000)


def test_a_mailbox_that_cannot_be_opened_is_kept_whole() -> None:
    pytest.importorskip("pypff", reason="libpff-python is not installed")
    (item,), problems, books = read_all(read, HEAD, "a.pst")
    assert (item.kind, item.name, books.good) == ("file", "a.pst", len(HEAD))
    assert [problem.kind for problem in problems] == ["bad-mailbox"]
    assert format_of(HEAD, "x") == "pst"


def test_without_the_package_the_file_is_kept_and_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pypff", None)
    (item,), problems, _ = read_all(read, HEAD, "a.pst")
    assert (item.kind, item.size) == ("file", len(HEAD))
    assert problems == [Problem("open", "needs-package", problems[0].text)]
    assert "libpff-python" in problems[0].text

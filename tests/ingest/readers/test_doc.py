from __future__ import annotations

import json

import pytest

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.readers.doc import read
from tests.ingest.ole_case import ole, word


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.doc"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def letter(text: str, **options: object) -> bytes:
    main, table = word(text, **options)  # type: ignore[arg-type]
    return ole({"WordDocument": main, "1Table": table})


def test_text_notes_comments_and_deletions_are_apart() -> None:
    text = 'One gone two\r\x13DDEAUTO excel c:\\\\x\x14res\x15 \x13 HYPERLINK "http://x.example/"\x14x\x15\r'
    found = one(letter(text, notes="Note\r", comments="Why?\r", deleted=(4, 9)))
    assert (found.kind, found.media_type) == ("document", "application/msword")
    assert found.texts == (
        ("body", "One two\nres x"),
        ("footnotes", "Note"),
        ("comments", "Why?"),
        ("deletions", "gone "),
    )
    assert json.loads(found.facts) == {
        "external": ["hyperlink: http://x.example/"],
        "fields": ["DDEAUTO excel c:\\\\x"],
        "format_version": 193,
        "tracked": {"authors": ["Eve"], "deletions": 1},
    }
    assert found.problems == ()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (letter("x", flags=0x0300), "encrypted"),
        (letter("\r"), "no-text"),
        (ole({"WordDocument": b"nothing"}), "bad-office-file"),
        (letter("x")[:700], "bad-office-file"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, kind: str) -> None:
    assert [problem.kind for problem in one(data).problems] == [kind]

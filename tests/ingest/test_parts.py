from __future__ import annotations

import gzip
import hashlib
import io

import pytest

from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.parts import read_part
from casekit.ingest.pointer import resolve
from tests.ingest.documents import docx, pdf, picture, zipped

MAIL = (
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Inner\r\n"
    b"Date: Mon, 6 May 2024 07:08:09 +0000\r\n\r\nHi\r\n"
)


@pytest.fixture(autouse=True)
def fresh_budget() -> None:
    new_budget()


def part(data: bytes, name: str = "a", media_type: str = "application/octet-stream") -> Parsed:
    made = read_part(data, name, media_type, Context(name="outer.eml", skip=7))
    assert (made.steps, made.sha256, made.size) == ((), hashlib.sha256(data).digest(), len(data))
    assert made.name == name
    return made


def test_content_decides_what_an_attachment_is() -> None:
    made = [
        part(data)
        for data in (pdf("Text"), picture(), docx("<w:p/>"), MAIL, b"\x00\x01\x02\x03", b"")
    ]
    assert [item.kind for item in made] == ["document", "image", "document", "mail", "file", "file"]
    assert made[0].texts == (("page/1", "Text"),)
    assert made[0].media_type == "application/pdf"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'{"a": 1}\n{"a": 2}\n', "log.jsonl"),
        (b"a,b\n1,2\n3,4\n", "t.csv"),
        (b'[{"prompt": "x"}]', "r.json"),
    ],
)
def test_records_stay_one_document(data: bytes, name: str) -> None:
    made = part(data, name)
    assert (made.kind, made.children, made.texts) == ("document", (), (("body", data.decode()),))


def test_a_quoted_header_is_still_the_text_attached() -> None:
    assert part(MAIL, "notes.txt", "text/plain").kind == "document"
    assert part(MAIL, "mail.eml", "text/plain").kind == "mail"
    assert part(b"just words", "x", "message/rfc822").kind == "mail"


def test_an_archive_is_a_file_with_its_members_as_children() -> None:
    data = zipped({"in.pdf": pdf("Inner"), "log.gz": gzip.compress(b"words\n", mtime=0)})
    made = part(data, "box.zip", "application/zip")
    assert (made.kind, made.media_type, made.problems) == ("file", "application/zip", ())
    assert [(child.kind, child.name) for child in made.children] == [
        ("document", "in.pdf"),
        ("document", "log"),
    ]
    for child in made.children:
        assert hashlib.sha256(resolve(io.BytesIO(data), child.steps)).digest() == child.sha256


def test_an_archive_that_cannot_be_opened_has_no_children() -> None:
    made = part(b"PK\x03\x04" + bytes(50), "box.zip", "application/zip")
    assert (made.kind, made.children, [problem.kind for problem in made.problems]) == (
        "file",
        (),
        ["bad-archive"],
    )


def test_attachments_inside_attachments_end_at_the_limit() -> None:
    data = pdf("Innermost")
    for _ in range(12):
        data = zipped({"box": data})
    depth, item = 0, part(data)
    while item.children:
        depth, item = depth + 1, item.children[0]
    problems = [problem.kind for problem in part(data).problems]
    assert (depth, item.kind, problems) == (1, "file", ["depth"])

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest

from casekit.ingest.parsed import Books, Context, Parsed, sha256
from casekit.ingest.pointer import resolve
from casekit.ingest.readers.mhtml import read
from casekit.ingest.reading import format_of
from tests.evidence import png
from tests.ingest.records_case import texts

PICTURE = base64.encodebytes(png())
PAGE = b"""\
From: <Saved by Blink>
Snapshot-Content-Location: https://h.example/page?id=1
Subject: =?utf-8?Q?Blaue_W=C3=B6rter?=
Date: Fri, 2 Jan 2026 03:04:05 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--x----"


------MultipartBoundary--x----
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: https://h.example/page?id=1

<!DOCTYPE html><html><head><meta charset=3D"utf-8"></head><body><p>W=C3=B6r=
ter</p><img src=3D"https://h.example/p.png"></body></html>
------MultipartBoundary--x----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://h.example/img/p.png

%s
------MultipartBoundary--x----
Content-Type: text/html
Content-ID: <frame-2@mhtml.blink>
Content-Location: https://ads.example/frame

<html><body><p>Frame</p></body></html>
------MultipartBoundary--x------
""" % PICTURE.rstrip()


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="f.mht"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    for child in found.children:
        assert sha256(resolve(io.BytesIO(data), child.steps)) == child.sha256
    return found


@pytest.mark.parametrize("data", [PAGE, PAGE.replace(b"\n", b"\r\n")])
def test_the_page_and_what_was_saved_with_it(data: bytes) -> None:
    assert format_of(data, "x") == "mhtml"
    found = one(data)
    assert (found.kind, found.title, found.problems) == ("document", "Blaue Wörter", ())
    assert texts(found)["body"] == "Wörter"
    assert "<img" in texts(found)["html"]
    assert found.when is not None
    assert (found.when.us, found.when.field) == (1767323045000000, "Date")
    facts = json.loads(found.facts)
    assert (facts["url"], facts["saved_by"], facts["main"]) == (
        "https://h.example/page?id=1", "Saved by Blink", "1",
    )  # fmt: skip
    assert facts["resources"] == [
        ["2", "https://h.example/img/p.png", "image/png"],
        ["3", "https://ads.example/frame", "text/html"],
    ]
    assert facts["remote"] == ["h.example"]
    assert [(child.kind, child.name, texts(child).get("body")) for child in found.children] == [
        ("image", "p.png", None),
        ("document", "frame", "Frame"),
    ]


def test_the_part_that_start_names_is_the_page() -> None:
    data = PAGE.replace(b'type="text/html";', b'type="text/html"; start="<frame-2@mhtml.blink>";')
    found = one(data)
    assert texts(found)["body"] == "Frame"
    assert [child.media_type for child in found.children] == ["text/html", "image/png"]


def test_every_cut_ends_in_a_clear_state() -> None:
    for size in range(PAGE.index(b"\n\n"), len(PAGE), 11):
        found = one(PAGE[:size])
        assert found.kind == "document"
        assert size >= len(PAGE) - 11 or found.problems


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"From: <Saved by WebKit>\nContent-Type: text/html; charset=utf-8\n\n<p>Hi", "mhtml"),
        (b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
         b"Content-Location: file:///C:/x.htm\nContent-Type: text/html\n\n<p>Hi\n--b--", "mhtml"),
        (b"From: a@b.example\nTo: c@d.example\nContent-Type: multipart/related; boundary=b\n\n--b\n"
         b"Content-Location: x\n\n<p>\n--b--", "eml"),
        (b"From: <Saved by Blink>\nSubject: x\n\nplain", "eml"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Location: x\n\n", "eml"),
    ],
)  # fmt: skip
def test_a_saved_page_is_told_from_a_mail(data: bytes, form: str) -> None:
    assert format_of(data, "x") == form


@pytest.mark.parametrize(
    "data",
    [b"", b"From: <Saved by Blink>\n", b"Content-Type: multipart/related\n\n",
     b"\xff\xfe" + "Subject: x\n\ny".encode("utf-16-le"),
     b"Content-Type: multipart/related; boundary=a; start=<x>\n\n--a\n--a\n\n--a--", b"\x00" * 50],
)  # fmt: skip
def test_odd_files_are_documents(data: bytes) -> None:
    assert one(data).kind == "document"


@pytest.mark.corpus
def test_the_real_pages(corpus: Path) -> None:
    paths = [
        *sorted((corpus / "html").rglob("*.mhtml")),
        corpus / "eml" / "MimeKit" / "TestData" / "messages" / "multipart-related-mhtml.txt",
    ]
    seen = []
    for path in paths:
        data = path.read_bytes()
        assert format_of(data, "x") == "mhtml"
        found = one(data)
        seen.append((found.title, [child.media_type for child in found.children]))
    assert seen[:2] == [
        ("Aperture Framework", ["text/css", "text/css", "text/css", "image/png"]),
        ("Index Pages", []),
    ]
    assert len(seen) == 3

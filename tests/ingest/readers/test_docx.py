from __future__ import annotations

import json

import pytest

from casekit.ingest.parsed import Books, Context, Parsed, When
from casekit.ingest.readers.docx import read
from tests.ingest.documents import W, docx, relations, zipped

P = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.docx"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def test_body_notes_comments_and_tracked_deletions_are_apart() -> None:
    body = (
        P.format("One") + "<w:p><w:r><w:t>Two</w:t><w:tab/><w:t>tabs</w:t><w:br/></w:r>"
        '<w:ins w:author="Eve"><w:r><w:t>new</w:t></w:r></w:ins>'
        '<w:del w:author="Eve"><w:r><w:delText>taken out</w:delText></w:r></w:del></w:p>'
        + f"<w:tbl><w:tr><w:tc>{P.format('a')}</w:tc><w:tc>{P.format('b')}</w:tc></w:tr></w:tbl>"
    )
    more = {
        "word/header1.xml": f"<w:hdr {W}>{P.format('Top')}</w:hdr>",
        "word/comments.xml": f"<w:comments {W}><w:comment>{P.format('Really?')}</w:comment></w:comments>",
        "word/vbaProject.bin": "",
    }
    rows = (
        ("header", "header1.xml", False),
        ("comments", "comments.xml", False),
        ("attachedTemplate", "http://evil.example/t.dotm", True),
    )
    found = one(docx(body, more, rows))
    assert found.texts == (
        ("body", "One\nTwo\ttabs\nnew\na \tb \t"),
        ("headers", "Top"),
        ("comments", "Really?"),
        ("deletions", "taken out"),
    )
    assert found.when == When(1714979289000000, "2024-05-06T07:08:09Z", "properties modified")
    assert json.loads(found.facts) == {
        "external": ["attachedTemplate: http://evil.example/t.dotm"],
        "macros": True,
        "properties": {"creator": "Ada", "modified": "2024-05-06T07:08:09Z"},
        "tables": 1,
        "tracked": {"authors": ["Eve"], "insertions": 1},
    }
    assert found.problems == ()


def test_text_for_older_programs_is_not_read_twice() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = f"<mc:AlternateContent {mc}><mc:Choice>{P.format('box')}</mc:Choice><mc:Fallback>{P.format('box')}"
    body += "</mc:Fallback></mc:AlternateContent>"
    assert one(docx(body)).texts == (("body", "box"),)


def test_sheets_and_slides_are_pages() -> None:
    sheet = (
        '<s><row><c t="s"><v>0</v></c><c><v>1.5</v></c><c t="inlineStr"><is><t>in</t></is></c></row>'
        '<row><c t="s"><v>99</v></c></row></s>'
    )
    book = zipped(
        {
            "[Content_Types].xml": "",
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", False)),
            "xl/_rels/workbook.xml.rels": relations(
                ("worksheet", "worksheets/sheet1.xml", False),
                ("sharedStrings", "sharedStrings.xml", False),
            ),
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": "<sst><si><t>shared</t></si></sst>",
        }
    )
    found = one(book)
    assert (found.pages, found.texts) == (1, (("page/1", "shared\t1.5\tin\n99"),))
    talk = zipped(
        {
            "[Content_Types].xml": "",
            "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml", False)),
            "ppt/_rels/presentation.xml.rels": relations(
                ("slide", "slides/slide10.xml", False), ("slide", "slides/slide2.xml", False)
            ),
            "ppt/slides/slide2.xml": "<s><p><t>second</t></p></s>",
            "ppt/slides/slide10.xml": "<s><p><t>ten</t><t>th</t></p></s>",
        }
    )
    assert one(talk).texts == (("page/1", "second"), ("page/2", "tenth"))


def test_open_document_text() -> None:
    data = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": '<o xmlns:t="urn:x"><t:h>Head</t:h><t:p>Para <t:span>one</t:span></t:p></o>',
        }
    )
    found = one(data)
    assert (found.media_type, found.texts) == (
        "application/vnd.oasis.opendocument.text",
        (("body", "Head\nPara one"),),
    )


@pytest.mark.parametrize(
    ("marks", "kind", "media_type", "problem"),
    [
        ("EncryptedPackage", "document", "application/x-ole-storage", "encrypted"),
        ("WordDocument", "file", "application/msword", "kept-not-read"),
        ("__substg1.0_0037001F", "file", "application/vnd.ms-outlook", "kept-not-read"),
    ],
)
def test_old_and_encrypted_files_are_told_apart(
    marks: str, kind: str, media_type: str, problem: str
) -> None:
    found = one(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100) + marks.encode("utf-16-le"))
    assert (found.kind, found.media_type, found.problems[0].kind) == (kind, media_type, problem)


def test_a_truncated_twin_is_a_problem() -> None:
    data = docx(P.format("text"))
    assert one(data[: len(data) // 2]).problems[0].kind == "bad-office-file"


def test_entities_neither_read_files_nor_explode() -> None:
    for doctype in (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;">]>',
    ):
        xml = (
            f"{doctype}<w:document {W}><w:body>{P.format('before &e; after')}</w:body></w:document>"
        )
        found = one(docx("", {"word/document.xml": xml}))
        body = dict(found.texts).get("body", "")
        assert "root" not in body
        assert "aaaa" not in body
        assert body or found.problems

from __future__ import annotations

import io
import json

from casekit.ingest.parsed import Books, Context, Parsed, When
from casekit.ingest.pointer import resolve
from casekit.ingest.readers.docx import read
from tests.ingest.documents import W, docx, picture, relations, zipped

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
        "tracked": {"authors": ["Eve"], "deletions": 1, "insertions": 1},
    }
    assert found.problems == ()


def test_text_for_older_programs_is_not_read_twice() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = f"<mc:AlternateContent {mc}><mc:Choice>{P.format('box')}</mc:Choice><mc:Fallback>{P.format('box')}"
    body += "</mc:Fallback></mc:AlternateContent>"
    assert one(docx(body)).texts == (("body", "box"),)


def test_sheets_are_pages() -> None:
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


def test_boxes_fields_moves_and_hidden_runs_are_told() -> None:
    m = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    code = "<w:r><w:instrText>{}</w:instrText></w:r>"
    body = (
        f"<w:p><w:r><w:pict><w:txbxContent>{P.format('box')}</w:txbxContent></w:pict></w:r></w:p>"
        '<w:p><w:moveFrom w:author="Eve" w:date="2024-01-02T00:00:00Z"><w:r><w:t>old place</w:t></w:r>'
        '</w:moveFrom><w:moveTo w:author="Eve" w:date="2024-01-01T00:00:00Z"><w:r><w:t>new place</w:t></w:r>'
        "</w:moveTo></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"{code.format('DDEAUTO ex')}{code.format('cel x')}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><m:r {m}><m:t> E=mc²</m:t></m:r></w:p>"
    )
    found = one(docx(body))
    assert found.texts == (("body", "box\n\nnew place\nhidden E=mc²"), ("deletions", "old place"))
    facts = json.loads(found.facts)
    assert facts["fields"] == ["DDEAUTO excel x"]
    assert (facts["text_boxes"], facts["hidden_runs"]) == (1, 1)
    assert facts["tracked"] == {
        "authors": ["Eve"], "deletions": 1, "insertions": 1,
        "first": "2024-01-01T00:00:00Z", "last": "2024-01-02T00:00:00Z",
    }  # fmt: skip


def test_what_any_part_reaches_for_is_told_and_files_inside_are_children() -> None:
    inner = docx(P.format("inner"))
    more: dict[str, bytes | str] = {
        "word/settings.xml": "<s/>",
        "word/_rels/settings.xml.rels": relations(("attachedTemplate", "\\\\evil\\t.dotm", True)),
        "word/embeddings/inner.docx": inner,
        "word/media/image1.png": picture(),
        "word/diagrams/data1.xml": "<d><t>Boss</t></d>",
    }
    data = docx(P.format("outer"), more, (("diagramData", "diagrams/data1.xml", False),))  # type: ignore[arg-type]
    found = one(data)
    assert json.loads(found.facts)["external"] == ["attachedTemplate: \\\\evil\\t.dotm"]
    assert found.texts == (("body", "outer"), ("drawings", "Boss"))
    assert [(child.kind, child.name) for child in found.children] == [
        ("document", "inner.docx"),
        ("image", "image1.png"),
    ]
    assert found.children[0].texts == (("body", "inner"),)
    assert [resolve(io.BytesIO(data), child.steps) for child in found.children] == [
        inner,
        picture(),
    ]


def test_comments_name_their_authors() -> None:
    comment = (
        f'<w:comment w:author="Eve" w:date="2024-05-06T07:08:09Z">{P.format("Why?")}</w:comment>'
    )
    more = {"word/comments.xml": f"<w:comments {W}>{comment}</w:comments>"}
    found = one(docx(P.format("x"), more, (("comments", "comments.xml", False),)))
    assert json.loads(found.facts)["comments"] == ["Eve 2024-05-06T07:08:09Z"]


def test_a_truncated_twin_keeps_its_whole_parts() -> None:
    data = docx(P.format("text"), {"word/media/note.txt": "a file inside"})
    found = one(data[: data.index(b"PK\x01\x02") + 9])
    assert dict(found.texts)["body"].strip() == "text"
    assert [each.kind for each in found.problems] == ["cut-file"]
    (child,) = found.children
    assert [step.how for step in child.steps] == ["zip-local"]
    assert resolve(io.BytesIO(data[:-30]), child.steps) == b"a file inside"
    cut = one(data[: data.index(b"word/document.xml") + 25])
    assert [each.kind for each in cut.problems] == ["cut-file", "bad-office-file"]
    assert cut.texts == ()
    assert [each.kind for each in one(data[:20]).problems] == ["bad-office-file"]


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


def test_what_a_picture_is_said_to_show_is_text() -> None:
    space = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    said = f'<wp:docPr {space} id="1" name="n" title="A list" descr="Of names"/>'
    drawn = f"<w:p><w:r><w:drawing>{said}</w:drawing></w:r></w:p>"
    assert dict(one(docx(drawn)).texts)["pictures"] == "A list\nOf names"

from __future__ import annotations

import io
import json

from casekit.ingest.parsed import Books, Context, Parsed
from casekit.ingest.pointer import resolve
from casekit.ingest.readers.pptx import read
from casekit.ingest.reading import format_of
from tests.ingest.documents import picture, relations, zipped

R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SP = "<sp>{}<p><r><t>{}</t></r></p></sp>"
CELL = "<tc><p><t>{}</t></p></tc>"


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.pptx"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def talk(more: dict[str, bytes | str] | None = None) -> bytes:
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml", False)),
        "ppt/presentation.xml": f'<p {R}><sldId r:id="r1"/><sldId r:id="r0"/></p>',
        "ppt/_rels/presentation.xml.rels": relations(
            ("slide", "slides/slide1.xml", False),
            ("slide", "slides/slide2.xml", False),
            ("commentAuthors", "commentAuthors.xml", False),
            ("slideMaster", "slideMasters/m.xml", False),
        ),
        "ppt/slides/slide1.xml": '<sld show="0"><p><r><t>one</t></r><br/><r><t>line</t></r></p></sld>',
        "ppt/slides/slide2.xml": f"<sld><tbl><tr>{CELL.format('a')}{CELL.format('b')}</tr></tbl></sld>",
        "ppt/slides/_rels/slide2.xml.rels": relations(
            ("notesSlide", "../notesSlides/n.xml", False),
            ("comments", "../comments/c.xml", False),
            ("chart", "../charts/c.xml", False),
            ("hyperlink", "http://x.example/", True),
        ),
        "ppt/notesSlides/n.xml": "<n><p><t>Say it</t></p></n>",
        "ppt/comments/c.xml": '<l><cm authorId="7" dt="2024-05-06T07:08:09"><text>Why?</text></cm></l>',
        "ppt/commentAuthors.xml": '<l><a id="7" name="Eve"/></l>',
        "ppt/charts/c.xml": "<c><t>Sales</t><v>5</v></c>",
        "ppt/slideMasters/m.xml": "<m>"
        + SP.format("<ph/>", "Click to edit")
        + SP.format("", "Confidential")
        + "</m>",
        "ppt/media/image1.png": picture(),
        "ppt/vbaProject.bin": b"x",
    }
    return zipped({**members, **(more or {})})


def test_slides_in_the_order_of_the_show_with_what_stands_beside_them() -> None:
    data = talk()
    assert format_of(data, "x") == "pptx"
    found = one(data)
    assert found.texts == (
        ("page/1", "a\tb\nSales\n5"),
        ("page/2", "one\nline"),
        ("notes", "[1] Say it"),
        ("comments", "[1] Why?"),
        ("masters", "Confidential"),
    )
    assert (found.pages, found.problems) == (2, ())
    assert json.loads(found.facts) == {
        "comments": ["[1] Eve 2024-05-06T07:08:09"],
        "external": ["hyperlink: http://x.example/"],
        "hidden_slides": [2],
        "macros": True,
    }


def test_pictures_inside_are_children_with_their_way() -> None:
    data = talk()
    (child,) = one(data).children
    assert (child.kind, child.name) == ("image", "image1.png")
    assert resolve(io.BytesIO(data), child.steps) == picture()


def test_damage_costs_one_slide() -> None:
    found = one(talk({"ppt/slides/slide1.xml": "<sld><p>"}))
    assert [(p.kind, p.path) for p in found.problems] == [("bad-part", "ppt/slides/slide1.xml")]
    assert dict(found.texts)["page/1"].startswith("a\tb")
    data = talk()
    cut = one(data[: data.index(b"PK\x01\x02") + 7])
    assert ([p.kind for p in cut.problems], cut.texts) == (["cut-file"], one(data).texts)
    assert [p.kind for p in one(data[: len(data) // 2]).problems] == ["cut-file", "bad-part"]
    assert [p.kind for p in one(data[:20]).problems] == ["bad-office-file"]


def test_entities_explode_nowhere() -> None:
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    found = one(talk({"ppt/slides/slide2.xml": f"{doctype}<sld><p><t>&e;</t></p></sld>"}))
    assert "root" not in str(found.texts)

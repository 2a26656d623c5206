from __future__ import annotations

import zipfile

import pytest

from casekit.ingest.ooxml import BadPart, flavour, open_package, word_text
from tests.ingest.documents import docx, relations, zipped


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"[Content_Types].xml": "", "word/document.xml": ""}, "word"),
        ({"[content_types].xml": "", "xl/workbook.xml": ""}, "excel"),
        ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "powerpoint"),
        ({"mimetype": "", "content.xml": ""}, "odf"),
        ({"word/document.xml": ""}, ""),
    ],
)
def test_office_files_are_told_from_other_zips(
    members: dict[str, bytes | str], expected: str
) -> None:
    assert flavour(zipped(members)) == expected


def test_no_zip_is_no_office_file() -> None:
    assert flavour(b"PK\x03\x04 and no more") == ""
    with pytest.raises(zipfile.BadZipFile):
        open_package(b"PK\x03\x04 and no more")


def test_relations_are_resolved_from_their_part_and_stay_inside() -> None:
    package = open_package(
        zipped(
            {
                "a/_rels/b.xml.rels": relations(
                    ("x", "../c.xml", False), ("y", "../../../etc", False), ("z", "http://h/", True)
                )
            }
        )
    )
    assert package.relations("a/b.xml") == [
        ("x", "c.xml", False),
        ("y", "etc", False),
        ("z", "http://h/", True),
    ]
    assert package.relations("nothing.xml") == []


@pytest.mark.parametrize("xml", ["", "no xml", "<a>", "<a>&undefined;"])
def test_a_part_that_is_no_xml_is_a_bad_part(xml: str) -> None:
    with pytest.raises(BadPart):
        open_package(zipped({"x.xml": xml})).xml("x.xml")


def test_tab_stops_are_no_tabs() -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>'
    body = f"<w:p>{stops}<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>"
    root = open_package(docx(body)).xml("word/document.xml")
    assert word_text(root).text == "a\tb"

from __future__ import annotations

import dataclasses
import random
import zipfile

import pytest

from casekit.ingest.ooxml import BadPart, W, WordText, flavour, open_package, word_text
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


def read_both_ways(xml: str | bytes) -> tuple[WordText, WordText]:
    """The text of a part with the tags that say how it looks taken out first, and with them in."""
    package = open_package(zipped({"x.xml": xml}))
    return package.word_text("x.xml"), word_text(package.xml("x.xml"))


def whole(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W[1:-1]}">{inside}</w:document>'


_LOOKS = (
    "<w:b/>", '<w:sz w:val="24"/>', '<w:rFonts w:ascii="&lt;w:t&gt;" w:cs="x"/>', '<w:jc w:val="a>b"/>',
    '<w:tcW w:w="5" w:type="dxa"/>', "<w:i />", "<w:top w:val='nil'/>", '<w:left w:val="\n"/>',
)  # fmt: skip
_HOLDERS = (
    "r", "r", "p", "p", "tc", "tr", "tbl", "ins", "del", "moveFrom", "rPr", "pPr", "tcPr", "tcBorders",
    "txbxContent", "tabs", "left", "b",
)  # fmt: skip
_LEAVES = (
    "<w:t>a</w:t>", "<w:t> &lt;w:b/&gt; &#x42;</w:t>", "<w:t>\u4e2d]]&gt;</w:t>", "<w:delText>gone</w:delText>",
    "<w:tr/>", "<w:p/>", "<w:tab/>", "<w:br/>", '<w:tab w:val="left"/>', "<w:vanish/>",
    '<w:ins w:author="A" w:date="2026"/>', "<w:rPr></w:rPr>", "<w:instrText>DDE x</w:instrText>",
    '<w:fldChar w:fldCharType="begin"/>',
    "<?x <w:t>no</w:t><w:b/>?>",
)  # fmt: skip


def drawn_tree(draw: random.Random, depth: int = 0) -> str:
    made = []
    for _ in range(draw.randint(0, 5)):
        if depth < 6 and draw.random() < 0.5:
            name = draw.choice(_HOLDERS)
            made.append(f"<w:{name}>{drawn_tree(draw, depth + 1)}</w:{name}>")
        else:
            made.append(draw.choice(_LOOKS if draw.random() < 0.6 else _LEAVES))
    return "".join(made)


def test_what_only_says_how_text_looks_changes_nothing_that_is_read() -> None:
    draw = random.Random(4711)
    said = 0
    for _ in range(400):
        fewer, all_of_it = read_both_ways(whole(drawn_tree(draw)))
        assert dataclasses.asdict(fewer) == dataclasses.asdict(all_of_it)
        said += len(fewer.text) + len(fewer.deletions)
    assert said > 1_000


@pytest.mark.parametrize("comment", ["<!--x-->", ""])
@pytest.mark.parametrize(
    "told", ["UTF-16", "utf-8", "UTF-8", "ISO-8859-1", "windows-1251", "us-ascii", "UTF-7"]
)
def test_what_looks_like_a_tag_in_other_bytes_is_read_as_it_is(told: str, comment: str) -> None:
    inside = "<w:p><w:r><w:t><![CDATA[<w:b/>]]></w:t><w:rPr><w:b/></w:rPr><w:t>+b</w:t></w:r></w:p>"
    xml = whole(inside + comment).replace("UTF-8", told).encode(told)
    fewer, all_of_it = read_both_ways(xml)
    assert dataclasses.asdict(fewer) == dataclasses.asdict(all_of_it)
    assert fewer.text == "<w:b/>+b"


def test_letters_whose_bytes_look_like_a_tag_are_read() -> None:
    letters = b"~{0<w:b/>0~}".decode("hz")
    xml = whole(f"<w:r><w:t>{letters}</w:t></w:r>").replace("UTF-8", "HZ")
    fewer, _ = read_both_ways(xml.encode("hz"))
    assert len(letters) == 4
    assert fewer.text == letters


def test_what_looks_like_a_tag_in_an_entity_is_read_as_it_is() -> None:
    xml = whole("<w:r><w:t>a</w:t><w:rPr><w:b/></w:rPr><w:t>b</w:t></w:r>")
    xml = xml.replace("?><w", "?><!DOCTYPE x [<!ENTITY x '<w:b/>'><!ATTLIST w:b w:x CDATA 'y'>]><w")
    fewer, all_of_it = read_both_ways(xml)
    assert dataclasses.asdict(fewer) == dataclasses.asdict(all_of_it)


@pytest.mark.parametrize(
    "damage", ['<w:sz w:val="24/>', "<w:b", '<w:b w:val="<"/>', '<w:b w:val="&x;"/>', "<w:rPr>"]
)
def test_a_damaged_tag_that_says_how_text_looks_damages_its_part(damage: str) -> None:
    package = open_package(zipped({"x.xml": whole(f"<w:p>{damage}<w:b/></w:p>")}))
    with pytest.raises(BadPart):
        package.word_text("x.xml")

from __future__ import annotations

import dataclasses
import io
import random
import zipfile

import pytest

from casekit.ingest.containers import open_zip
from casekit.ingest.ooxml import BadPart, W, WordText, flavour, open_package, word_text
from casekit.ingest.reading import format_of
from tests.ingest.documents import W as XMLNS
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
    assert flavour(open_zip(zipped(members))) == expected


def test_no_zip_is_no_office_file() -> None:
    assert format_of(b"PK\x03\x04 and no more", "") == "zip"
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


HEAD = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'


@pytest.mark.parametrize(
    "inside",
    [
        '<Relationship Id="1" Type="a/b" Target="c.xml"/><Relationship Id="2" Type="d" Target="//e"/>',
        '<Relationship Target="https://x.example/?a=1" TargetMode="External" Type="a/link" Id="1" />',
        '<Relationship Id="1"/><Relationship/>',
        "",
    ],
)
def test_relations_written_as_usual_are_read_as_those_written_otherwise(inside: str) -> None:
    usual = f"{HEAD}{inside}</Relationships>"
    other = f"{HEAD}<!-- as nobody writes them -->{inside}</Relationships>"
    found = []
    for xml in (usual, other):
        package = open_package(zipped({"word/_rels/document.xml.rels": xml}))
        part = "word/document.xml"
        found.append((package.relations(part), package.relation_ids(part)))
    assert found[0] == found[1]
    assert len(found[0][0]) == inside.count("<Relationship")


@pytest.mark.parametrize(
    "inside", ['<Relationship Id="1" Id="2" Target="a"/>', '<Relationship Id="1" Target="&no;"/>']
)
def test_relations_that_are_no_xml_are_none(inside: str) -> None:
    package = open_package(zipped({"_rels/.rels": f"{HEAD}{inside}</Relationships>"}))
    assert package.relations("") == []


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_part_is_read_however_it_is_packed_and_a_damaged_one_is_not(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a.bin", b"some bytes" * 10)
    sound = file.getvalue()
    assert open_package(sound).read("a.bin") == b"some bytes" * 10
    (entry,) = zipfile.ZipFile(file).infolist()
    at = 30 + len("a.bin") + entry.compress_size // 2
    damaged = sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :]
    with pytest.raises(BadPart):
        open_package(damaged).read("a.bin")


MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


@pytest.mark.parametrize(
    ("inside", "text", "deleted"),
    [
        (f"<w:p><mc:Fallback {MC}><w:r><w:t>old</w:t></w:r></mc:Fallback></w:p>", "", ""),
        ("<w:p><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>", "", "gone"),
        ("<w:p><w:r><w:t>stays</w:t></w:r></w:p>", "stays", ""),
    ],
)
def test_what_is_for_older_programs_or_moved_away_is_set_apart(
    inside: str, text: str, deleted: str
) -> None:
    for found in read_both_ways(whole(f"<w:body>{inside}<w:b/></w:body>")):
        assert (found.text, found.deletions) == (text, deleted)


@pytest.mark.parametrize(
    ("inside", "text", "described"),
    [
        ("<w:p><w:r><w:br/></w:r></w:p>", "", []),
        ("<w:p><w:r><w:t>Secret</w:t></w:r></w:p>", "Secret", []),
        ('<w:p><w:r><w:t xml:space="preserve"> a</w:t></w:r></w:p>', " a", []),
        ("<w:p><w:r><w:noBreakHyphen/></w:r></w:p>", "-", []),
        ('<w:p><w:docPr descr="A map"/></w:p>', "", []),
        (
            f"<x:p {XMLNS.replace('xmlns:w', 'xmlns:x')}><x:r><x:t>Other</x:t></x:r></x:p>",
            "Other",
            [],
        ),
        (
            '<p:docPr xmlns:p="http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing" descr="A map"/>',
            "",
            ["A map"],
        ),
    ],
)
def test_a_part_beside_the_body_is_passed_over_only_if_it_says_nothing(
    inside: str, text: str, described: list[str]
) -> None:
    data = zipped({"word/header1.xml": f"<w:hdr {XMLNS}>{inside}</w:hdr>"})
    found = open_package(data).word_text("word/header1.xml")
    assert (found.text, found.described) == (text, described)


@pytest.mark.parametrize(
    "part", ["<w:hdr {W}><w:p>", "<w:hdr {W}><w:p></w:p></w:hdr><", "<w:hdr {W}"]
)
def test_a_part_cut_short_that_says_nothing_is_damaged_all_the_same(part: str) -> None:
    package = open_package(zipped({"word/header1.xml": part.replace("{W}", XMLNS)}))
    with pytest.raises(BadPart):
        package.word_text("word/header1.xml")

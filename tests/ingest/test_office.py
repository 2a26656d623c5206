from __future__ import annotations

import io
import zipfile

import pytest

from casekit.ingest.office import Found, instant, outside, read_files_inside, read_package_facts
from casekit.ingest.ooxml import open_package
from casekit.ingest.parsed import Context, When
from tests.ingest.documents import docx, zipped


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-05-06T07:08:09Z", When(1714979289000000, "2024-05-06T07:08:09Z", "f")),
        ("2024-05-06", When(1714953600000000, "2024-05-06", "f", "assumed:UTC", 86_400_000_000)),
        (
            "2024-05-06T09:08:09.5+02:00",
            When(1714979289500000, "2024-05-06T09:08:09.5+02:00", "f", "explicit", 1),
        ),
        ("yesterday", None),
        ("", None),
    ],
)
def test_instants_keep_their_own_text(raw: str, expected: When | None) -> None:
    assert instant(raw, "f") == expected


def test_relations_outside_are_listed_once() -> None:
    rows = [("image", "http://x", True), ("image", "http://x", True), ("styles", "s.xml", False)]
    assert outside(rows) == ["image: http://x"]


def test_a_signature_and_properties_of_its_own_are_facts() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        'Id="a" Type="x/custom-properties" Target="docProps/custom.xml"/></Relationships>'
    )
    more = {
        "_rels/.rels": rels,
        "docProps/custom.xml": '<p><property name="Client"><v>Acme</v></property></p>',
        "_xmlsignatures/sig1.xml": "<s/>",
    }
    found = Found()
    read_package_facts(open_package(docx("", more)), found)
    assert found.facts["custom"] == {"Client": "Acme"}
    assert found.facts["signed"] is True


def test_many_files_inside_are_cut_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.office.MOST_LISTED", 2)
    data = zipped({f"word/media/{n}.bin": b"\x00" for n in range(3)})
    found = Found()
    read_files_inside(open_package(data), found, Context())
    assert (len(found.children), [p.kind for p in found.problems]) == (2, ["children-cut"])


def test_files_beside_the_programs_own_parts_are_children_and_told() -> None:
    more = {
        "logs.jsonl": '{"instruction": "a", "output": "b"}\n',
        "word/chunk.xml": "<a>taken in</a>",
    }
    data = docx("", more, (("aFChunk", "chunk.xml", False),))
    found = Found()
    read_files_inside(open_package(data), found, Context())
    assert [child.name for child in found.children] == ["logs.jsonl", "chunk.xml"]
    assert [each.kind for each in found.problems] == ["files-beside"]


def test_bytes_of_no_part_and_parts_of_one_name_are_told() -> None:
    data = docx("")
    found = Found()
    read_files_inside(open_package(data + b"told to nobody"), found, Context())
    assert [each.kind for each in found.problems] == ["unlisted-bytes"]
    room = io.BytesIO(data)
    with zipfile.ZipFile(room, "a") as archive:
        archive.writestr("word/Document.xml", "<other/>")
    found = Found()
    read_files_inside(open_package(room.getvalue()), found, Context())
    assert [each.kind for each in found.problems] == ["part-twice"]

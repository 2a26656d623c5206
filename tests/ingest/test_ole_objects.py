from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib

import pytest

from casekit.ingest.archives import Inner
from casekit.ingest.limits import new_budget
from casekit.ingest.ole_objects import objects
from casekit.ingest.olefiles import open_ole
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.pointer import resolve
from casekit.ingest.readers import ppt as reader
from casekit.ingest.readers import workbook
from casekit.ingest.reading import format_of, read_any
from tests.ingest.documents import docx, zipped
from tests.ingest.ole_case import ole, record, show, word
from tests.ingest.outlook_case import compound_file
from tests.ingest.readers.test_docx import P
from tests.ingest.test_archives import read
from tests.ingest.test_sheets import ANSWERS, xlsx

NOTE = b"Prompt and answer, as agreed."
SOURCE = "C:\\Users\\eve\\Desktop\\備忘.txt"


def packed(
    data: bytes = NOTE,
    source: str = SOURCE,
    size: int | None = None,
    kind: int = 3,
    wide: bool = True,
) -> bytes:
    """A native stream as the packager of Windows writes it: names in ANSI, the file, names in Unicode."""
    label = source.rpartition("\\")[2]
    ansi = [name.encode("ascii", "replace") + b"\0" for name in (label, source, source)]
    body = (
        struct.pack("<H", 2)
        + ansi[0]
        + ansi[1]
        + struct.pack("<HHI", 0, kind, len(ansi[2]))
        + ansi[2]
    )
    body += struct.pack("<I", len(data) if size is None else size) + data
    for name in (source, label, source) if wide else ():
        body += struct.pack("<I", len(name)) + name.encode("utf-16-le")
    return struct.pack("<I", len(body)) + body


def named(program: str) -> bytes:
    """A stream `CompObj` that names a program."""
    raw = program.encode() + b"\0"
    return bytes(28) + struct.pack("<I", 2) + b"x\0" + struct.pack("<II", 0, len(raw)) + raw


def children(data: bytes, name: str) -> list[Parsed]:
    """The files inside a document, each of which its steps lead to."""
    new_budget()
    (item,) = (
        found
        for found in read_any(data, Context(name=name), format_of(data, name))
        if isinstance(found, Parsed)
    )
    for child in item.children:
        assert len(resolve(io.BytesIO(data), child.steps)) == child.size
    return list(item.children)


@pytest.mark.parametrize("wide", [True, False])
def test_a_packed_file_is_read_under_its_own_name(wide: bool) -> None:
    stream = packed() if wide else packed(source="C:\\memo.txt", wide=False)
    items, problems, books = read(
        compound_file({"\x01Ole10Native": stream, "\x01CompObj": named("Package")}),
        "oleObject1.bin",
    )
    assert problems == []
    assert books.good == books.total
    (item,) = items
    assert item.name == ("備忘.txt" if wide else "memo.txt")
    assert item.texts == (("body", NOTE.decode()),)
    facts = json.loads(item.facts)
    assert facts["object_class"] == "Package"
    assert facts["packed_from"] == (SOURCE if wide else "C:\\memo.txt")


@pytest.mark.parametrize("stream", ["CONTENTS", "Package", "EmbeddedOdf", "\x01Ole10Native"])
def test_a_program_s_own_content_is_read_by_what_it_is(stream: str) -> None:
    raw = NOTE * 200
    held = struct.pack("<I", len(raw)) + raw if stream.startswith("\x01") else raw
    items, _, _ = read(compound_file({stream: held, "\x01Ole": b"x"}), "oleObject7.bin")
    assert [(item.name, item.texts) for item in items] == [
        ("oleObject7", (("body", raw.decode()),))
    ]


@pytest.mark.parametrize("stream", [b"", b"\x01", bytes(4)])
def test_a_damaged_object_is_told_and_not_called_read(stream: bytes) -> None:
    data = compound_file({"\x01Ole10Native": stream})
    items, problems, books = read(data, "a.bin")
    assert [(item.kind, item.size) for item in items] == [("file", len(data))]
    assert [problem.kind for problem in problems] == ["bad-part"]
    assert books.good == 0


@pytest.mark.parametrize(
    "stream",
    [
        packed(size=0x7FFFFFFF),
        packed(kind=1),
        struct.pack("<IH", 40, 2) + b"x" * 5000,
        struct.pack("<IH", 0xFFFFFFFF, 2) + b"x" * 50,
    ],
)
def test_lengths_that_lead_out_of_the_stream_give_all_of_it(stream: bytes) -> None:
    items, _, _ = read(compound_file({"\x01Ole10Native": stream}), "a.bin")
    (size,) = struct.unpack_from("<I", stream)
    assert [(item.name, item.size) for item in items] == [("a", min(size, len(stream) - 4))]


def test_an_empty_file_is_one_and_an_empty_stream_is_damaged() -> None:
    (item,), problems, _ = read(compound_file({"\x01Ole10Native": packed(b"")}), "a.bin")
    assert (item.name, item.size, problems) == ("備忘.txt", 0, [])
    _, problems, _ = read(compound_file({"Package": b""}), "a.bin")
    assert [problem.kind for problem in problems] == ["bad-part"]


def test_sheets_that_are_no_xml_are_no_files_inside() -> None:
    parts: dict[str, bytes | str] = {"xl/workbook.bin": b"x", "xl/worksheets/sheet1.bin": b"y"}
    found = workbook._inside(zipped(parts), Context())
    assert (found.children, found.problems) == ([], [])


def test_objects_in_word_files_sheets_and_slides_are_their_children() -> None:
    held = compound_file({"\x01Ole10Native": packed()})
    xml = docx(P.format("Letter"), {"word/embeddings/oleObject1.bin": held})  # type: ignore[dict-item]
    main, table = word("Letter\r")
    doc = ole({"WordDocument": main, "1Table": table, "ObjectPool/\x01Ole10Native": packed()})
    slides, user = show(("One", "Two"))
    slides += record(4113, struct.pack("<I", len(held)) + zlib.compress(held), instance=1)
    slides += record(4113, held)
    ppt = ole({"PowerPoint Document": slides, "Current User": user})
    ((in_xml,), in_doc, in_ppt) = (
        children(data, name) for data, name in ((xml, "a.docx"), (doc, "a.doc"), (ppt, "a.ppt"))
    )
    for found in (in_xml.children[0], in_doc[0], in_ppt[0].children[0], in_ppt[1].children[0]):
        assert (found.name, found.texts) == ("備忘.txt", (("body", NOTE.decode()),))


@pytest.mark.parametrize("raw", [zlib.compress(bytes(5000)), zlib.compress(NOTE)[:-6], b"none"])
def test_an_object_that_cannot_be_unpacked_leaves_the_slides_readable(
    raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "RATIO_FLOOR", 1000)
    monkeypatch.setattr(reader, "MAX_RATIO", 2)
    slides, user = show(("One", "Two"))
    slides += record(4113, bytes(4) + raw, instance=1)
    data = ole({"PowerPoint Document": slides, "Current User": user})
    (item,) = (each for each in read_any(data, Context(), "ppt") if isinstance(each, Parsed))
    assert dict(item.texts)["page/1"] == "One\nTwo"
    assert [problem.kind for problem in item.problems] == ["bad-part"]
    assert item.children == ()


def test_a_workbook_of_records_gives_the_files_inside_too() -> None:
    made = io.BytesIO(xlsx(Out=[[*row] for row in ANSWERS]))  # type: ignore[misc]
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(
            "xl/embeddings/oleObject1.bin", compound_file({"\x01Ole10Native": packed()})
        )
    data = made.getvalue()
    found = [each for each in read_any(data, Context(), "workbook") if isinstance(each, Parsed)]
    assert [item.kind for item in found] == ["exchange", "exchange", "document"]
    assert found[-1].children[0].children[0].texts == (("body", NOTE.decode()),)


def test_a_file_is_found_again_where_the_outermost_storage_lies_in_itself() -> None:
    data = bytearray(
        compound_file({"ObjectPool": {"\x01Ole10Native": packed()}, "WordDocument": b"x"})
    )
    first = (int.from_bytes(data[48:52], "little") + 1) * 512
    names = [data[first + at : first + at + 64] for at in range(0, 512, 128)]
    pool = next(n for n, name in enumerate(names) if name.startswith("Ob".encode("utf-16-le")))
    data[first + pool * 128 + 68 : first + pool * 128 + 72] = bytes(4)  # its left sibling: the root
    with open_ole(bytes(data)) as ole_file:
        assert ole_file is not None
        (held,) = objects(ole_file, "a", below=True)
    assert isinstance(held, Inner)
    assert resolve(io.BytesIO(data), (held.step,)) == NOTE

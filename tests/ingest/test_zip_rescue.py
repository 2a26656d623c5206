from __future__ import annotations

import hashlib
import io
import random
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.errors import CaseKitError
from casekit.ingest.containers import open_zip
from casekit.ingest.limits import Budget, LimitReached, new_budget
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, sha256
from casekit.ingest.pointer import resolve
from casekit.ingest.reading import argument_for, batch_from, format_of, read_stream
from casekit.ingest.zip_rescue import directory_of, rescue
from tests.ingest.documents import zipped
from tests.ingest.test_zip_gaps import Pipe

TEXTS = {
    "a.txt": b"the first text",
    "sub/b.txt": b"".join(b"line %d\n" % n for n in range(500)),
    "c.txt": random.Random(1).randbytes(4000).hex().encode(),
}
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def read(data: bytes, name: str = "x.zip") -> tuple[list[Parsed], list[Problem], Books]:
    batches = [batch_from(frame) for frame in read_stream(data, argument_for(Context(name=name)))]
    items = [item for batch in batches for item in batch.items]
    for item in items:
        assert hashlib.sha256(resolve(io.BytesIO(data), item.steps)).digest() == item.sha256
    books = batches[-1].books
    assert books is not None
    assert books.total == len(data)
    return items, [p for batch in batches for p in batch.problems], books


def streamed(members: dict[str, bytes], method: int, *, wide: bool = False) -> bytes:
    """A zip written to a pipe: the sizes stand behind the data."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            with archive.open(entry, "w", force_zip64=wide) as member:
                member.write(data)
    return pipe.room.getvalue()


def start_of_third(data: bytes) -> int:
    return [entry.header_offset for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()][2]


def titles(items: list[Parsed]) -> list[tuple[str, bytes]]:
    return [(item.title, dict(item.texts)["body"].encode()) for item in items]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["plain", "streamed", "wide"])
def test_the_whole_members_of_a_cut_archive_are_read(method: int, kind: str) -> None:
    data = (
        zipped(dict(TEXTS), method) if kind == "plain"
        else streamed(TEXTS, method, wide=kind == "wide")
    )  # fmt: skip
    third = start_of_third(data)
    cut = data[: third + 1500]
    items, problems, books = read(cut)
    assert titles(items) == list(TEXTS.items())[:2]
    assert [(p.kind, p.offset, p.length, p.path) for p in problems] == [
        ("bad-archive", None, None, ""),
        ("lost-bytes", third, 1500, ""),
        ("cut-member", None, None, "c.txt"),
    ]
    assert books == Books(third, 1500)
    second = items[1].steps
    assert [(step.how, step.name, step.offset) for step in second] == [
        ("zip-local", "sub/b.txt", open_zip(data).files[1][2].header_offset)
    ]


@pytest.mark.parametrize("method", METHODS)
def test_an_archive_cut_in_its_directory_gives_every_member(method: int) -> None:
    data = zipped(dict(TEXTS), method)
    start = data.index(b"PK\x01\x02")
    for end in (start, start + 20, start + 60, len(data) - 22, len(data) - 5):
        items, problems, books = read(data[:end])
        assert titles(items) == list(TEXTS.items())
        assert [p.kind for p in problems] == ["bad-archive"]
        assert books == Books(end)


def test_a_damaged_directory_costs_no_member() -> None:
    data = zipped(dict(TEXTS))
    start = data.index(b"PK\x01\x02")
    for broken in (
        data[:start] + b"\xff" * 46 + data[start + 46 :],
        data[: len(data) - 22] + data[len(data) - 22 :].replace(b"PK", b"XX"),
    ):
        items, problems, books = read(broken)
        assert titles(items) == list(TEXTS.items())
        assert problems[0].kind == "bad-archive"
        assert books.quarantined == sum(p.length or 0 for p in problems)


def test_damage_in_a_cut_archive_costs_the_member_it_is_in() -> None:
    data = zipped(dict(TEXTS), zipfile.ZIP_STORED)
    third = start_of_third(data)
    at = data.index(b"line 100\n")
    broken = data[:at] + b"LINE" + data[at + 4 : third + 2000]
    items, problems, books = read(broken)
    assert titles(items) == [("a.txt", b"the first text")]
    second = data.index(b"PK\x03\x04", 4)
    assert [(p.kind, p.path) for p in problems] == [
        ("bad-archive", ""),
        ("lost-bytes", ""),
        ("cut-member", "c.txt"),
        ("bad-checksum", "sub/b.txt"),
    ]
    assert books == Books(second, third - second + 2000)
    header = data[:second] + b"XX" + data[second + 2 : third + 2000]
    items, problems, books = read(header)
    assert [(p.kind, p.offset, p.length) for p in problems] == [
        ("bad-archive", None, None),
        ("lost-bytes", second, third - second),
        ("lost-bytes", third, 2000),
        ("cut-member", None, None),
    ]
    assert books == Books(second, third - second + 2000)


def test_what_an_archive_inside_a_cut_member_holds_is_not_lost() -> None:
    inner = zipped({"deep.txt": b"far down", "rest": b"x" * 5000}, zipfile.ZIP_STORED)
    data = zipped({"in.zip": inner}, zipfile.ZIP_STORED)
    items, problems, books = read(data[:200])
    assert titles(items) == [("deep.txt", b"far down")]
    assert [(p.kind, p.path) for p in problems] == [
        ("bad-archive", ""),
        ("lost-bytes", ""),
        ("bad-member", "in.zip"),
        ("lost-bytes", ""),
        ("cut-member", "rest"),
    ]
    assert books.quarantined == sum(p.length or 0 for p in problems)


def test_a_workbook_that_breaks_off_is_one_still() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>cell</t></is></c></row></sheetData></worksheet>'
    )
    data = zipped({"[Content_Types].xml": "<Types/>", "xl/worksheets/sheet1.xml": sheet})
    assert format_of(data[:-30], "x.xlsx") == "docx"
    items, _, _ = read(data[:-30], "x.xlsx")
    assert "cut-file" in {each.kind for each in items[0].problems}


@pytest.mark.parametrize("mark", [b"PK\x07\x08", b"PK00"])
def test_the_first_of_several_parts_gives_its_whole_members(mark: bytes) -> None:
    data = zipped(dict(TEXTS))
    third = start_of_third(data)
    items, problems, books = read(mark + data[: third + 60], "x.z01")
    assert titles(items) == list(TEXTS.items())[:2]
    assert [p.kind for p in problems] == ["bad-archive", "lost-bytes", "cut-member"]
    assert books == Books(4 + third, 60)


def test_a_directory_is_the_archives_own_where_it_can_be() -> None:
    data = zipped(dict(TEXTS))
    for whole in (True, False):
        directory, cut = directory_of(data if whole else data[:-9], new_budget())
        assert ([name for _, name, _ in directory.files], cut) == (list(TEXTS), not whole)
    for nothing in (b"", b"PK\x03\x04", data[:40]):
        with pytest.raises(zipfile.BadZipFile):
            directory_of(nothing, new_budget())


def test_an_archive_with_no_whole_member_is_kept() -> None:
    data = zipped({"a.txt": b"text" * 50}, zipfile.ZIP_STORED)[:60]
    items, problems, books = read(data)
    assert [(item.kind, item.steps) for item in items] == [("file", ())]
    assert [p.kind for p in problems] == ["bad-archive"]
    assert books == Books(0, 60)


def test_a_large_archives_sizes_stand_in_a_field_of_their_own() -> None:
    name, data = b"a.txt", b"the text"
    extra = struct.pack("<2H2Q", 1, 16, len(data), len(data))

    head = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 45, 0, 0, 0, 0, zlib.crc32(data), 0xFFFFFFFF, 0xFFFFFFFF,
        len(name), len(extra),
    )  # fmt: skip
    items, problems, _ = read(head + name + extra + data)
    assert titles(items) == [("a.txt", data)]
    assert [p.kind for p in problems] == ["bad-archive"]


def test_names_in_old_letters_are_read() -> None:
    name = "中文文件名测试文档.txt".encode("gbk")
    stand_in = "x" * len(name)
    data = zipped({stand_in: b"text"}).replace(stand_in.encode(), name)
    assert [item.title for item in read(data[: data.index(b"PK\x01\x02")])[0]] == [
        "中文文件名测试文档.txt"
    ]


def test_an_encrypted_member_and_an_unknown_method_are_told() -> None:
    data = bytearray(zipped({"a": b"x", "b": b"y", "c.txt": b"text"}))
    data[6] |= 1
    data[data.index(b"PK\x03\x04", 4) + 8] = 97
    cut = bytes(data[: data.index(b"PK\x01\x02")])
    items, problems, books = read(cut)
    assert [item.title for item in items] == ["c.txt"]
    assert [p.kind for p in problems] == ["bad-archive", "encrypted", "unknown-method"]
    assert books.good == len(cut) - cut.rindex(b"PK\x03\x04")


def test_a_hostile_archive_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.limits.MAX_UNPACKED", 1 << 20)
    header = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, 8, 0, 0, 0, 0, 0, 0, 1, 0
    ) + b"a"  # fmt: skip
    data = header * 3000 + b"PK\x07\x08"
    with pytest.raises(LimitReached):
        rescue(data, new_budget())
    _, problems, books = read(data)
    assert [p.kind for p in problems] == ["size"]
    assert books == Books(0, len(data))
    monkeypatch.setattr("casekit.ingest.limits.RATIO_FLOOR", 1 << 18)
    bomb = streamed({"zeros": bytes(1 << 19)}, zipfile.ZIP_DEFLATED)
    with pytest.raises(LimitReached):
        rescue(bomb[:-30], Budget(0, {}))


def test_members_beyond_the_limit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.zip_rescue.MAX_MEMBERS", 2)
    data = zipped(dict(TEXTS))
    third = start_of_third(data)
    items, problems, books = read(data[:-5])
    assert titles(items) == list(TEXTS.items())[:2]
    assert [(p.kind, p.offset) for p in problems] == [("bad-archive", None), ("members", third)]
    assert books == Books(third, len(data) - 5 - third)


def test_a_pointer_that_leads_to_no_member_is_refused() -> None:
    data = zipped(dict(TEXTS))
    for offset in (1, len(data) + 5):
        with pytest.raises(CaseKitError, match="no whole member"):
            resolve(io.BytesIO(data), (Step("zip-local", offset=offset),))
    broken = zipped(dict(TEXTS), zipfile.ZIP_STORED).replace(b"the first text", b"the first TEXT")
    with pytest.raises(CaseKitError, match="damaged"):
        resolve(io.BytesIO(broken), (Step("zip-local", sha256=sha256(b"the first text")),))


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 200))
def test_any_damage_ends_in_books_that_add_up(noise: bytes, place: int, end: int) -> None:
    data = zipped({"a.txt": b"one" * 30, "b.txt": b"two"})
    broken = data[:place] + noise + data[place + len(noise) : len(data) - end]
    if broken:
        read(broken)

from __future__ import annotations

import gzip
import hashlib
import io
import mmap
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest import containers
from casekit.ingest.containers import (
    DataFile,
    Inflation,
    Pot,
    next_gzip_member,
    open_zip,
    unpack_gzip,
    zip_members,
)
from casekit.ingest.limits import LimitReached, new_budget
from tests.ingest.documents import zipped

TEXT = b"".join(b"line %d of the log\n" % n for n in range(20_000))


def unpacked(data: bytes) -> tuple[bytes, list[str], int]:
    found = unpack_gzip(data, new_budget())
    assert found.sha256 == hashlib.sha256(found.data).digest()
    return found.data[:], [problem.kind for problem in found.problems], found.taken


def members(data: bytes) -> list[tuple[int, str, bytes | None, str]]:
    return [
        (
            m.number,
            m.name,
            None if m.data is None else m.data[:],
            m.problem.kind if m.problem else "",
        )
        for m in zip_members(open_zip(data), new_budget())
    ]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(0, 9))
def test_gzip_members_are_joined(pieces: list[bytes], level: int) -> None:
    data = b"".join(gzip.compress(piece, level, mtime=0) for piece in pieces)
    assert unpacked(data) == (b"".join(pieces), [], len(data))


def test_gzip_headers_with_everything_in_them() -> None:
    body = zlib.compress(b"hello", wbits=-15)
    extra = struct.pack("<H", 3) + b"xyz"
    head = b"\x1f\x8b\x08" + bytes([4 | 8 | 16 | 2]) + bytes(6) + extra + b"name\0comment\0" + b"hc"
    data = head + body + struct.pack("<II", zlib.crc32(b"hello"), 5)
    assert unpacked(data) == (b"hello", [], len(data))
    assert unpacked(head[:14]) == (b"", ["truncated"], 0)


def test_what_follows_a_gzip_file_is_told() -> None:
    data = gzip.compress(b"x")
    assert unpacked(data + bytes(512)) == (b"x", [], len(data) + 512)
    assert unpacked(data + b"garbage, and more than ten bytes") == (
        b"x",
        ["trailing-bytes"],
        len(data),
    )


def test_a_damaged_gzip_file_gives_all_that_comes_before_the_damage() -> None:
    data = gzip.compress(TEXT)
    bad_sum = data[:-8] + bytes(8)
    assert unpacked(bad_sum) == (TEXT, ["bad-checksum"], len(data))
    cut = data[: len(data) // 2]
    got, kinds, taken = unpacked(cut)
    assert (kinds, taken) == (["truncated"], len(cut))
    assert TEXT.startswith(got)
    assert len(got) > len(TEXT) // 3
    got, kinds, _ = unpacked(data[:20_000] + b"\xff" * 100 + data[20_100:])
    assert kinds in (["bad-data"], ["bad-checksum"])
    assert len(got) > 1000


@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 20])
def test_where_a_damaged_stream_ends_does_not_depend_on_how_it_is_read(size: int) -> None:
    data = bytearray(gzip.compress(TEXT))
    data[9_000:9_050] = b"\xff" * 50
    file = io.BytesIO(bytes(data))
    here = b"".join(Inflation(lambda n: file.read(min(n, size))))
    assert here == unpacked(bytes(data))[0]


def test_large_results_lie_in_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_SPILL", 1000)
    pot = Pot()
    for number in range(100):
        pot.add(bytes([number]) * 99)
    data, digest = pot.finish()
    whole = b"".join(bytes([number]) * 99 for number in range(100))
    assert isinstance(data, mmap.mmap)
    assert (data[:], len(data), digest) == (whole, 9900, hashlib.sha256(whole).digest())


@given(st.binary(max_size=50), st.lists(st.tuples(st.integers(0, 60), st.integers(-1, 60))))
def test_bytes_read_like_a_file(data: bytes, reads: list[tuple[int, int]]) -> None:
    ours, real = DataFile(data), io.BytesIO(data)
    for place, count in reads:
        assert (ours.seek(place), ours.read(count), ours.tell()) == (
            real.seek(place), real.read(count), real.tell(),
        )  # fmt: skip


def test_zip_members_in_order_folders_and_links_counted() -> None:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.txt", b"B")
        archive.mkdir("folder")
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("../../a.txt", b"")
    found = open_zip(room.getvalue())
    assert (found.folders, found.links, found.left_out) == (1, 1, 0)
    assert members(room.getvalue()) == [(0, "b.txt", b"B", ""), (3, "../../a.txt", b"", "")]


def test_a_folder_or_a_link_that_holds_a_text_is_a_file() -> None:
    data = zipped({"secretX": b"hidden"}).replace(b"secretX", b"secret/")
    room = io.BytesIO(data)
    with zipfile.ZipFile(room, "a") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "two lines\nof text\n")
    found = open_zip(room.getvalue())
    assert (found.folders, found.links) == (0, 0)
    assert [(name, got) for _, name, got, _ in members(room.getvalue())] == [
        ("secret/", b"hidden"),
        ("link.txt", b"two lines\nof text\n"),
    ]


def test_a_member_with_two_names_is_read_and_told() -> None:
    data = zipped({"bb.txt": b"B"})
    at = data.index(b"bb.txt")
    assert members(data[:at] + b"zz.txt" + data[at + 6 :]) == [(0, "bb.txt", b"B", "two-names")]


def test_damage_to_one_member_costs_that_member() -> None:
    data = bytearray(zipped({"a": b"first" * 50, "b": b"second"}, zipfile.ZIP_STORED))
    data[data.index(b"firstfirst")] ^= 1
    assert [(name, got, kind) for _, name, got, kind in members(bytes(data))] == [
        ("a", None, "bad-checksum"),
        ("b", b"second", ""),
    ]


def test_encrypted_and_unknown_members_are_told() -> None:
    data = bytearray(zipped({"a": b"x", "b": b"y"}))
    first, second = data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")
    data[first + 8] |= 1
    data[second + 10] = 97
    assert [kind for *_, kind in members(bytes(data))] == ["encrypted", "unknown-method"]


def test_bombs_are_stopped_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.limits.RATIO_FLOOR", 1 << 20)
    zeros = bytes(4 << 20)
    assert members(zipped({"zeros": zeros, "a": b"x"})) == [
        (0, "zeros", None, "ratio"),
        (1, "a", b"x", ""),
    ]
    with pytest.raises(LimitReached, match="200 times"):
        unpack_gzip(gzip.compress(zeros), new_budget())
    lying = bytearray(zipped({"zeros": zeros}))
    at = lying.index(b"PK\x01\x02") + 24
    lying[at : at + 4] = struct.pack("<I", 10)  # the directory says ten bytes
    assert members(bytes(lying))[0][2] is None


def test_members_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_MEMBERS", 2)
    assert open_zip(zipped({str(n): b"" for n in range(5)})).left_out == 3


@pytest.mark.parametrize(
    ("charset", "name"), [("gbk", "中文文件名测试文档.txt"), ("utf-8", "Grüße.txt")]
)
def test_names_of_old_programs_can_be_read(charset: str, name: str) -> None:
    stand_in = "x" * len(name.encode(charset))
    data = zipped({stand_in: b""}).replace(stand_in.encode(), name.encode(charset))
    assert members(data)[0][1] == name


@given(st.binary(max_size=60), st.integers(0, 400))
def test_any_damage_ends_in_a_state(noise: bytes, place: int) -> None:
    data = zipped({"a.txt": b"one" * 30, "b.txt": b"two"})
    try:
        members(data[:place] + noise + data[place + len(noise) :])
    except zipfile.BadZipFile:
        pass


def test_the_next_member_is_one_that_is_whole_and_begins_alike() -> None:
    one, nested = gzip.compress(b"WARC/1.0 a"), gzip.compress(gzip.compress(b"HTML"), 0)
    data = b"junk" + nested + one[:-9] + one
    assert next_gzip_member(data, 0, b"WARC") == len(data) - len(one)
    assert next_gzip_member(data, len(data) - len(one) + 1, b"WARC") is None
    assert next_gzip_member(b"", 0, b"WARC") is None
    assert next_gzip_member(b"\x1f\x8b\x08\0" * 5000, 0, b"WARC") is None


def test_a_place_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="before the start"):
        DataFile(b"abc").seek(-1)


def test_members_beyond_a_number_are_left_out() -> None:
    directory = open_zip(zipped({"a": b"1", "b": b"2", "c": b"3"}), 2)
    assert ([name for _, name, _ in directory.files], directory.left_out) == (["a", "b"], 1)

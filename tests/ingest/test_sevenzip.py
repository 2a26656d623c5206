from __future__ import annotations

import io
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Problem, Step
from casekit.ingest.sevenzip import SevenMember, SevenProblem, _packed_runs, seven_members, take

py7zr = pytest.importorskip("py7zr", reason="7z archives need the package py7zr")


def seven(members: dict[str, bytes], **options: object) -> bytes:
    room = io.BytesIO()
    with py7zr.SevenZipFile(room, "w", **options) as archive:
        for name, data in members.items():
            archive.writestr(data, name)
    return room.getvalue()


def told(data: bytes) -> list[tuple[str, bytes | None, str]]:
    made = []
    for each in seven_members(data, new_budget()):
        if isinstance(each, SevenMember):
            if each.data is not None:
                assert take(data, Step("7z", number=each.number)) == each.data[:]
            kind = each.problem.kind if each.problem else ""
            made.append((each.name, None if each.data is None else each.data[:], kind))
        elif isinstance(each, Problem):
            made.append(("", None, each.kind))
    return made


MEMBERS = {"a.txt": b"first " * 50, "folder/b.txt": b"second", "folder/b.txt2": b"third" * 100}


def test_members_are_had_in_memory_in_order() -> None:
    assert told(seven(MEMBERS)) == [(name, data, "") for name, data in MEMBERS.items()]


def test_a_name_that_would_be_a_path_is_only_shown() -> None:
    data = bytearray(seven({"aaaaaaaa": b"x"}, header_encryption=False))
    archive = py7zr.SevenZipFile(io.BytesIO(bytes(data)))
    archive.header.files_info.files[0]["filename"] = "../../etc/passwd"
    assert told(bytes(data)) == [("aaaaaaaa", b"x", "")]


def test_encrypted_archives_are_told() -> None:
    locked = seven({"a": b"x"}, password="secret")
    assert told(locked) == [("a", None, "encrypted")]
    hidden = seven({"a": b"x"}, password="secret", header_encryption=True)
    with pytest.raises(SevenProblem) as caught:
        told(hidden)
    assert caught.value.problem.kind == "encrypted"


def test_a_member_that_is_not_encrypted_is_read_beside_one_that_is() -> None:
    out = io.BytesIO(seven({"open.txt": b"open text"}))
    with py7zr.SevenZipFile(out, "a", password="secret") as archive:
        archive.writestr(b"closed text", "closed.txt")
    assert told(out.getvalue()) == [
        ("open.txt", b"open text", ""), ("closed.txt", None, "encrypted"),
    ]  # fmt: skip


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.limits.RATIO_FLOOR", 1 << 20)
    data = seven({"a": b"x", "zeros": bytes(8 << 20), "b": b"y"})
    assert told(data) == [("a", b"x", ""), ("zeros", None, "ratio"), ("b", None, "ratio")]


def test_members_beyond_the_limit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.sevenzip.MAX_MEMBERS", 1)
    assert told(seven({"a": b"x", "b": b"y"})) == [("", None, "members"), ("a", b"x", "")]


def test_a_truncated_twin_is_a_problem() -> None:
    with pytest.raises(SevenProblem) as caught:
        told(seven(MEMBERS)[:-10])
    assert caught.value.problem.kind == "bad-archive"
    with pytest.raises(ValueError, match="directory"):
        take(b"7z\xbc\xaf\x27\x1c", Step("7z"))


def test_damage_to_the_packed_bytes_costs_what_is_behind_it() -> None:
    data = bytearray(seven(MEMBERS))
    data[40:44] = b"\xff\xff\xff\xff"
    assert {kind for _, _, kind in told(bytes(data))} <= {"bad-member", ""}
    assert "bad-member" in {kind for _, _, kind in told(bytes(data))}


def in_two_runs() -> bytes:
    """A program, packed as 7-Zip packs programs, and a letter packed apart from it."""
    room = io.BytesIO()
    filters = [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 1}]
    with py7zr.SevenZipFile(room, "w", filters=filters) as archive:
        archive.set_encoded_header_mode(False)
        archive.writestr(b"program " * 40, "setup.exe")
    room.seek(0)
    with py7zr.SevenZipFile(room, "a") as archive:
        archive.set_encoded_header_mode(False)
        archive.writestr(b"Dear Jane" * 9, "letter.txt")
    return room.getvalue()


def with_method(data: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with another method of packing for its first run, and the checksums to match."""
    start = 32 + int.from_bytes(data[12:20], "little")
    directory = data[start:].replace(old, new, 1)
    head = data[12:28] + zlib.crc32(directory).to_bytes(4, "little")
    return data[:8] + zlib.crc32(head).to_bytes(4, "little") + head + data[32:start] + directory


LETTER = ("letter.txt", b"Dear Jane" * 9, "")


def test_a_method_that_is_not_known_costs_only_what_it_packs_and_is_no_damage() -> None:
    data = in_two_runs()
    assert told(data) == [("setup.exe", b"program " * 40, ""), LETTER]
    changed = with_method(data, b"\x03\x03\x01\x03", b"\x03\x03\x01\x1b")
    assert told(changed) == [("setup.exe", None, "unknown-method"), LETTER]


def test_damage_costs_nothing_that_is_packed_apart() -> None:
    data = bytearray(in_two_runs())
    data[36:44] = b"\xff" * 8
    assert told(bytes(data)) == [("setup.exe", None, "bad-member"), LETTER]


def test_a_run_of_four_streams_moves_none_behind_it() -> None:
    archive = py7zr.SevenZipFile(io.BytesIO(in_two_runs()))
    first = archive.header.main_streams.unpackinfo.folders[0]
    streams = archive.header.main_streams.packinfo
    streams.packpositions[1:1] = [1, 2, 3]  # the first run's bytes stand in four streams
    first.packed_indices = [0, 1, 2, 3]
    places = [[files[0].filename, start, end] for files, start, end in _packed_runs(archive)]
    base, (*_, middle, end) = archive.worker.src_start, streams.packpositions
    assert places == [["setup.exe", base, base + middle], ["letter.txt", base + middle, base + end]]


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py7zr", None)
    with pytest.raises(SevenProblem) as caught:
        list(seven_members(b"7z\xbc\xaf\x27\x1c", new_budget()))
    assert caught.value.problem.kind == "needs-package"


@given(noise=st.binary(max_size=20), place=st.integers(0, 200))
def test_any_damage_ends_in_a_state(noise: bytes, place: int) -> None:
    data = seven({"a.txt": b"one" * 30, "b": b"two"})
    try:
        told(data[:place] + noise + data[place + len(noise) :])
    except SevenProblem:
        pass

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Step
from casekit.ingest.tapes import Tape, TapeMember, is_tape, take


def tape(
    members: dict[str, bytes],
    form: int = tarfile.PAX_FORMAT,
    more: tuple[tarfile.TarInfo, ...] = (),
) -> bytes:
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w", format=form) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for entry in more:
            archive.addfile(entry)
    return room.getvalue()


def named(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def contents(data: bytes) -> list[tuple[str, bytes]]:
    made = []
    for each in Tape(data).members():
        step = Step("tar", offset=each.offset, length=each.size)
        made.append((each.name, take(data, step)))
    return made


LONG = "folder/" * 30 + "Grüße 中文.txt"


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_members_are_slices_of_the_archive(form: int) -> None:
    members = {"a.txt": b"A" * 700, "../../b": b"", LONG: b"long", "c": b"C" * 512}
    data = tape(members, form)
    assert is_tape(data)
    assert contents(data) == list(members.items())


def test_links_devices_and_folders_are_not_followed() -> None:
    more = (
        named("l", tarfile.SYMTYPE, "/etc/passwd"),
        named("h", tarfile.LNKTYPE, "a"),
        named("d", tarfile.DIRTYPE),
        named("null", tarfile.CHRTYPE),
        named("pipe", tarfile.FIFOTYPE),
    )
    data = tape({"a": b"x"}, more=more)
    found = Tape(data)
    assert [(each.number, each.name) for each in found.members()] == [(0, "a")]
    assert (found.links, found.devices, found.broken, found.left_out) == (2, 2, False, False)
    assert data[found.end :].strip(b"\0") == b""


def test_a_truncated_twin_keeps_what_is_there() -> None:
    data = tape({"a": b"first", "b": b"B" * 5000})
    cut = data[: 512 * 3 + 1000]
    found = list(Tape(cut).members())
    assert [(m.name, m.size, m.problem and m.problem.kind) for m in found] == [
        ("a", 5, None),
        ("b", 1000, "truncated"),
    ]


def test_a_damaged_header_ends_the_archive_at_its_place() -> None:
    data = bytearray(tape({"a": b"first", "b": b"second"}))
    data[1024 + 150] ^= 1
    found = Tape(bytes(data))
    assert [each.name for each in found.members()] == ["a"]
    assert (found.broken, found.end) == (True, 1024)


def test_a_name_in_an_old_charset_is_shown() -> None:
    room = io.BytesIO()
    with tarfile.open(
        fileobj=room, mode="w", format=tarfile.USTAR_FORMAT, encoding="cp1252"
    ) as archive:
        archive.addfile(tarfile.TarInfo("Grüße"))
    assert contents(room.getvalue()) == [("Grüße", b"")]


def test_archives_of_the_oldest_programs_are_known_by_their_checksum() -> None:
    data = bytearray(tape({"a": b"old"}, tarfile.USTAR_FORMAT))
    data[257:265] = bytes(8)
    plain = data[:148] + b" " * 8 + data[156:512]
    data[148:156] = b"%06o\0 " % sum(plain)
    assert is_tape(bytes(data))
    assert contents(bytes(data)) == [("a", b"old")]
    assert not is_tape(bytes(512))
    assert not is_tape(b"a" * 600)
    assert not is_tape(b"short")


def test_members_beyond_the_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.tapes.MAX_MEMBERS", 2)
    monkeypatch.setattr("casekit.ingest.tapes.MAX_UNPACKED", 100)
    found = Tape(tape({"a": b"x" * 101, "b": b"y", "c": b"z"}))
    told: list[TapeMember] = list(found.members())
    assert [(m.name, m.size, m.problem and m.problem.kind) for m in told] == [
        ("a", 0, "size"),
        ("b", 1, None),
    ]
    assert found.left_out


def test_a_member_that_is_gone_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        take(b"abc", Step("tar", offset=1, length=5))


@given(noise=st.binary(max_size=60), place=st.integers(0, 3000))
def test_any_damage_ends_in_a_state(noise: bytes, place: int) -> None:
    data = tape({"a.txt": b"one" * 30, LONG: b"two"})
    contents(data[:place] + noise + data[place + len(noise) :])

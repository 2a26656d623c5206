from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Books
from tests.ingest.test_archives import read

RUNS = ((512, b"A" * 700), (4096, b"B" * 512), (9000, b"the end"))
SIZE = 10_000
STORED = b"".join(data for _, data in RUNS)
HOWS = ("gnu", "0.0", "0.1", "1.0")


def whole(runs: tuple[tuple[int, bytes], ...] = RUNS, size: int = SIZE) -> bytes:
    made = bytearray(size)
    for start, data in runs:
        made[start : start + len(data)] = data
    return bytes(made)


def entry(title: str, data: bytes, **keys: str) -> bytes:
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w", format=tarfile.PAX_FORMAT) as archive:
        made = tarfile.TarInfo(title)
        made.size = len(data)
        made.pax_headers = {f"GNU.sparse.{key}": value for key, value in keys.items()}
        archive.addfile(made, io.BytesIO(data))
        return room.getvalue()[: archive.offset]


def sparse(how: str, size: int = SIZE, runs: tuple[tuple[int, int], ...] | None = None) -> bytes:
    """A tape as GNU tar writes it: `s.bin` with holes, then `n.txt`."""
    runs = runs or tuple((start, len(data)) for start, data in RUNS)
    flat = [str(number) for run in runs for number in run]
    if how == "gnu":
        made = old_gnu(size, runs)
    elif how == "1.0":
        table = "\n".join([str(len(runs)), *flat, ""]).encode()
        table += bytes(-len(table) % 512)
        made = entry("s", table + STORED, major="1", minor="0", name="s.bin", realsize=str(size))
    elif how == "0.1":
        made = entry("s", STORED, size=str(size), name="s.bin", map=",".join(flat))
    else:
        made = pairs(size, runs)
    return made + entry("n.txt", b"A note of some length.") + bytes(1024)


def pairs(size: int, runs: tuple[tuple[int, int], ...]) -> bytes:
    """With an extended header of its own: the keys of format 0.0 stand in it once for each run."""
    keys = [("size", size), ("numblocks", len(runs))]
    keys += [pair for run in runs for pair in zip(("offset", "numbytes"), run, strict=True)]
    records = "".join(record(f"GNU.sparse.{key}", value) for key, value in keys).encode()
    head = tarfile.TarInfo("x")
    head.type, head.size = tarfile.XHDTYPE, len(records)
    plain = entry("s.bin", STORED)
    return head.tobuf(tarfile.USTAR_FORMAT) + records + bytes(-len(records) % 512) + plain


def record(key: str, value: int) -> str:
    length = len(f"{key}={value}") + 2
    while len(line := f"{length} {key}={value}\n") != length:
        length = len(line)
    return line


def old_gnu(size: int, runs: tuple[tuple[int, int], ...]) -> bytes:
    head = tarfile.TarInfo("s.bin")
    head.size = len(STORED)
    block = bytearray(head.tobuf(tarfile.GNU_FORMAT))
    block[156:157] = tarfile.GNUTYPE_SPARSE
    at = 386
    for run in runs:
        for number in run:
            block[at : at + 12] = b"%011o\0" % number
            at += 12
    block[483:495] = b"%011o\0" % size
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + STORED + bytes(-len(STORED) % 512)


@pytest.mark.parametrize("how", HOWS)
def test_a_sparse_member_is_read_with_its_holes_filled(how: str) -> None:
    data = sparse(how)
    items, problems, books = read(data, "s.tar")  # which goes each way again and compares the bytes
    assert [(item.title, item.size) for item in items] == [("s.bin", SIZE), ("n.txt", 22)]
    assert [step.decoding for step in items[0].steps] == ["sparse"]
    assert (problems, books) == ([], Books(len(data) - 1024, 0, 1024))
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        held = archive.extractfile("s.bin")
        assert held is not None
        assert held.read() == whole()


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize(
    ("size", "runs"),
    [
        (3 << 30, None),  # more than one original may unfold into
        (200 << 20, None),  # and more than so few bytes may
        (SIZE, ((4096, 700), (512, 512), (9000, 7))),  # backwards
        (SIZE, ((512, 700), (1000, 512), (9000, 7))),  # over each other
        (SIZE, ((512, 700), (4096, 512), (9999, 7))),  # over the end
        (SIZE, ((512, 7),)),  # stored bytes that no run names
    ],
)
def test_a_hostile_map_leaves_the_member_as_it_is_stored(
    how: str, size: int, runs: tuple[tuple[int, int], ...] | None
) -> None:
    items, problems, books = read(sparse(how, size, runs), "s.tar")
    assert [item.title for item in items] == ["s.bin", "n.txt"]
    assert items[0].size in (len(STORED), len(STORED) + -len(STORED) % 512)
    assert [(p.kind, p.path) for p in problems] == [("sparse", "s.bin")]
    assert books.quarantined == 0


@pytest.mark.parametrize("how", HOWS)
def test_a_cut_twin_says_so_and_keeps_what_is_there(how: str) -> None:
    data = sparse(how)
    cut = data[: data.index(b"the end") + 3]
    items, problems, _ = read(cut, "s.tar")
    assert [(item.title, item.size) for item in items] == [("s.bin", len(STORED) - 4)]
    assert [(p.kind, p.path) for p in problems] == [("truncated", "s.bin")]


@given(how=st.sampled_from(HOWS), noise=st.binary(max_size=30), place=st.integers(0, 2500))
def test_any_damage_ends_in_a_state(how: str, noise: bytes, place: int) -> None:
    data = sparse(how)
    read(data[:place] + noise + data[place + len(noise) :], "s.tar")

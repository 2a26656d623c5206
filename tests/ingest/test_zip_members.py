from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

import pytest
import zstandard

from casekit.errors import CaseKitError
from casekit.ingest import pointer
from casekit.ingest.containers import open_zip, zip_members
from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Context, Parsed, Problem, Step, sha256
from casekit.ingest.reading import read_any
from casekit.ingest.zip_members import member_pieces

TEXT = b"".join(b"line %d of the log\n" % n for n in range(50_000))


def by_zstd(data: bytes, frames: int = 1) -> bytes:
    size = len(data) // frames + 1
    pieces = [data[at : at + size] for at in range(0, max(len(data), 1), size)]
    return b"".join(zstandard.ZstdCompressor().compress(piece) for piece in pieces)


def with_zstd(*members: tuple[str, bytes], frames: int = 1) -> bytes:
    """A zip whose members are packed by method 93, as newer evaluation logs are."""
    return zipped(93, *((name, data, by_zstd(data, frames)) for name, data in members))


def with_xz(*members: tuple[str, bytes]) -> bytes:
    """A zip whose members are packed by method 95."""
    return zipped(95, *((name, data, lzma.compress(data)) for name, data in members))


def zipped(method: int, *members: tuple[str, bytes, bytes]) -> bytes:
    """A zip of names, bytes and what these are packed to."""
    body, directory = b"", b""
    for name, data, packed in members:
        sizes = struct.pack("<3I2H", zlib.crc32(data), len(packed), len(data), len(name), 0)
        head = struct.pack("<4H", 20, 0, method, 0) + bytes(2) + sizes
        central = b"PK\x01\x02" + struct.pack("<H", 20) + head + bytes(10)
        directory += central + struct.pack("<I", len(body)) + name.encode()
        body += b"PK\x03\x04" + head + name.encode() + packed
    count = len(members)
    end = struct.pack("<4H2IH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


@pytest.mark.parametrize("frames", [1, 3])
def test_members_packed_by_zstandard_are_read_and_found_again(frames: int) -> None:
    data = with_zstd(("a.txt", TEXT), ("empty", b""), ("b", b"x"), frames=frames)
    found = [(m.name, m.data, m.problem) for m in zip_members(open_zip(data), new_budget())]
    assert found == [("a.txt", TEXT, None), ("empty", b"", None), ("b", b"x", None)]
    step = Step("zip", name="a.txt", number=0, length=len(TEXT), sha256=sha256(TEXT))
    assert pointer.resolve(io.BytesIO(data), (step,)) == TEXT
    piece = Step("slice", offset=700_000, length=40, sha256=sha256(TEXT[700_000:700_040]))
    assert pointer.resolve(io.BytesIO(data), (step, piece)) == TEXT[700_000:700_040]


def test_members_packed_by_xz_are_read_and_found_again() -> None:
    data = with_xz(("a.txt", TEXT), ("empty", b""), ("b", b"x"))
    found = [(m.name, m.data, m.problem) for m in zip_members(open_zip(data), new_budget())]
    assert found == [("a.txt", TEXT, None), ("empty", b"", None), ("b", b"x", None)]
    step = Step("zip", name="a.txt", number=0, length=len(TEXT), sha256=sha256(TEXT))
    assert pointer.resolve(io.BytesIO(data), (step,)) == TEXT


@pytest.mark.parametrize("packed", [lzma.compress(TEXT)[:-40], b"no xz at all", b""])
def test_xz_data_that_break_off_are_told(packed: bytes) -> None:
    (member,) = zip_members(open_zip(zipped(95, ("a.txt", TEXT, packed))), new_budget())
    assert member.data is None
    assert member.problem is not None
    assert member.problem.kind == "bad-member"


def test_damaged_members_are_told_and_the_others_read() -> None:
    data = with_zstd(("a.txt", TEXT), ("b", b"still here"))
    at = data.index(b"a.txt") + 2000
    broken = data[:at] + bytes(50) + data[at + 50 :]
    found = [
        (m.data, m.problem.kind if m.problem else "")
        for m in zip_members(open_zip(broken), new_budget())
    ]
    assert found[0][0] is None
    assert found[0][1] in ("bad-member", "bad-checksum")
    assert found[1] == (b"still here", "")
    step = Step("zip", name="a.txt", sha256=sha256(TEXT))
    with pytest.raises(CaseKitError, match="damaged"):
        pointer.resolve(io.BytesIO(broken), (step,))


def test_a_frame_that_asks_for_too_much_memory_is_refused() -> None:
    packer = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    )
    stream = packer.compressobj()
    packed = stream.compress(b"x" * 100) + stream.flush()
    whole = with_zstd(("a", b"x" * 100))
    small = zstandard.ZstdCompressor().compress(b"x" * 100)
    made = whole.replace(small, packed)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        entry = archive.infolist()[0]
        archive.fp = io.BytesIO(made)
        entry.compress_size = len(packed)
        with pytest.raises(zipfile.BadZipFile):
            list(member_pieces(archive, entry))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("size", [5, 200_000])
def test_a_member_whose_own_name_is_not_the_utf_8_it_claims_is_read_and_found_again(
    method: int, size: int
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("é.txt", b"a line\n" * size)
    data = made.getvalue().replace("é".encode(), b"\xff\xfe", 1)  # in its own header alone
    (item,) = (one for one in read_any(data, Context(), "zip") if isinstance(one, Parsed))
    assert pointer.resolve(io.BytesIO(data), item.steps) == b"a line\n" * size
    broken = data[:38] + bytes([data[38] ^ 255]) + data[39:]
    found = list(read_any(broken, Context(), "zip"))
    assert [one.kind for one in found if isinstance(one, Problem)] in (
        ["bad-checksum"],
        ["bad-member"],
    )

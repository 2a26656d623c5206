from __future__ import annotations

import bz2
import hashlib
import io
import lzma
from random import Random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.limits import LimitReached, new_budget
from casekit.ingest.parsed import Step
from casekit.ingest.streams import HOWS, Unpacking, take, unpack_stream

TEXT = b"".join(b"line %d of the log, %x\n" % (n, n * 7919) for n in range(60_000))
PACK = {
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def unpacked(how: str, data: bytes) -> tuple[bytes, list[str], int]:
    found = unpack_stream(how, data, new_budget())
    assert found.sha256 == hashlib.sha256(found.data).digest()
    assert take(data, Step(how, length=len(found.data))) == found.data[:]  # type: ignore[arg-type]
    return found.data[:], [problem.kind for problem in found.problems], found.taken


@pytest.mark.parametrize("how", HOWS)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_streams_are_joined(how: str, pieces: list[bytes]) -> None:
    data = b"".join(map(PACK[how], pieces))
    assert unpacked(how, data) == (b"".join(pieces), [], len(data))


@pytest.mark.parametrize("how", HOWS)
def test_large_files_come_out_whole(how: str) -> None:
    data = PACK[how](TEXT)
    assert unpacked(how, data) == (TEXT, [], len(data))


@pytest.mark.parametrize("how", HOWS)
def test_a_truncated_twin_gives_what_is_there(how: str) -> None:
    data = PACK[how](TEXT)[:-20]
    got, kinds, taken = unpacked(how, data)
    assert kinds == ["truncated"]
    assert len(data) - 128 * 1024 < taken <= len(data)  # the last block may have given nothing
    assert TEXT.startswith(got)
    assert unpacked(how, data[:3])[:2] == (b"", [f"not-{how}" if how != "bz2" else "truncated"])


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("size", [1, 700, 1 << 20])
def test_where_damage_ends_it_does_not_depend_on_how_it_is_read(how: str, size: int) -> None:
    noise = Random(7).randbytes(
        1 << 20
    )  # several blocks, so that something comes before the damage
    data = bytearray(PACK[how](noise + TEXT))
    data[-60_000:-59_900] = bytes(100)
    file = io.BytesIO(bytes(data))
    reading = Unpacking(how, lambda n: file.read(min(n, size)))
    here = b"".join(reading)
    assert here == unpacked(how, bytes(data))[0]
    assert [kind for kind, _ in reading.problems] == ["bad-data"]
    assert (noise + TEXT).startswith(here[: max(0, len(here) - 900_000)])


@pytest.mark.parametrize("how", HOWS)
def test_what_follows_is_told(how: str) -> None:
    data = PACK[how](b"x")
    assert unpacked(how, data + b"and more") == (b"x", ["trailing-bytes"], len(data))


def test_padding_is_no_trouble_and_frames_to_pass_over_are_told() -> None:
    data = lzma.compress(b"a") + bytes(8) + lzma.compress(b"b") + bytes(4)
    assert unpacked("xz", data) == (b"ab", [], len(data))
    skipped = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    data = skipped + PACK["zst"](b"z") + skipped
    assert unpacked("zst", data) == (b"z", ["skipped-bytes"], len(data))


@pytest.mark.parametrize("how", HOWS)
def test_a_bomb_is_stopped_by_count(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casekit.ingest.limits.RATIO_FLOOR", 1 << 20)
    data = PACK[how](bytes(16 << 20))
    with pytest.raises(LimitReached, match="200 times"):
        unpack_stream(how, data, new_budget())
    with pytest.raises(ValueError, match="more than"):
        take(data, Step(how))  # type: ignore[arg-type]


def test_a_dictionary_larger_than_any_memory_is_refused() -> None:
    claims = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    )
    packer = claims.compressobj()
    data = packer.compress(b"x" * 1000) + packer.flush()
    assert unpacked("zst", data)[1] == ["memory"]


@pytest.mark.parametrize("how", HOWS)
@given(noise=st.binary(max_size=60), place=st.integers(0, 400))
def test_any_damage_ends_in_a_state(how: str, noise: bytes, place: int) -> None:
    data = PACK[how](TEXT[:2000])
    unpacked(how, data[:place] + noise + data[place + len(noise) :])

from __future__ import annotations

import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Step
from casekit.ingest.pdf_bytes import active_names, find_file, streams, unpacked

OBJECT = b"7 0 obj << /Type /EmbeddedFile %s >>\nstream\n%s\nendstream endobj\n"


def found(data: bytes, content: bytes) -> Step | None:
    return find_file(data, hashlib.sha256(content).digest(), len(content))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<< /S /JavaScript /JS (x) >>", ["javascript"]),
        (b"<< /S /J#61vaScript >> /L#61unch", ["javascript", "launch"]),
        (b"/JSON /Launcher /URIs /XFA1", []),
        (b"/OpenAction 3 0 R /AA<</O 4 0 R>>", ["open_action", "further_actions"]),
        (
            b"<< /Type /ObjStm /Filter /FlateDecode >>stream\n"
            + zlib.compress(b"<</S/Launch>>")
            + b"\nendstream",
            ["launch", "object_streams"],
        ),
    ],
)
def test_names_are_found_however_they_are_written(data: bytes, words: list[str]) -> None:
    assert active_names(data) == words


def test_streams_end_where_they_say_or_at_their_mark() -> None:
    data = (
        OBJECT % (b"/Length 9", b"endstream")
        + OBJECT % (b"/Length 8 0 R", b"two")
        + b"stream\nno end"
    )
    assert [data[s.start : s.start + s.length] for s in streams(data)] == [
        b"endstream",
        b"two",
        b"no end",
    ]


def test_a_file_is_cut_out_with_its_hashes() -> None:
    content = b"The evidence. " * 20
    packed = zlib.compress(content)
    data = b"%PDF-1.7\n" + OBJECT % (b"/Length 3", b"abc")
    data += OBJECT % (b"/Filter /FlateDecode /Length %d" % len(packed), packed)
    step = found(data, content)
    assert step == Step(
        "slice", offset=data.index(packed), length=len(packed), decoding="flate",
        before=hashlib.sha256(packed).digest(), sha256=hashlib.sha256(content).digest(),
    )  # fmt: skip
    assert found(data, b"abc") == Step(
        "slice", offset=data.index(b"abc"), length=3, sha256=hashlib.sha256(b"abc").digest()
    )
    assert found(data, b"other") is None


def test_what_is_packed_in_other_ways_is_left() -> None:
    data = OBJECT % (b"/Filter [/ASCII85Decode /FlateDecode]", b"abc")
    (stream,) = streams(data)
    assert (stream.packed, unpacked(data, stream, 100)) == ("other", None)


def test_a_bomb_is_not_unpacked_whole() -> None:
    packed = zlib.compress(bytes(50_000_000))
    data = OBJECT % (b"/Filter /FlateDecode", packed)
    assert found(data, b"small") is None


@given(noise=st.binary(max_size=40), place=st.integers(0, 200))
def test_any_damage_ends_in_a_state(noise: bytes, place: int) -> None:
    data = OBJECT % (b"/Filter /FlateDecode", zlib.compress(b"content " * 9))
    data = data[:place] + noise + data[place + len(noise) :]
    active_names(data)
    found(data, b"content " * 9)

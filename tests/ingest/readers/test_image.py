from __future__ import annotations

import json
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from casekit.ingest.parsed import Books, Context, Parsed, When
from casekit.ingest.readers.image import read
from tests.ingest.documents import picture


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.png"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def exif(**values: str) -> bytes:
    held = Image.Exif()
    tags = {"DateTimeOriginal": 0x9003, "OffsetTimeOriginal": 0x9011}
    held[0x010F] = "Maker\0\0"
    for name, value in values.items():
        held.get_ifd(0x8769)[tags[name]] = value
    held.get_ifd(0x8825)[1] = "N"
    return held.tobytes()


def test_a_png_tells_its_size_and_its_texts() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "Press")
    found = one(picture("RGBA", (4, 3), pnginfo=info))
    assert (found.kind, found.media_type, found.pages, found.problems) == (
        "image",
        "image/png",
        1,
        (),
    )
    facts = json.loads(found.facts)
    assert facts == {
        "format": "PNG",
        "height": 3,
        "mode": "RGBA",
        "text": {"Software": "Press"},
        "width": 4,
    }


@pytest.mark.parametrize(
    ("offset", "us", "zone"),
    [("+02:00", 1714972089000000, "explicit"), ("", 1714979289000000, "assumed:UTC")],
)
def test_a_camera_tells_when_and_where(offset: str, us: int, zone: str) -> None:
    raw = "2024:05:06 07:08:09"
    data = picture(form="JPEG", exif=exif(DateTimeOriginal=raw, OffsetTimeOriginal=offset))
    found = one(data)
    facts = json.loads(found.facts)
    assert found.when == When(us, f"{raw} {offset}".strip(), "EXIF DateTimeOriginal", zone)
    assert (facts["exif"]["Make"], facts["gps"]) == ("Maker", {"GPSLatitudeRef": "N"})


def test_a_truncated_twin_is_kept_with_its_problem() -> None:
    data = picture(size=(200, 200))
    assert [problem.kind for problem in one(data[: len(data) - 20]).problems] == ["bad-image"]
    assert [problem.kind for problem in one(data[:10]).problems] == ["bad-image"]


def test_a_picture_that_claims_to_be_huge_is_not_drawn() -> None:
    head = struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = b"\x89PNG\r\n\x1a\n" + chunk + picture()[33:]
    assert [problem.kind for problem in one(data).problems] == ["pixels"]

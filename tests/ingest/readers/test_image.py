from __future__ import annotations

import io
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


def test_a_camera_tells_its_place_how_it_was_held_and_parts_of_a_second() -> None:
    held = Image.Exif()
    held[0x0112] = 6
    held.get_ifd(0x8769).update({0x9003: "2024:05:06 07:08:09", 0x9291: "25"})
    held.get_ifd(0x8825).update(
        {1: "S", 2: (33.0, 51.0, 35.9), 3: "E", 4: (151.0, 12.0, 40.0), 5: b"\x00", 6: 58.04,
         7: (21.0, 8.0, 9.0), 29: "2024:05:05"}
    )  # fmt: skip
    found = one(picture(form="JPEG", exif=held.tobytes()))
    facts = json.loads(found.facts)
    assert facts["position"] == {
        "north": -33.859972, "east": 151.211111, "height": 58.0, "utc": "2024-05-05T21:08:09+00:00",
    }  # fmt: skip
    assert facts["turned"] == "90"
    assert found.when == When(
        1714979289250000, "2024:05:06 07:08:09.25", "EXIF DateTimeOriginal", "assumed:UTC", 10_000
    )


def test_a_place_that_is_none_is_none() -> None:
    held = Image.Exif()
    held.get_ifd(0x8825).update({1: "N", 2: (999.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)})
    assert "position" not in json.loads(one(picture(form="JPEG", exif=held.tobytes())).facts)


def test_a_truncated_twin_is_kept_with_its_problem() -> None:
    data = picture(size=(200, 200))
    assert [problem.kind for problem in one(data[: len(data) - 20]).problems] == ["bad-image"]
    assert [problem.kind for problem in one(data[:10]).problems] == ["bad-image"]


def test_a_frame_cut_within_its_place_is_a_damaged_picture() -> None:
    made = io.BytesIO()
    Image.new("P", (4, 4)).save(made, "GIF")
    cut = made.getvalue().removesuffix(b";") + b",\0\0"
    assert [problem.kind for problem in one(cut).problems] == ["bad-image"]


def test_a_picture_that_claims_to_be_huge_is_not_drawn() -> None:
    head = struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = b"\x89PNG\r\n\x1a\n" + chunk + picture()[33:]
    assert [problem.kind for problem in one(data).problems] == ["pixels"]


def test_what_people_wrote_into_a_picture_can_be_searched() -> None:
    room = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "said in a tag"
    Image.new("RGB", (4, 4)).save(room, "JPEG", comment=b"said in a comment", exif=exif)
    (item,) = (each for each in read(room.getvalue(), Context()) if isinstance(each, Parsed))
    assert item.texts == (
        ("comments", "comment: said in a comment\nImageDescription: said in a tag"),
    )


@pytest.mark.parametrize("large", [False, True])
def test_the_pages_of_a_tiff_are_counted_however_they_are_linked(large: bool) -> None:
    room = io.BytesIO()
    pages = [Image.new("L", (2, 2), shade) for shade in range(3)]
    pages[0].save(room, "TIFF", save_all=True, append_images=pages[1:], big_tiff=large)
    assert json.loads(one(room.getvalue()).facts)["frames"] == 3
    assert json.loads(one(tiff_of(60_000)).facts)["frames"] == 20_000  # the most that are counted
    assert json.loads(one(tiff_of(3, back=True)).facts)["frames"] == 3


def tiff_of(pages: int, *, back: bool = False) -> bytes:
    """A TIFF of directories of one pixel that name each other, the last one the first if `back`."""
    tags = ((256, 1), (257, 1), (273, 0), (279, 1))
    entries = struct.pack("<H", len(tags))
    entries += b"".join(struct.pack("<HHII", tag, 3, 1, value) for tag, value in tags)
    size = len(entries) + 4
    links = [8 + size * number for number in range(1, pages)] + [8 if back else 0]
    return b"II*\0\x08\0\0\0" + b"".join(entries + struct.pack("<I", link) for link in links)

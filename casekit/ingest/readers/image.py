"""Pictures: size and what the camera wrote into them; no picture is drawn here."""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
import warnings
from collections.abc import Iterator
from typing import Any, Literal

from PIL import ExifTags, Image

from casekit.ingest.charsets import decode_text, facts_text, tidy
from casekit.ingest.containers import Data, DataFile
from casekit.ingest.limits import MAX_PAGES, MAX_PIXELS, MAX_TEXT
from casekit.ingest.parsed import Books, Context, Parsed, Problem, When
from casekit.ingest.tails import read_tail

FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP")
_TURNED = {
    2: "mirrored", 3: "180", 4: "180, mirrored", 5: "90, mirrored", 6: "90", 7: "270, mirrored", 8: "270",
}  # fmt: skip
"""What the tag Orientation asks a viewer to do (EXIF 2.32, 4.6.4)."""
_FRACTIONS = {
    "DateTimeOriginal": "SubsecTimeOriginal", "DateTimeDigitized": "SubsecTimeDigitized",
    "DateTime": "SubsecTime",
}  # fmt: skip
_WRITTEN = ("ImageDescription", "UserComment", "XPTitle", "XPComment", "XPSubject", "XPKeywords")
"""Tags of EXIF that carry what people write."""
_FACT_LENGTH = 500
_FACT_COUNT = 100
BAD = (
    OSError,
    ValueError,
    SyntaxError,
    KeyError,
    struct.error,
    IndexError,
    TypeError,
    OverflowError,
    ZeroDivisionError,
)
"""What Pillow raises on damaged pictures, by its own reports."""


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `image` with its time from EXIF.

    Facts: `format`, `width`, `height`, `mode`, `frames`, `exif` and `gps` (as they are written), `position`
    (degrees north and east, metres above the sea, and the satellites' time in UTC), `turned` (degrees by
    which a viewer turns it clockwise, and whether it mirrors it), `text`. What people wrote into it is the
    part `comments`; bytes behind its end are a child.
    """
    size = len(untrusted_data)
    problems: list[Problem] = []
    facts: dict[str, object] = {}
    when: When | None = None
    media_type = form = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open_image(untrusted_data) as image:
                form = image.format or ""
                media_type = Image.MIME.get(form, "")
                facts = _facts(image, frames(untrusted_data, image))
                when = _when(facts)
            if form == "PNG":
                with open_image(untrusted_data) as image:
                    image.verify()  # its checksums; other formats have none
    except (Image.DecompressionBombError, TooManyPixels):
        text = f"The picture has more than {MAX_PIXELS:,} pixels and is not drawn."
        problems.append(Problem("limits", "pixels", text))
    except (*BAD, EOFError, RuntimeError, AttributeError, MemoryError):
        problems.append(
            Problem("parse", "bad-image", "The picture is damaged or of an unknown kind.")
        )
    behind, told = read_tail(untrusted_data, form, context)
    words = _words(facts)
    yield Parsed(
        "image",
        "documents",
        context.name or "picture",
        (),
        hashlib.sha256(untrusted_data).digest(),
        size,
        name=context.name,
        media_type=media_type,
        texts=(("comments", words),) if words else (),
        when=when,
        pages=1 if facts else None,
        facts=facts_text(facts),
        problems=(*problems, *told),
        children=behind,
    )
    yield Books(size)


class TooManyPixels(Exception):
    """The picture is larger than any that is drawn."""


def open_image(untrusted_data: Data) -> Image.Image:
    """Open a picture by its header only.

    Raises:
        TooManyPixels: It claims more than `MAX_PIXELS`.
        OSError: And much else that Pillow raises on damaged files.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    image = Image.open(DataFile(untrusted_data), formats=FORMATS)  # type: ignore[arg-type]
    if image.width * image.height > MAX_PIXELS:
        raise TooManyPixels
    return image


def frames(untrusted_data: Data, image: Image.Image) -> int:
    """How many pictures the file holds; 0 for a kind that has only one.

    Those of a TIFF are counted here, up to `MAX_PAGES`: at each, Pillow looks through all before it.
    """
    if image.format == "TIFF":
        return max(1, _directories(untrusted_data))
    return int(getattr(image, "n_frames", 1)) if image.format in ("GIF", "WEBP") else 0


def _directories(untrusted_data: Data) -> int:
    """The image file directories of a TIFF, each of which names the next (TIFF 6.0, 2; BigTIFF)."""
    order: Literal["little", "big"] = "little" if untrusted_data[:2] == b"II" else "big"
    large = 43 in untrusted_data[2:4]
    at, link, counted, entry = (8, 8, 8, 20) if large else (4, 4, 2, 12)  # bytes
    seen: set[int] = set()
    while len(seen) < MAX_PAGES:
        place = int.from_bytes(untrusted_data[at : at + link], order)
        entries = untrusted_data[place : place + counted]
        if not place or place in seen or len(entries) < counted:
            break
        seen.add(place)
        at = place + counted + entry * int.from_bytes(entries, order)
    return len(seen)


def _facts(image: Image.Image, count: int) -> dict[str, object]:
    facts: dict[str, object] = {
        "format": image.format,
        "width": image.width,
        "height": image.height,
        "mode": image.mode,
        "frames": count,
    }
    # asking a PNG would decode the whole picture to see what comes behind it
    asked = image.format != "PNG" or "exif" in image.info
    exif = image.getexif() if asked else Image.Exif()
    named = _named(exif, ExifTags.TAGS) | _named(exif.get_ifd(ExifTags.IFD.Exif), ExifTags.TAGS)
    facts["exif"] = named
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    facts["gps"] = _named(place, ExifTags.GPSTAGS)
    facts["position"] = _position(dict(place))
    facts["turned"] = _TURNED.get(exif.get(ExifTags.Base.Orientation, 1), "")
    facts["text"] = {
        tidy(str(name))[:80]: tidy(value)[:_FACT_LENGTH]
        for name, value in sorted(_said(image).items())[:_FACT_COUNT]
    }
    return facts


def _said(image: Image.Image) -> dict[str, str]:
    """The texts that a picture carries by their names; the comment of a JPEG or GIF is bytes."""
    made = {str(name): value for name, value in image.info.items() if isinstance(value, str)}
    comment = image.info.get("comment")
    if isinstance(comment, bytes):
        made["comment"] = decode_text(comment[:MAX_TEXT]).text
    return made


def _words(facts: dict[str, object]) -> str:
    """What somebody wrote into the picture, for the search."""
    text, exif = facts.get("text"), facts.get("exif")
    said = {**(text if isinstance(text, dict) else {})}
    for name in _WRITTEN:
        if isinstance(exif, dict) and str(exif.get(name, "")).strip():
            said[name] = str(exif[name])
    return "\n".join(f"{name}: {value}" for name, value in said.items() if str(value).strip())


def _named(tags: Any, names: dict[int, str]) -> dict[str, str]:
    made = {}
    for number, value in sorted(dict(tags).items())[:_FACT_COUNT]:
        if isinstance(value, bytes):
            if len(value) > _FACT_LENGTH:
                continue  # maker notes, thumbnails
            value = value.rstrip(b"\0").decode("utf-8", "replace")
        made[names.get(number, f"0x{number:04x}")] = tidy(str(value).rstrip("\0"))[:_FACT_LENGTH]
    return made


def _position(gps: dict[int, Any]) -> dict[str, object]:
    """Where the picture was taken in decimal degrees, and when by the satellites (EXIF 2.32, 4.6.6)."""
    made: dict[str, object] = {}
    for name, sign, value, negative in (("north", 1, 2, "S"), ("east", 3, 4, "W")):
        try:
            degrees, minutes, seconds = (float(part) for part in gps[value])
            number = degrees + minutes / 60 + seconds / 3600
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            continue
        if number == number and abs(number) <= 180:  # a rational of 0/0 is no number
            made[name] = round(
                -number if str(gps.get(sign, "")).startswith(negative) else number, 6
            )
    try:
        height = float(gps[6])
        below = gps.get(5) in (1, b"\x01")
        made["height"] = round(-height if below else height, 1)
        hour, minute, second = (float(part) for part in gps[7])
        date = dt.datetime.strptime(str(gps[29]), "%Y:%m:%d").replace(tzinfo=dt.UTC)
        instant = date + dt.timedelta(hours=hour, minutes=minute, seconds=second)
        made["utc"] = instant.isoformat(timespec="seconds")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        pass
    return made if "north" in made and "east" in made else {}


def _when(facts: dict[str, object]) -> When | None:
    """When the picture was taken, as the camera's clock said (EXIF 2.32, 4.6.5)."""
    exif = facts["exif"]
    assert isinstance(exif, dict)
    for field, offset in (
        ("DateTimeOriginal", "OffsetTimeOriginal"),
        ("DateTimeDigitized", "OffsetTimeDigitized"),
        ("DateTime", "OffsetTime"),
    ):
        raw = exif.get(field, "")
        try:
            local = dt.datetime.strptime(raw.strip(), "%Y:%m:%d %H:%M:%S").replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        shift = _offset(exif.get(offset, ""))
        zone = "explicit" if shift is not None else "assumed:UTC"
        instant = local - (shift or dt.timedelta(0))
        us = (instant - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
        parts = exif.get(_FRACTIONS[field], "").strip()
        if parts.isdecimal() and parts.isascii() and len(parts) <= 6:
            us += int(parts.ljust(6, "0"))
            raw = f"{raw}.{parts}"
        step = 10 ** (6 - len(parts)) if raw.endswith(f".{parts}") and parts else 1_000_000
        return When(us, f"{raw} {exif.get(offset, '')}".strip(), f"EXIF {field}", zone, step)
    return None


def _offset(text: str) -> dt.timedelta | None:
    try:
        found = dt.datetime.strptime(text.strip(), "%z").utcoffset()
    except ValueError:
        return None
    return found

"""The archival form of an assembled dossier: PDF/A (ISO 19005), with natives attached where wanted.

What ReportLab and qpdf leave out is added here: the colour space all colours are meant in, what the file says
of its own conformance, and each native with its relation to the document.
"""

from __future__ import annotations

import functools
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import ImageCms

from casekit import clock
from casekit.dossier.sheet import Profile as Profile  # noqa: PLC0414 - a word of plans, at home there

_ENDINGS = {
    "application/json": ".json", "application/pdf": ".pdf", "message/rfc822": ".eml", "text/plain": ".txt",
    "text/html": ".html", "image/png": ".png", "image/jpeg": ".jpg",
}  # fmt: skip
_INTENT = "sRGB IEC61966-2.1"
_MADE = (
    2026,
    1,
    1,
    0,
    0,
    0,
)  # of the colour profile: a date of its own, so that equal dossiers are equal


@dataclass(frozen=True, slots=True)
class Native:
    """An exhibit's exact record, to be attached.

    Attributes:
        name: Its name in the attachments, without a word of the evidence.
        about: What it is, with its SHA-256.
        media_type: Such as `message/rfc822`.
        data: The bytes.
    """

    name: str
    about: str
    media_type: str
    data: bytes


def conformance(profile: Profile) -> tuple[str, str]:
    """Part and level of ISO 19005 that a profile conforms to, such as `("2", "U")`."""
    return ("3" if profile == "archive" else "2", "A" if profile == "accessible" else "U")


def native_name(label: str, item_id: int, name: str, media_type: str) -> str:
    """A name for an attachment: the exhibit's label and the kind of file, which tell nothing of its content."""
    ending = PurePosixPath(name).suffix.lower()
    if not re.fullmatch(r"\.[a-z][a-z0-9]{1,4}", ending):
        ending = _ENDINGS.get(media_type, ".bin")
    return f"EX-{re.sub(r'[^A-Za-z0-9]+', '-', label).strip('-') or 'x'}-{item_id}{ending}"


def conform(pdf: pikepdf.Pdf, profile: Profile, natives: Iterable[Native], at_us: int) -> None:
    """Make an assembled file PDF/A; its metadata must say already what its information says.

    Args:
        pdf: The file.
        profile: Which one it is for.
        natives: What is attached, in order.
        at_us: The date that attachments bear, microseconds since 1970 UTC.
    """
    part, level = conformance(profile)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["pdfaid:part"] = part
        xmp["pdfaid:conformance"] = level
    colours = Stream(pdf, srgb())
    colours.N = 3
    pdf.Root.OutputIntents = Array([
        pdf.make_indirect(Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String(_INTENT),
            Info=String(_INTENT), DestOutputProfile=pdf.make_indirect(colours),
        ))
    ])  # fmt: skip
    _attach(pdf, natives, at_us)


def _attach(pdf: pikepdf.Pdf, natives: Iterable[Native], at_us: int) -> None:
    """Attach files with their relation to the document (ISO 19005-3, 6.8; ISO 32000-1, 7.11)."""
    date = String(clock.from_us(at_us).strftime("D:%Y%m%d%H%M%S+00'00'"))
    found = {}
    for native in natives:
        held = Stream(pdf, native.data)
        held.Type = Name.EmbeddedFile
        held.Subtype = Name(f"/{_media_type(native.media_type)}")
        held.Params = Dictionary(Size=len(native.data), ModDate=date)
        inside = pdf.make_indirect(held)
        found[native.name] = pdf.make_indirect(Dictionary(
            Type=Name.Filespec, F=String(native.name), UF=String(native.name),
            Desc=String(native.about), AFRelationship=Name.Source, EF=Dictionary(F=inside, UF=inside),
        ))  # fmt: skip
    if not found:
        return
    names = Array()
    for name in sorted(found):
        names.append(String(name))
        names.append(found[name])
    if Name.Names not in pdf.Root:
        pdf.Root.Names = Dictionary()
    pdf.Root.Names.EmbeddedFiles = Dictionary(Names=names)
    pdf.Root.AF = Array(list(found.values()))


def _media_type(untrusted_name: str) -> str:
    sound = re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,80}", untrusted_name)
    return untrusted_name if sound else "application/octet-stream"


@functools.cache
def srgb() -> bytes:
    """An ICC profile of sRGB (IEC 61966-2-1), made here and the same each time."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = struct.pack(">6H", *_MADE)
    made[84:100] = bytes(16)  # the profile's own digest, which may stand empty (ICC.1:2010, 7.2.18)
    return bytes(made)

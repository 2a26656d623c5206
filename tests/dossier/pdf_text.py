"""What stands where on a PDF's pages, read back with a library that had no part in making it."""

from __future__ import annotations

import hashlib
import unicodedata
from ctypes import c_double
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as raw

MOST_READ = 4  # files whose characters are kept
_read: dict[bytes, list[list[Glyph]]] = {}


class Glyph(NamedTuple):
    character: str
    left: float
    bottom: float
    right: float
    top: float


def glyphs_of(path: Path) -> list[list[Glyph]]:
    """Every visible character of every page with its box in points; the same bytes are mostly read once."""
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).digest()
    if sha256 not in _read:
        if len(_read) == MOST_READ:
            del _read[next(iter(_read))]
        pdf = pypdfium2.PdfDocument(data)
        try:
            _read[sha256] = [_page(pdf, n) for n in range(len(pdf))]
        finally:
            pdf.close()
    _read[sha256] = found = _read.pop(sha256)  # the last to be forgotten
    return [list(page) for page in found]


def body_text(path: Path, frame: tuple[float, float, float, float], indent: float = 19) -> str:
    """The text between head and foot without the line numbers in the margin, and without white space."""
    left, bottom, _, top = frame
    found = []
    for page in glyphs_of(path):
        margin = {
            id(g)
            for g in page
            if g.character.isdigit()
            and left < g.right <= left + indent
            and 4.5 < g.top - g.bottom < 5.2
        }
        found += [
            g.character
            for g in page
            if bottom - 2 <= g.bottom and g.top <= top + 2 and id(g) not in margin
        ]
    return bare("".join(found))


def bare(text: str) -> str:
    """Text in one normal form without white space, for comparing what line breaks have moved."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(unicodedata.normalize("NFKC", whole).split())


def _page(pdf: pypdfium2.PdfDocument, number: int) -> list[Glyph]:
    page = pdf[number]
    text = page.get_textpage()
    handle, found = text.raw, []
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        if code in (0x0D, 0x0A) or raw.FPDFText_IsGenerated(handle, index):
            continue
        assert raw.FPDFText_GetCharBox(handle, index, left, right, bottom, top)
        found.append(Glyph(chr(code), left.value, bottom.value, right.value, top.value))
    text.close()
    page.close()
    return found

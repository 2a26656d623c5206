"""How many foreign pages could be taken over as vectors: clean by an allow-list, PDF/A-2u, and nothing unseen.

Run: `python -m tests.bench.bench_vectors FOLDER [FILES]`. Of the PDFs below FOLDER, in an order drawn by a
fixed seed, the first FILES (200) that can be opened are looked at, up to three pages each. It says on which
ground pages fall away, in the order of the tests, and what is left. Needs a Java for veraPDF.
"""

from __future__ import annotations

import io
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Dictionary, Name

from casekit.dossier.pdfa import conform
from tests import verapdf

MOST_PAGES = 3
MOST_OBJECTS = 400
DARK = 40  # of 255: how much a letter's box must differ within itself to show something
PAINT = frozenset([
    "q", "Q", "cm", "w", "J", "j", "M", "d", "ri", "i", "m", "l", "c", "v", "y", "h", "re", "S", "s", "f", "F",
    "f*", "B", "B*", "b", "b*", "n", "W", "W*", "g", "G", "rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn",
    "SCN", "BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Ts", "Td", "TD", "Tm", "T*", "Tj", "TJ", "'", '"', "Do",
    "gs", "Tr",
])  # fmt: skip
"""The operators that a page may have: lines, colours, pictures and text that is painted."""


def main() -> None:
    """Print what falls away, and what is left."""
    folder, most = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    files = sorted(folder.rglob("*.pdf"))
    random.Random(20260101).shuffle(files)
    grounds: Counter[str] = Counter()
    opened, java = 0, verapdf.start()
    with tempfile.TemporaryDirectory() as room:
        for path in files:
            if opened == most:
                break
            opened += _look(path, Path(room) / "page.pdf", java, grounds)
    total = sum(grounds.values())
    print(f"{opened} files, {total} pages")
    for ground, count in grounds.most_common():
        print(f"{count:6} {100 * count / total:5.1f} %  {ground}")


def _look(path: Path, made: Path, java: Any, grounds: Counter[str]) -> bool:
    try:
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
            for no in range(min(pages, MOST_PAGES)):
                grounds[_ground(pdf, no, path, made, java)] += 1
            return pages > 0
    except (pikepdf.PdfError, pikepdf.PasswordError, RecursionError):
        return False


def _ground(pdf: pikepdf.Pdf, no: int, path: Path, made: Path, java: Any) -> str:
    """Why a page cannot be taken over; `left` if nothing speaks against it."""
    if pdf.is_encrypted:
        return "encrypted"
    if any(key in pdf.Root for key in ("/OCProperties", "/AA", "/OpenAction")):
        return "layers or actions"
    page = pdf.pages[no]
    if "/Annots" in page.obj or "/AcroForm" in pdf.Root:
        return "annotations or a form"
    try:
        ground = _of_resources(page.obj.get("/Resources", Dictionary()), set())
        ground = ground or _of_operators(page)
    except (pikepdf.PdfError, RecursionError, ValueError, AttributeError, TypeError):
        return "content that cannot be read"
    if ground:
        return ground
    try:
        _wrap(pdf, no, made)
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return "content that cannot be read"
    if broken := verapdf.judge(java, made, "2u"):
        return f"not PDF/A-2u ({sorted(broken)[0]})"
    if unseen := _unseen(path, no):
        return unseen
    return _fonts(page)


def _of_resources(held: Any, seen: set[tuple[int, int]]) -> str:
    for state in _each(held, "/ExtGState"):
        if (
            state.get("/SMask", Name.None_) != Name.None_
            or state.get("/BM", Name.Normal) != Name.Normal
        ):
            return "transparency"
    for font in _each(held, "/Font"):
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        about = inner.get("/FontDescriptor", Dictionary())
        if font.get("/Subtype") == Name.Type3:
            return "Type 3 font"
        if not any(key in about for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            return "font not embedded"
        if "/ToUnicode" not in font:
            return "font without ToUnicode"
    for part in _each(held, "/XObject"):
        if part.objgen in seen:
            continue
        seen.add(part.objgen)
        if part.get("/Subtype") != Name.Form:
            continue
        if ground := _of_resources(part.get("/Resources", Dictionary()), seen) or _of_operators(
            part
        ):
            return ground
    return "pattern or shading" if _each(held, "/Pattern") or _each(held, "/Shading") else ""


def _each(held: Any, key: str) -> list[Any]:
    return list(held.get(key, Dictionary()).values()) if key in held else []


def _of_operators(content: Any) -> str:
    for step in pikepdf.parse_content_stream(content):
        name = str(step.operator)
        if name in {"BDC", "BMC", "EMC", "MP", "DP"}:
            return "marked content"
        if name == "Tr" and int(step.operands[0]) not in (0, 1, 2):
            return "unseen or clipping text"
        if name not in PAINT:
            return f"operator {name}"
    return ""


def _wrap(pdf: pikepdf.Pdf, no: int, made: Path) -> None:
    """A page of its own around the form, as a dossier would have it."""
    with pikepdf.new() as new:
        new.add_blank_page(page_size=(595, 842))
        form = new.copy_foreign(pdf.pages[no].as_form_xobject())
        new.pages[0].obj.Resources = Dictionary(XObject=Dictionary(F=form))
        new.pages[0].obj.Contents = new.make_stream(b"q 0.8 0 0 0.8 40 40 cm /F Do Q")
        new.Root.Lang = pikepdf.String("en")
        with new.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            xmp["dc:title"] = "Page"
        conform(new, "filing", (), 0)
        new.save(made, min_version="1.7")


def _unseen(path: Path, no: int) -> str:
    """Whether every letter that a program reads shows something where it is said to stand."""
    document = pypdfium2.PdfDocument(path)
    page = document[no]
    text, scale = page.get_textpage(), 3
    shown = page.render(scale=scale).to_pil().convert("L")
    high = page.get_height()
    for at in range(text.count_chars()):
        if not text.get_text_range(at, 1).strip():
            continue
        left, bottom, right, top = text.get_charbox(at)
        box = (
            left * scale - 1,
            (high - top) * scale - 1,
            right * scale + 1,
            (high - bottom) * scale + 1,
        )
        area = shown.crop(tuple(map(round, box)))
        if not area.width or not area.height:
            return "a letter without a place"
        low, above = area.getextrema()
        if above - low < DARK:
            return "a letter of which nothing is seen"
    return _carried(document, page)


def _carried(document: Any, page: Any) -> str:
    """Whether every object of the page changes what is seen."""
    whole = page.render(scale=1).to_pil().tobytes()
    for found in list(page.get_objects())[:MOST_OBJECTS]:
        raw.FPDFPageObj_SetIsActive(found.raw, False)
        without = page.render(scale=1).to_pil().tobytes()
        raw.FPDFPageObj_SetIsActive(found.raw, True)
        if without == whole:
            return "clean, but an object of which nothing is seen"
    return ""


def _fonts(page: pikepdf.Page) -> str:
    """Whether a font holds more glyphs than its file says are used, or is none that can be counted."""
    held = page.obj.get("/Resources", Dictionary()).get("/Font", Dictionary())
    if not held:
        return "left, without a font"
    for font in held.values():
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        about = inner.FontDescriptor
        data = next(
            about[k].read_bytes() for k in ("/FontFile2", "/FontFile3", "/FontFile") if k in about
        )
        told = font.ToUnicode.read_bytes()
        named = len(set(re.findall(rb"<([0-9A-Fa-f]{2,4})>\s*<", told)))
        try:
            glyphs = TTFont(io.BytesIO(data)).getGlyphOrder()
        except (TTLibError, AssertionError, KeyError):
            return "clean, but a font that cannot be counted"
        if len(glyphs) > named + 4:
            return "clean, but a font with more letters than it names"
    return "left"


if __name__ == "__main__":
    main()

"""What a PDF holds beside the text of its pages: form, annotations, signatures, what stood there before."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_TEXT

MOST_STATES = 5
"""Earlier states of a file that are looked into, the last ones."""
MOST_PAGES = 500
"""Pages of each that are."""
_MOST_FIELDS = 1_000
_MOST_SIGNATURES = 100
_WIDGET = 20
_KINDS = (
    "unknown", "text", "link", "free text", "line", "square", "circle", "polygon", "polyline", "highlight",
    "underline", "squiggly", "strikeout", "stamp", "caret", "ink", "popup", "file", "sound", "movie",
    "field", "screen", "printer mark", "trap net", "watermark", "3D", "rich media", "XFA field", "redaction",
)  # fmt: skip
"""Kinds of annotations by PDFium's numbers (ISO 32000-2, table 171)."""


@contextmanager
def form_of(document: Any) -> Iterator[Any]:
    """PDFium's view of a document's form, or None where it has none; scripts do not run in it."""
    if pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_NONE:
        yield None
        return
    config = pdfium.FPDF_FORMFILLINFO(version=2)
    form = pdfium.FPDFDOC_InitFormFillEnvironment(document, config)
    try:
        yield form or None
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)


def fields_on(form: Any, page: Any, number: int) -> list[str]:
    """The filled fields of a page, `[page] name: value` each (ISO 32000-2, 12.7)."""
    made: list[str] = []
    count = max(0, pdfium.FPDFPage_GetAnnotCount(page)) if form else 0
    for index in range(min(_MOST_FIELDS, count)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(note) != _WIDGET:
                continue
            name = _asked(pdfium.FPDFAnnot_GetFormFieldName, form, note)
            value = _asked(pdfium.FPDFAnnot_GetFormFieldValue, form, note)
            if value.strip() and value != "Off":
                made.append(f"[{number}] {name}: {value}")
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
    return made


def _asked(ask: Any, form: Any, note: Any) -> str:
    size = int(ask(form, note, None, 0))
    if size <= 2 or size > MAX_TEXT:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(form, note, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return tidy(buffer.raw[: size - 2].decode("utf-16-le", "replace"))


PagesOf = Callable[[bytes, int], list[str]]
"""Gives the texts of the first pages of a PDF, at most so many."""


def earlier_text(
    untrusted_data: Data, ends: list[int], now: set[str], pages_of: PagesOf
) -> tuple[str, int]:
    """The pages of a file as they stood before it was saved over, where they said something else.

    Args:
        untrusted_data: The file.
        ends: Where each of its states ends, the last one too (ISO 32000-2, 7.5.6).
        now: Texts of its pages now.
        pages_of: Reads the pages of a state.

    Returns:
        The text, each page under its state and number, and how many states were not looked into.
    """
    known = set(now)
    lines: list[str] = []
    held = 0
    states = ends[:-1]
    for state, end in list(enumerate(states, 1))[-MOST_STATES:]:
        for number, text in enumerate(pages_of(untrusted_data[:end], MOST_PAGES), 1):
            if text.isspace() or not text or text in known or held > MAX_TEXT // 4:
                continue
            known.add(text)
            held += len(text)
            lines.append(f"[state {state}, page {number}]\n{text}")
    return "\n\n".join(lines), max(0, len(states) - MOST_STATES)


def annotation_kinds(page: Any, counts: dict[str, int]) -> None:
    """Count the annotations of a page by kind; a page of very many is counted up to a limit."""
    for index in range(min(_MOST_FIELDS, max(0, pdfium.FPDFPage_GetAnnotCount(page)))):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        number = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        kind = _KINDS[number] if 0 <= number < len(_KINDS) else "unknown"
        counts[kind] = counts.get(kind, 0) + 1


def signature_states(document: Any, size: int) -> list[dict[str, object]]:
    """Each signature's `form`, its stated `time`, and which bytes it covers; none is judged here.

    `covers` is `all` where the signed bytes run from the first to the last and leave out its own value only,
    `part` where bytes were added behind what it covers or it covers less, `unknown` where it does not say
    (ISO 32000-2, 12.8.1).
    """
    found: list[dict[str, object]] = []
    count = max(0, pdfium.FPDF_GetSignatureCount(document))
    for index in range(min(_MOST_SIGNATURES, count)):
        held = pdfium.FPDF_GetSignatureObject(document, index)
        if not held:
            continue
        signed = {
            "form": _latin(pdfium.FPDFSignatureObj_GetSubFilter, held),
            "time": _latin(pdfium.FPDFSignatureObj_GetTime, held),
        }
        ranges = _ranges(held)
        found.append({**signed, "covers": _covered(ranges, size), "behind": _behind(ranges, size)})
    return found


def _ranges(signature: Any) -> list[int]:
    count = int(pdfium.FPDFSignatureObj_GetByteRange(signature, None, 0))
    if not 0 < count <= 100:
        return []
    room = (ctypes.c_int * count)()
    pdfium.FPDFSignatureObj_GetByteRange(signature, room, count)
    return list(room)


def _covered(ranges: list[int], size: int) -> str:
    if len(ranges) != 4 or min(ranges) < 0:
        return "unknown"
    start, length, again, rest = ranges
    whole = start == 0 and 0 < length < again and again + rest == size
    return "all" if whole else "part"


def _behind(ranges: list[int], size: int) -> int:
    """Bytes that stand behind what is signed."""
    return max(0, size - ranges[2] - ranges[3]) if len(ranges) == 4 else 0


def _latin(ask: Any, signature: Any) -> str:
    size = int(ask(signature, None, 0))
    if not 1 < size <= 1_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(signature, buffer, size)
    return tidy(buffer.raw[: size - 1].decode("latin-1"))

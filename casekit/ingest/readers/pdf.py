"""PDF: the text of each page by PDFium, and what the file could do if it were let."""

from __future__ import annotations

import ctypes
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pypdfium2.raw as pdfium

from casekit.ingest.charsets import facts_text, tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_PAGES, MAX_TEXT
from casekit.ingest.parsed import Books, Context, Parsed, Problem, When

_INFO = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")
_ACTIVE = {
    "javascript": (b"/JavaScript", b"/JS"),
    "launch": (b"/Launch",),
    "open_action": (b"/OpenAction",),
    "embedded_files": (b"/EmbeddedFile",),
    "submit_form": (b"/SubmitForm",),
    "rich_media": (b"/RichMedia",),
    "xfa": (b"/XFA",),
}
_DATE = re.compile(
    r"\s*(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(?:([Zz])|([+-])(\d\d)'?(\d\d)?'?)?"
)
_PASSWORD, _SECURITY = 4, 5
_MOST_LISTED = 200
_HYPHEN = re.compile("[\x02\ufffe]\n")

_started = False


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` with a part `page/n` for each page that has text, and `comments` for annotations.

    Facts: the document information, `version`, `page_sizes` (points, the most common first), `updates`
    (how often it was saved over), what is active in it (`javascript`, `launch`, …: found by name in the
    bytes, so that compressed objects may hide them), `attachments` by name, `signatures`,
    `pages_without_text`.
    """
    size = len(untrusted_data)
    facts: dict[str, object] = {
        "active": _active(untrusted_data),
        "updates": _updates(untrusted_data),
    }
    problems: list[Problem] = []
    texts: list[tuple[str, str]] = []
    pages: int | None = None
    when: When | None = None
    with open_document(untrusted_data[:]) as (document, error):
        if document is None:
            problems.append(_refused(error))
        else:
            pages = max(0, pdfium.FPDF_GetPageCount(document))
            info = {name: _info(document, name) for name in _INFO}
            when = _when(info)
            facts |= {"info": {name: value for name, value in info.items() if value}}
            facts |= _structure(document)
            problems += _read_pages(document, pages, texts, facts)
    yield Parsed(
        "document",
        "documents",
        context.name or "PDF",
        (),
        hashlib.sha256(untrusted_data).digest(),
        size,
        name=context.name,
        media_type="application/pdf",
        texts=tuple(texts),
        when=when,
        pages=pages,
        facts=facts_text(facts),
        problems=tuple(problems),
    )
    yield Books(size)


@contextmanager
def open_document(untrusted_data: bytes) -> Iterator[tuple[Any, int]]:
    """A PDFium document, or None with PDFium's error number; closed at the end of the block."""
    global _started  # noqa: PLW0603 - PDFium is started once a process
    if not _started:
        pdfium.FPDF_InitLibrary()
        _started = True
    document = pdfium.FPDF_LoadMemDocument64(untrusted_data, len(untrusted_data), None)
    if not document:
        yield None, int(pdfium.FPDF_GetLastError())
        return
    try:
        yield document, 0
    finally:
        pdfium.FPDF_CloseDocument(document)


def _refused(error: int) -> Problem:
    if error in (_PASSWORD, _SECURITY):
        return Problem("open", "encrypted", "The PDF needs a password.")
    return Problem("open", "bad-pdf", "The file is too damaged to be opened as a PDF.")


def _read_pages(
    document: Any, pages: int, texts: list[tuple[str, str]], facts: dict[str, object]
) -> list[Problem]:
    problems: list[Problem] = []
    empty: list[int] = []
    broken: list[int] = []
    sizes: dict[str, int] = {}
    comments: list[str] = []
    held = 0
    for number in range(min(pages, MAX_PAGES)):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            broken.append(number + 1)
            continue
        try:
            measured = f"{pdfium.FPDF_GetPageWidthF(page):g}x{pdfium.FPDF_GetPageHeightF(page):g}"
            sizes[measured] = sizes.get(measured, 0) + 1
            text = _page_text(page)
            comments += _comments(page, number + 1)
        finally:
            pdfium.FPDF_ClosePage(page)
        if not text or text.isspace():
            empty.append(number + 1)
            continue
        held += len(text)
        if held > MAX_TEXT:
            problems.append(
                Problem("limits", "text-cut", f"Pages from {number + 1} on hold too much text.")
            )
            break
        texts.append((f"page/{number + 1}", text))
    if comments:
        texts.append(("comments", "\n".join(comments)))
    facts["page_sizes"] = sorted(sizes, key=lambda size: (-sizes[size], size))[:20]
    facts["pages_without_text"] = empty[:_MOST_LISTED] if texts else []
    return problems + _page_problems(pages, texts, broken)


def _page_problems(pages: int, texts: list[tuple[str, str]], broken: list[int]) -> list[Problem]:
    problems = []
    if broken:
        listed = ", ".join(map(str, broken[:20]))
        problems.append(
            Problem("parse", "bad-page", f"{len(broken)} pages cannot be read: {listed}.")
        )
    if pages > MAX_PAGES:
        text = f"Only the first {MAX_PAGES:,} of {pages:,} pages are read."
        problems.append(Problem("limits", "pages", text))
    if not pages:
        problems.append(Problem("parse", "no-pages", "The PDF has no pages."))
    elif not any(part != "comments" for part, _ in texts):
        problems.append(
            Problem("parse", "needs-ocr", "No page carries text: these are pictures of pages.")
        )
    return problems


def _page_text(page: Any) -> str:
    """All text of a page, also what lies outside its visible box."""
    held = pdfium.FPDFText_LoadPage(page)
    if not held:
        return ""
    try:
        count = pdfium.FPDFText_CountChars(held)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        given = pdfium.FPDFText_GetText(held, 0, count, buffer)
        text = bytes(buffer)[: max(0, given - 1) * 2].decode("utf-16-le", "replace")
    finally:
        pdfium.FPDFText_ClosePage(held)
    text = tidy(text.replace("\0", ""))
    if "\x02" in text or "\ufffe" in text:
        text = _HYPHEN.sub("", text)  # a word parted at the end of a line is one word
    return text


def _comments(page: Any, number: int) -> list[str]:
    made = []
    for index in range(min(1_000, max(0, pdfium.FPDFPage_GetAnnotCount(page)))):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        text = _wide(
            lambda room, count, held=note: pdfium.FPDFAnnot_GetStringValue(
                held, b"Contents", room, count
            )
        )
        pdfium.FPDFPage_CloseAnnot(note)
        if text.strip():
            made.append(f"[{number}] {text.strip()}")
    return made


def _wide(ask: Any) -> str:
    """A UTF-16 text of one of PDFium's two-step calls: first its length in bytes, then its content."""
    size = int(ask(None, 0))
    if size <= 2 or size > MAX_TEXT:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return tidy(buffer.raw[: size - 2].decode("utf-16-le", "replace"))


def _info(document: Any, name: str) -> str:
    return _wide(partial(pdfium.FPDF_GetMetaText, document, name.encode()))[:1000]


def _structure(document: Any) -> dict[str, object]:
    version = ctypes.c_int()
    known = pdfium.FPDF_GetFileVersion(document, ctypes.byref(version))
    names = []
    for index in range(min(_MOST_LISTED, max(0, pdfium.FPDFDoc_GetAttachmentCount(document)))):
        held = pdfium.FPDFDoc_GetAttachment(document, index)
        if held:
            names.append(_wide(partial(pdfium.FPDFAttachment_GetName, held)))
    return {
        "version": f"{version.value // 10}.{version.value % 10}" if known else "",
        "attachments": names,
        "scripts": max(0, pdfium.FPDFDoc_GetJavaScriptActionCount(document)),
        "signatures": max(0, pdfium.FPDF_GetSignatureCount(document)),
        "form": {1: "AcroForm", 2: "XFA", 3: "XFA"}.get(pdfium.FPDF_GetFormType(document), ""),
    }


def _active(untrusted_data: Data) -> list[str]:
    return [
        name
        for name, marks in _ACTIVE.items()
        if any(untrusted_data.find(mark) >= 0 for mark in marks)
    ]


def _updates(untrusted_data: Data) -> int:
    """How often the file was saved over itself: each time leaves a `startxref` behind (ISO 32000, 7.5.6)."""
    count, at = 0, untrusted_data.find(b"startxref")
    while at >= 0 and count < 10_000:
        count += 1
        at = untrusted_data.find(b"startxref", at + 9)
    return max(0, count - 1)


def _when(info: dict[str, str]) -> When | None:
    for field in ("CreationDate", "ModDate"):
        found = _DATE.match(info[field])
        if not found:
            continue
        year, month, day, hour, minute, second, utc, sign, hours, minutes = found.groups()
        try:
            local = dt.datetime(
                int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0),
                tzinfo=dt.UTC,
            )  # fmt: skip
        except ValueError:
            continue
        shift = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        try:
            instant = local - (shift if sign == "+" else -shift)
        except OverflowError:
            continue
        us = (instant - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
        zone = "explicit" if utc or sign else "assumed:UTC"
        steps = {second: 1, minute: 60, hour: 3600}
        resolution = next((step for text, step in steps.items() if text), 86_400)
        return When(us, info[field], f"PDF {field}", zone, resolution * 1_000_000)
    return None

"""PDF: the text of each page by PDFium, and what the file could do if it were let."""

from __future__ import annotations

import ctypes
import datetime as dt
import hashlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec
import pypdfium2.raw as pdfium

from casekit.ingest.charsets import facts_text, tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_PAGES, MAX_TEXT
from casekit.ingest.parsed import Books, Context, Parsed, Problem, When, sha256
from casekit.ingest.pdf_beside import (
    annotation_kinds,
    earlier_text,
    fields_on,
    form_of,
    signature_states,
)
from casekit.ingest.pdf_bytes import active_names
from casekit.ingest.tails import read_tail

_INFO = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")
_DATE = re.compile(
    r"\s*(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(?:([Zz])|([+-])(\d\d)'?(\d\d)?'?)?"
)
_PASSWORD, _SECURITY = 4, 5
_MOST_LISTED = 200
_MOST_LINKS = 2_000
_MOST_STATES = 1_000
MAX_ATTACHMENT = 512 * 1024 * 1024
"""Bytes of one file embedded in a PDF."""
_ACTIONS = {2: "other file", 3: "uri", 4: "launch", 5: "embedded file"}
"""Kinds of actions that lead outside, by PDFium's numbers."""
_HYPHEN = re.compile("[\x02\ufffe]\n")

_FILE_ATTACHMENT = 17
_File = tuple[str, bytes | None]
"""Name and content of a file embedded in a PDF; None: it cannot be had."""

_started = False
_units: Any = ()
_MOST_KEPT = 1_000_000


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` with a part `page/n` for each page that has text, and `comments` for annotations.

    What is filled into its form is the part `fields`, what stood on its pages before it was saved over
    `previous`; bytes behind its end are a child. Scripts stand in the part `scripts`; files embedded in it
    are its children. Facts: the document information, `version`, `page_sizes` (points, the most common
    first), `revisions` (where each state ends that was saved over) and `updates` (how many those are), what
    could act in it (`active`, the words of `pdf_bytes.active_names`), `links` (what it leads to outside),
    `attachments` by name, `signatures` and each one's state (`signed`), `annotations` (how many of each
    kind, or `none`), `encryption` (the revision of its handler), `pages_without_text`, and `needs_ocr`:
    those of them that show something.
    """
    size = len(untrusted_data)
    facts: dict[str, object] = {"active": active_names(untrusted_data)}
    children: list[Parsed] = []
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
            facts |= _structure(document) | {"signed": signature_states(document, size)}
            revisions = _revisions(document, untrusted_data)
            facts |= {"revisions": revisions, "updates": max(0, len(revisions) - 1)}
            pinned: list[_File] = []
            with form_of(document) as form:
                problems += _read_pages(document, form, pages, texts, facts, pinned)
            problems += _read_before(untrusted_data, revisions, texts)
            if scripts := _scripts(document):
                texts.append(("scripts", scripts))
            children, lost = _attached(_files(document) + pinned, untrusted_data, context)
            problems += lost
    behind, told = read_tail(untrusted_data, "PDF", context)
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
        problems=(*problems, *told),
        children=(*children, *behind),
    )
    yield Books(size)


@contextmanager
def open_document(untrusted_data: bytes) -> Iterator[tuple[Any, int]]:
    """A PDFium document, or None with PDFium's error number; closed at the end of the block."""
    global _started  # noqa: PLW0603 - PDFium is started once a process
    if not _started:
        _keep_memory()
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


def _keep_memory() -> None:
    """Have the C library keep what PDFium frees: a page of dense text costs 500 page faults otherwise."""
    tune = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if tune is not None:  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD of glibc's malloc.h
        tune(-3, 64 * 1024 * 1024)
        tune(-1, 128 * 1024 * 1024)


def _refused(error: int) -> Problem:
    if error in (_PASSWORD, _SECURITY):
        return Problem("open", "encrypted", "The PDF needs a password.")
    return Problem("open", "bad-pdf", "The file is too damaged to be opened as a PDF.")


def _read_before(
    untrusted_data: Data, revisions: list[int], texts: list[tuple[str, str]]
) -> list[Problem]:
    """What pages said before the file was saved over, as the part `previous`."""
    now = {text for part, text in texts if part.startswith("page/")}
    found, left = earlier_text(untrusted_data, revisions, now, _pages_of)
    told = []
    if found:
        texts.append(("previous", found))
        said = "Pages said something else before the file was saved over; that is shown as well."
        told.append(Problem("parse", "saved-over", said))
    if left:
        said = f"{left} earlier states of the file were not looked into."
        told.append(Problem("limits", "states", said))
    return told


def _pages_of(untrusted_data: bytes, most: int) -> list[str]:
    """The texts of a PDF's first pages."""
    with open_document(untrusted_data) as (document, _error):
        count = max(0, pdfium.FPDF_GetPageCount(document)) if document is not None else 0
        found = []
        for number in range(min(most, count)):
            page = pdfium.FPDF_LoadPage(document, number)
            found.append(_page_text(page) if page else "")
            if page:
                pdfium.FPDF_ClosePage(page)
        return found


def _read_pages(
    document: Any,
    form: Any,
    pages: int,
    texts: list[tuple[str, str]],
    facts: dict[str, object],
    pinned: list[_File],
) -> list[Problem]:
    problems: list[Problem] = []
    empty: list[int] = []
    drawn: list[int] = []
    links: dict[str, None] = {}
    broken: list[int] = []
    sizes: dict[str, int] = {}
    comments: list[str] = []
    fields: list[str] = []
    kinds: dict[str, int] = {}
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
            comments += _comments(page, number + 1, pinned)
            annotation_kinds(page, kinds)
            fields += fields_on(form, page, number + 1)
            _links(document, page, links)
            blank = not text or text.isspace()
            if blank and pdfium.FPDFPage_CountObjects(page) > 0:
                drawn.append(number + 1)
        finally:
            pdfium.FPDF_ClosePage(page)
        if blank:
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
    if fields:
        texts.append(("fields", "\n".join(fields)))
    facts["annotations"] = kinds or "none"
    facts["page_sizes"] = sorted(sizes, key=lambda size: (-sizes[size], size))[:20]
    facts["pages_without_text"] = empty[:_MOST_LISTED] if texts else []
    facts |= {"needs_ocr": drawn[:_MOST_LISTED], "links": list(links)[:_MOST_LISTED]}
    return problems + _page_problems(pages, texts, broken, drawn)


def _page_problems(
    pages: int, texts: list[tuple[str, str]], broken: list[int], drawn: list[int]
) -> list[Problem]:
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
    elif drawn and not any(part.startswith("page/") for part, _ in texts):
        text = "No page carries text: these are pictures of pages."
        problems.append(Problem("parse", "needs-ocr", text))
    elif drawn:
        text = f"{len(drawn)} of {pages} pages show something and carry no text."
        problems.append(Problem("parse", "some-pages-need-ocr", text))
    elif not texts and not broken:
        problems.append(Problem("parse", "no-text", "All pages are blank."))
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
        buffer = _room(count + 1)
        given = pdfium.FPDFText_GetText(held, 0, count, buffer)
        read = ctypes.string_at(buffer, max(0, given - 1) * 2)
        text = read.decode("utf-16-le", "replace")
    finally:
        pdfium.FPDFText_ClosePage(held)
    text = tidy(text.replace("\0", ""))
    if "\x02" in text or "\ufffe" in text:
        text = _HYPHEN.sub("", text)  # a word parted at the end of a line is one word
    return text


def _room(count: int) -> Any:
    """Room for so many UTF-16 units, kept for the next page: making it costs as much as filling it."""
    global _units  # noqa: PLW0603 - PDFium runs in one thread
    if count > _MOST_KEPT:
        return (ctypes.c_ushort * count)()
    if len(_units) < count:
        _units = (ctypes.c_ushort * (2 * count))()
    return _units


def _comments(page: Any, number: int, pinned: list[_File]) -> list[str]:
    """The text of a page's annotations; files that are pinned to it go to `pinned`."""
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
        if pdfium.FPDFAnnot_GetSubtype(note) == _FILE_ATTACHMENT and len(pinned) < _MOST_LISTED:
            pinned.append(_file(pdfium.FPDFAnnot_GetFileAttachment(note)))
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
        "encryption": max(0, pdfium.FPDF_GetSecurityHandlerRevision(document)),
        "form": {1: "AcroForm", 2: "XFA", 3: "XFA"}.get(pdfium.FPDF_GetFormType(document), ""),
    }


def _revisions(document: Any, untrusted_data: Data) -> list[int]:
    """Where each state of the file ends that was saved over: cut off there, it is the file as it was then.

    Source: ISO 32000-2, 7.5.6; a file made for the web has a trailer more at its start (annex F).
    """
    ends = (ctypes.c_uint * _MOST_STATES)()  # at once: each asking goes through the whole file
    given = int(pdfium.FPDF_GetTrailerEnds(document, ends, _MOST_STATES))
    found = sorted(
        {int(end) for end in ends[:given]}
    )  # more than there is room for: none was given
    if found and b"/Linearized" in untrusted_data[:1024]:
        found = found[1:]
    return found if len(found) > 1 else []


def _scripts(document: Any) -> str:
    """The scripts of the document, as text: they are shown, never run."""
    made = []
    count = max(0, pdfium.FPDFDoc_GetJavaScriptActionCount(document))
    for index in range(min(_MOST_LISTED, count)):
        held = pdfium.FPDFDoc_GetJavaScriptAction(document, index)
        if held:
            made.append(_wide(partial(pdfium.FPDFJavaScriptAction_GetScript, held)))
            pdfium.FPDFDoc_CloseJavaScriptAction(held)
    return "\n".join(made)


def _links(document: Any, page: Any, found: dict[str, None]) -> None:
    """What the links of a page lead to outside the document."""
    place, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    while len(found) < _MOST_LINKS and pdfium.FPDFLink_Enumerate(page, place, link):
        action = pdfium.FPDFLink_GetAction(link)
        kind = _ACTIONS.get(pdfium.FPDFAction_GetType(action)) if action else None
        if kind == "uri":
            target = _narrow(partial(pdfium.FPDFAction_GetURIPath, document, action))
        elif kind:
            target = _narrow(partial(pdfium.FPDFAction_GetFilePath, action))
        else:
            continue
        found[f"{kind}: {tidy(target)[:2000]}"] = None


def _narrow(ask: Any) -> str:
    size = int(ask(None, 0))
    if size <= 1 or size > 65_536:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(buffer, size)
    return buffer.raw[: size - 1].decode("utf-8", "replace")


def _attached(
    files: list[_File], untrusted_data: Data, context: Context
) -> tuple[list[Parsed], list[Problem]]:
    """The files embedded in the document, each read by its content, with the slice where it stands."""
    from casekit.ingest.parts import read_part
    from casekit.ingest.pdf_bytes import find_file

    children: list[Parsed] = []
    problems: list[Problem] = []
    for index, (name, data) in enumerate(files):
        step = None if data is None else find_file(untrusted_data, sha256(data), len(data))
        if data is None or step is None:
            text = "A file inside the PDF cannot be cut out of it; it is listed by its name only."
            problems.append(Problem("open", "attachment-not-read", text, path=name))
            continue
        made = read_part(data, name, "", context)
        step = msgspec.structs.replace(step, name=name, number=index)
        children.append(msgspec.structs.replace(made, steps=(step,)))
    return children, problems


def _files(document: Any) -> list[_File]:
    """The files in the document's own list (ISO 32000-2, 7.11.4)."""
    count = min(_MOST_LISTED, max(0, pdfium.FPDFDoc_GetAttachmentCount(document)))
    return [_file(pdfium.FPDFDoc_GetAttachment(document, index)) for index in range(count)]


def _file(held: Any) -> _File:
    if not held:
        return "", None
    return _wide(partial(pdfium.FPDFAttachment_GetName, held)), _attachment(held)


def _attachment(held: Any) -> bytes | None:
    size = ctypes.c_ulong(0)
    if not pdfium.FPDFAttachment_GetFile(held, None, 0, size) or size.value > MAX_ATTACHMENT:
        return None
    buffer = ctypes.create_string_buffer(max(1, size.value))
    if not pdfium.FPDFAttachment_GetFile(held, buffer, size.value, size):
        return None
    return buffer.raw[: size.value]


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

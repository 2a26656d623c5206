"""Reads workbooks of model outputs: rows under known columns are exchanges, other sheets one document."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest import sheets
from casekit.ingest.containers import Data, open_zip
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.office import Found, read_files_inside
from casekit.ingest.ole_objects import read_objects
from casekit.ingest.olefiles import open_ole
from casekit.ingest.ooxml import open_package
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.rows import read_rows
from casekit.ingest.sheet_notes import sheet_notes
from casekit.ingest.strict_json import encode

_TYPES = {
    "xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "content.xml": "application/vnd.oasis.opendocument.spreadsheet",
}


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Exchanges of a workbook's sheets of records, and its other sheets as one document with the files inside.

    A cell is read as what it shows last: formulas by their stored result. Document: `page/n` is the nth
    sheet, cells by tabs; facts `sheets` (name, rows, whether hidden), `hidden_sheets`, `macros`.

    Source: [MS-XLS], [MS-XLSB], ECMA-376 part 1, OpenDocument 1.3 part 3.
    """
    size = len(untrusted_data)
    try:
        book = sheets.open_book(untrusted_data)
        names = sheets.sheet_names(book)
    except ValueError as error:
        yield _unreadable(untrusted_data, context, str(error))
        yield Books(0, size)
        return
    others: list[tuple[int, str, bool]] = []
    problems: list[Problem] = []
    for number, (name, hidden) in enumerate(names, 1):
        try:
            table = sheets.table_in(book, name)
        except ValueError:
            problems.append(Problem("parse", "bad-part", f"Sheet {number} is damaged.", path=name))
            continue
        if table is None:
            others.append((number, name, hidden))
            continue
        if hidden:
            said = "The sheet is hidden in the workbook; its rows were read."
            yield Problem("parse", "hidden-sheet", said, path=name)
        yield from read_rows(
            untrusted_data, context, table.records(), name, lambda told: iter(told[:0])
        )
    notes, inside = _notes(untrusted_data), _inside(untrusted_data, context)
    problems += inside.problems
    if others or problems or notes or inside.children or not names:
        made = _document(untrusted_data, context, book, names, others, problems, notes)
        yield msgspec.structs.replace(made, children=tuple(inside.children))
    yield Books(size)


def _unreadable(untrusted_data: Data, context: Context, why: str) -> Parsed:
    problem = Problem("open", "bad-office-file", f"The workbook cannot be read: {why}.")
    if sheets.is_locked(untrusted_data):
        problem = Problem("open", "encrypted", "The workbook needs a password.")
    return Parsed(
        "file", "documents", context.name or "workbook", (), hashlib.sha256(untrusted_data).digest(),
        len(untrusted_data), name=context.name, media_type="application/vnd.ms-excel", problems=(problem,),
    )  # fmt: skip


def _document(
    untrusted_data: Data, context: Context, book: Any, names: list[tuple[str, bool]],
    others: list[tuple[int, str, bool]], problems: list[Problem], notes: list[tuple[str, str]],
) -> Parsed:  # fmt: skip
    """The sheets that hold no records, and what stands beside the cells of any."""
    texts, about, left = [], [], MAX_TEXT
    for number, name, hidden in others:
        rows = sheets.cells(book, name)
        lines = ["\t".join(each.replace("\n", " ") for each in row).rstrip() for row in rows]
        text = "\n".join(lines).rstrip()
        if len(text) > left:
            text = text[:left]
            said = f"Only the first {MAX_TEXT:,} characters can be searched."
            problems.append(Problem("limits", "text-cut", said, path=name))
        left -= len(text)
        about.append({"name": name, "rows": sum(map(any, rows)), "hidden": hidden})
        if text.strip():
            texts.append((f"page/{number}", text))
    texts += notes
    if not texts and not problems:
        problems.append(Problem("parse", "no-text", "The document carries no text."))
    kind, macros = _kind(untrusted_data)
    facts = {
        "sheets": about[:1000],
        "hidden_sheets": sum(hidden for _, hidden in names),
        "macros": macros,
    }
    return Parsed(
        "document", "documents", context.name or "workbook", (),
        hashlib.sha256(untrusted_data).digest(), len(untrusted_data), name=context.name, media_type=kind,
        texts=tuple(texts), pages=len(names), facts=encode(facts), problems=tuple(problems),
    )  # fmt: skip


def _notes(untrusted_data: Data) -> list[tuple[str, str]]:
    """What stands beside the cells of a workbook in XML."""
    if untrusted_data[:2] != b"PK":
        return []
    try:
        return sheet_notes(open_package(untrusted_data)).texts()
    except zipfile.BadZipFile:
        return []


def _inside(untrusted_data: Data, context: Context) -> Found:
    """The files that lie in a workbook, whose sheets may all be records."""
    found = Found()
    if untrusted_data[:2] != b"PK":
        with open_ole(untrusted_data) as ole:
            if ole is not None:
                read_objects(ole, found, context)
        return found
    try:
        package = open_package(untrusted_data)
    except zipfile.BadZipFile:
        return found
    if "xl/workbook.bin" not in package.names:  # whose sheets themselves are no XML
        read_files_inside(package, found, context)
    return found


def _kind(untrusted_data: Data) -> tuple[str, bool]:
    """Media type, and whether there are macros."""
    if untrusted_data[:2] != b"PK":
        return "application/vnd.ms-excel", untrusted_data.find(
            "_VBA_PROJECT".encode("utf-16-le")
        ) >= 0
    try:
        parts = {name.lower() for _, name, _ in open_zip(untrusted_data).files}
    except zipfile.BadZipFile:
        return "", False
    kind = next((kind for part, kind in _TYPES.items() if part in parts), "")
    return kind, any(part.endswith("vbaproject.bin") or part.startswith("basic/") for part in parts)

"""Word files: their text with notes, comments, drawings and tracked deletions; workbooks as text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.office import (
    MOST_LISTED,
    Found,
    local,
    package_of,
    read_files_inside,
    read_package_facts,
)
from casekit.ingest.ooxml import BadPart, Package, WordText
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.sheet_notes import sheet_notes

_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD = f"{_OFFICE}wordprocessingml.document"
_EXCEL = f"{_OFFICE}spreadsheetml.sheet"
_NOTES = ("footnotes", "endnotes", "comments")
_SIDE_PARTS = {"header": "headers", "footer": "footers"} | {name: name for name in _NOTES}
_DRAWN = {"diagramData": "t", "chart": "t v"}
"""Relations to drawings with words in them, and the elements that hold these (ECMA-376 part 1, 21)."""
_REACHING = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON)\b", re.I
)


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` with the files and pictures inside it as children.

    Word: parts `body` (text boxes and insertions included), `headers`, `footers`, `footnotes`, `endnotes`,
    `comments`, `drawings` (diagrams, charts), `pictures` (what they are said to show), `deletions` (what
    tracked changes took out or moved away, which is not in `body`). A workbook: `page/n` a sheet, cells by
    tabs, and what `sheet_notes` tells. Facts besides those of `office.read_package_facts`: `tracked`
    (insertions, deletions, authors, first and last date), `comments` (author and date of each), `fields`
    (codes that reach for other files or programs), `tables`, `text_boxes`, `hidden_runs`.
    """
    found = Found(media_type=_WORD)
    try:
        package = package_of(untrusted_data, found)
    except zipfile.BadZipFile:
        found.trouble("bad-office-file", "The office file is damaged.")
    else:
        read_package_facts(package, found)
        _read_main(package, found)
        read_files_inside(package, found, context)
    yield found.document(untrusted_data, context)
    yield Books(len(untrusted_data))


def _read_main(package: Package, found: Found) -> None:
    main = next(
        (t for kind, t, away in package.relations("") if kind == "officeDocument" and not away), ""
    )
    if main.startswith("xl/") or (
        not main.startswith("word/") and any(name.startswith("xl/") for name in package.names)
    ):
        found.media_type = _EXCEL
        _read_excel(package, main or "xl/workbook.xml", found)
    else:
        _read_word(package, main or "word/document.xml", found)


def _read_word(package: Package, main: str, found: Found) -> None:
    try:
        body = package.word_text(main)
    except BadPart:
        found.trouble("bad-office-file", "The document's main part is damaged.")
        body = WordText()
    found.add("body", body.text)
    sides: dict[str, WordText] = {}
    drawn: list[str] = []
    for kind, target, away in package.relations(main):
        if away or (kind not in _SIDE_PARTS and kind not in _DRAWN):
            continue
        try:
            if kind in _SIDE_PARTS:
                sides[kind] = package.word_text(target, sides.get(kind))
            else:
                drawn.append(_words(package.xml(target), _DRAWN[kind].split()))
        except BadPart:
            found.trouble("bad-part", "A part beside the main text is damaged.", target)
    for kind, name in _SIDE_PARTS.items():
        if kind in sides:
            found.add(name, sides[kind].text)
    found.add("drawings", "\n".join(filter(None, drawn)))
    gathered = [body, *sides.values()]
    found.add("deletions", "\n".join(text for part in gathered if (text := part.deletions)))
    found.add("pictures", tidy("\n".join(said for part in gathered for said in part.described)))
    _word_facts(gathered, found)
    if not found.texts and not found.problems:
        found.trouble("no-text", "The document carries no text.")


def _word_facts(gathered: list[WordText], found: Found) -> None:
    authors = dict.fromkeys(author for part in gathered for author in part.authors)
    dates = sorted(date for part in gathered for date in part.dates)
    tracked = {
        "insertions": sum(part.inserted for part in gathered),
        "deletions": sum(part.removed for part in gathered),
        "authors": list(authors)[:MOST_LISTED],
        "first": dates[0] if dates else "",
        "last": dates[-1] if dates else "",
    }
    codes = (tidy(code).strip() for part in gathered for code in part.commands)
    found.facts |= {
        "tracked": {name: value for name, value in tracked.items() if value},
        "comments": [note for part in gathered for note in part.notes if note][:MOST_LISTED],
        "fields": list(dict.fromkeys(code[:500] for code in codes if _REACHING.match(code)))[
            :MOST_LISTED
        ],
        "tables": gathered[0].tables,
        "text_boxes": sum(part.boxes for part in gathered),
        "hidden_runs": sum(part.hidden for part in gathered),
    }


def _words(root: Any, names: list[str]) -> str:
    """The texts of the named elements, a line each."""
    texts = (element.text or "" for element in root.iter(*(f"{{*}}{name}" for name in names)))
    return tidy("\n".join(text for text in texts if text.strip()))


# -- workbooks -------------------------------------------------------------------------------------


def _read_excel(package: Package, main: str, found: Found) -> None:
    relations = package.relations(main)
    strings: list[str] = []
    for kind, target, outside in relations:
        if kind == "sharedStrings" and not outside:
            try:
                root = package.xml(target)
            except BadPart:
                found.trouble("bad-part", "The table of texts is damaged.")
                continue
            strings = [_texts(item) for item in root if local(item) == "si"]
    sheets = [target for kind, target, outside in relations if kind == "worksheet" and not outside]
    for number, target in enumerate(sheets, 1):
        try:
            found.add(f"page/{number}", _sheet(package.xml(target), strings))
        except BadPart:
            found.trouble("bad-part", f"Sheet {number} is damaged.")
    found.pages = len(sheets)
    notes = sheet_notes(package)
    for part, text in notes.texts():
        found.add(part, text)
    found.facts["sheets"] = [{"name": name, "state": state} for name, state in notes.sheets]
    found.facts["hidden_sheets"] = notes.hidden
    if notes.hidden:
        found.trouble(
            "hidden-sheet", f"{notes.hidden} sheets are hidden in the workbook; they were read."
        )


def _sheet(root: Any, strings: list[str]) -> str:
    """The cells of a sheet as they are stored: a line a row, cells by tabs; formulas by their last result."""
    rows: list[str] = []
    for row in root.iter("{*}row"):
        cells = []
        for cell in row:
            value = next((child for child in cell if local(child) == "v"), None)
            text = (value.text or "") if value is not None else _texts(cell)
            if cell.get("t") == "s" and text.isdecimal() and int(text) < len(strings):
                text = strings[int(text)]
            cells.append(text.replace("\n", " "))
        if line := "\t".join(cells).rstrip():
            rows.append(line)
    return tidy("\n".join(rows))


def _texts(element: Any) -> str:
    return "".join(child.text or "" for child in element.iter("{*}t"))

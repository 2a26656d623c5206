"""Office files: Word's text with its notes, comments and tracked deletions; sheets, slides and ODF as text."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from casekit.ingest.charsets import facts_text, tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.ooxml import BadPart, Package, WordText, open_package, word_text
from casekit.ingest.parsed import Books, Context, Parsed, Problem, When

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD = {
    "__substg1.0_": "application/vnd.ms-outlook",
    "WordDocument": "application/msword",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "Workbook": "application/vnd.ms-excel",
}
"""Names in the directory of an old office file (MS-CFB), and what they make it."""
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {
    "word/": ("word", _WORD),
    "xl/": ("excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": (
        "powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
_SIDE_PARTS = ("header", "footer", "footnotes", "endnotes", "comments")
_CORE = (
    "creator",
    "lastModifiedBy",
    "created",
    "modified",
    "title",
    "subject",
    "revision",
    "keywords",
)
_APP = ("Application", "Company", "Manager", "Template", "TotalTime")
_MOST = 200


@dataclass(slots=True)
class _Found:
    """What is gathered on the way."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    pages: int | None = None
    kind: str = "document"
    media_type: str = ""

    def add(self, part: str, text: str) -> None:
        """Add a part that has text."""
        if text.strip():
            self.texts.append((part, text[:MAX_TEXT]))


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document`, or one `file` where the format is kept and not read.

    Word: parts `body`, `headers`, `footers`, `footnotes`, `endnotes`, `comments`, `deletions` (what tracked
    changes took out, which is not in `body`). Excel: `page/n` a sheet, cells by tabs. PowerPoint: `page/n` a
    slide. Facts: `properties`, `application`, `tracked` (insertions, authors), `external` (what it refers to
    outside, never followed), `macros`, `embedded`, `tables`.
    """
    found = _Found()
    if untrusted_data[:8] == _OLE:
        _read_ole(untrusted_data, found)
    else:
        try:
            _read_package(open_package(untrusted_data), found)
        except (zipfile.BadZipFile, BadPart):
            found.problems.append(Problem("open", "bad-office-file", "The office file is damaged."))
    when = _when(found.facts.get("properties"))
    yield Parsed(
        "file" if found.kind == "file" else "document",
        "documents",
        context.name or "document",
        (),
        hashlib.sha256(untrusted_data).digest(),
        len(untrusted_data),
        name=context.name,
        media_type=found.media_type,
        texts=tuple(found.texts),
        when=when,
        pages=found.pages,
        facts=facts_text(found.facts),
        problems=tuple(found.problems),
    )
    yield Books(len(untrusted_data))


def _read_ole(untrusted_data: Data, found: _Found) -> None:
    if untrusted_data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
        found.media_type = "application/x-ole-storage"
        found.problems.append(Problem("open", "encrypted", "The office file needs a password."))
        return
    found.kind = "file"
    known = (
        kind for mark, kind in _OLD.items() if untrusted_data.find(mark.encode("utf-16-le")) >= 0
    )
    found.media_type = next(known, "application/x-ole-storage")
    text = "Office files from before 2007 are kept and not read; save a copy as DOCX or PDF to search it."
    if found.media_type == "application/vnd.ms-outlook":
        text = "Outlook messages are kept and not read; save a copy as EML to search it."
    found.problems.append(Problem("open", "kept-not-read", text))


def _read_package(package: Package, found: _Found) -> None:
    _properties(package, found)
    main = next(
        (target for kind, target, _ in package.relations("") if kind == "officeDocument"), ""
    )
    folder = next((folder for folder in _TYPES if main.startswith(folder)), "")
    if not folder:
        folder = next(
            (known for known in _TYPES if any(name.startswith(known) for name in package.names)), ""
        )
    flavour, found.media_type = _TYPES.get(folder, ("", ""))
    found.facts["macros"] = any(
        name.endswith(("vbaproject.bin", "vbadata.xml")) for name in package.names
    )
    found.facts["embedded"] = [name for name in package.names if "/embeddings/" in name][:_MOST]
    if flavour == "word":
        _read_word(package, main or "word/document.xml", found)
    elif flavour == "excel":
        _read_excel(package, main or "xl/workbook.xml", found)
    elif flavour == "powerpoint":
        _read_powerpoint(package, main or "ppt/presentation.xml", found)
    elif "content.xml" in package.names:
        _read_odf(package, found)
    else:
        found.kind = "file"
        text = "This kind of office file is kept and not read."
        found.problems.append(Problem("open", "kept-not-read", text))


# -- Word -----------------------------------------------------------------------------------------


def _read_word(package: Package, main: str, found: _Found) -> None:
    try:
        body = word_text(package.xml(main))
    except BadPart:
        found.problems.append(
            Problem("parse", "bad-office-file", "The document's main part is damaged.")
        )
        body = WordText()
    found.add("body", body.text)
    relations = package.relations(main)
    sides: dict[str, WordText] = {}
    for kind, target, outside in relations:
        if outside or kind not in _SIDE_PARTS:
            continue
        try:
            sides[kind] = word_text(package.xml(target), sides.get(kind))
        except BadPart:
            text = "A part beside the main text is damaged."
            found.problems.append(Problem("parse", "bad-part", text, path=tidy(target)))
    for kind, name in (("header", "headers"), ("footer", "footers")):
        if kind in sides:
            found.add(name, sides[kind].text)
    for kind in ("footnotes", "endnotes", "comments"):
        if kind in sides:
            found.add(kind, sides[kind].text)
    gathered = [body, *sides.values()]
    found.add("deletions", "\n".join(text for part in gathered if (text := part.deletions)))
    found.facts["tables"] = body.tables
    found.facts["tracked"] = {
        name: value
        for name, value in (
            ("insertions", sum(part.inserted for part in gathered)),
            (
                "authors",
                list(dict.fromkeys(author for part in gathered for author in part.authors))[:_MOST],
            ),
        )
        if value
    }
    found.facts["external"] = _external(relations)
    if not found.texts and not found.problems:
        found.problems.append(Problem("parse", "no-text", "The document carries no text."))


def _external(relations: list[tuple[str, str, bool]]) -> list[str]:
    """What the document refers to outside; a template or picture there would be fetched on opening."""
    listed = [f"{kind}: {tidy(target)[:1000]}" for kind, target, outside in relations if outside]
    return list(dict.fromkeys(listed))[:_MOST]


# -- the others -----------------------------------------------------------------------------------


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _read_excel(package: Package, main: str, found: _Found) -> None:
    relations = package.relations(main)
    strings: list[str] = []
    for kind, target, outside in relations:
        if kind == "sharedStrings" and not outside:
            try:
                root = package.xml(target)
            except BadPart:
                found.problems.append(
                    Problem("parse", "bad-part", "The table of texts is damaged.")
                )
                continue
            strings = [_texts(item) for item in root if _local(item) == "si"]
    sheets = [target for kind, target, outside in relations if kind == "worksheet" and not outside]
    for number, target in enumerate(sheets, 1):
        try:
            found.add(f"page/{number}", _sheet(package.xml(target), strings))
        except BadPart:
            found.problems.append(Problem("parse", "bad-part", f"Sheet {number} is damaged."))
    found.pages = len(sheets)
    found.facts["external"] = _external(relations)


def _sheet(root: Any, strings: list[str]) -> str:
    """The cells of a sheet as they are stored: a line a row, cells by tabs; formulas by their last result."""
    rows: list[str] = []
    for row in root.iter("{*}row"):
        cells = []
        for cell in row:
            value = next((child for child in cell if _local(child) == "v"), None)
            text = (value.text or "") if value is not None else _texts(cell)
            if cell.get("t") == "s" and text.isdecimal() and int(text) < len(strings):
                text = strings[int(text)]
            cells.append(text.replace("\n", " "))
        if line := "\t".join(cells).rstrip():
            rows.append(line)
    return tidy("\n".join(rows))


def _texts(element: Any) -> str:
    return "".join(child.text or "" for child in element.iter("{*}t"))


def _read_powerpoint(package: Package, main: str, found: _Found) -> None:
    relations = package.relations(main)
    slides = [target for kind, target, outside in relations if kind == "slide" and not outside]
    slides.sort(key=lambda name: (len(name), name))
    notes = []
    outside_all = list(relations)
    for number, target in enumerate(slides, 1):
        own = package.relations(target)
        outside_all += own
        try:
            found.add(f"page/{number}", _paragraphs(package.xml(target), "{*}p"))
            for kind, note, outside in own:
                if (
                    kind == "notesSlide"
                    and not outside
                    and (text := _paragraphs(package.xml(note), "{*}p"))
                ):
                    notes.append(f"[{number}] {text}")
        except BadPart:
            found.problems.append(Problem("parse", "bad-part", f"Slide {number} is damaged."))
    found.add("notes", "\n".join(notes))
    found.pages = len(slides)
    found.facts["external"] = _external(outside_all)


def _paragraphs(root: Any, tag: str) -> str:
    return tidy("\n".join(text for element in root.iter(tag) if (text := _texts(element).strip())))


def _read_odf(package: Package, found: _Found) -> None:
    """OpenDocument: paragraphs and headings in order (ISO/IEC 26300)."""
    try:
        found.media_type = package.read("mimetype")[:100].decode("ascii", "replace").strip()
    except BadPart:
        found.media_type = "application/vnd.oasis.opendocument"
    try:
        root = package.xml("content.xml")
    except BadPart:
        encrypted = b"encryption-data" in _manifest(package)
        kind, text = (
            ("encrypted", "The file needs a password.")
            if encrypted
            else ("bad-office-file", "Damaged.")
        )
        found.problems.append(Problem("open", kind, text))
        return
    lines = []
    for element in root.iter("{*}p", "{*}h"):
        if text := "".join(element.itertext()).strip():
            lines.append(text)
    found.add("body", tidy("\n".join(lines)))


def _manifest(package: Package) -> bytes:
    try:
        return package.read("META-INF/manifest.xml")
    except BadPart:
        return b""


# -- properties -----------------------------------------------------------------------------------


def _properties(package: Package, found: _Found) -> None:
    for kind, target, outside in package.relations(""):
        wanted = {"core-properties": _CORE, "extended-properties": _APP}.get(kind)
        if wanted is None or outside:
            continue
        try:
            root = package.xml(target)
        except BadPart:
            continue
        values = {_local(child): tidy((child.text or "").strip())[:500] for child in root}
        name = "properties" if kind == "core-properties" else "application"
        found.facts[name] = {key: values[key] for key in wanted if values.get(key)}


def _when(properties: object) -> When | None:
    if not isinstance(properties, dict):
        return None
    for field_name in ("modified", "created"):
        raw = properties.get(field_name, "")
        try:
            instant = dt.datetime.fromisoformat(raw)
        except ValueError:
            continue
        zone = "explicit" if instant.tzinfo else "assumed:UTC"
        instant = instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
        us = (instant - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
        return When(us, raw, f"properties {field_name}", zone)
    return None

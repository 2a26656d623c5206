"""OpenDocument files: text, presentations, drawings and sheets with notes, comments and tracked deletions."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.office import MOST_LISTED, Found, instant, local, package_of, read_files_inside
from casekit.ingest.ooxml import BadPart, Package
from casekit.ingest.parsed import Books, Context, Parsed, Problem

_TYPE = "application/vnd.oasis.opendocument"
_META = {
    "creator": "lastModifiedBy", "initial-creator": "creator", "date": "modified", "creation-date": "created",
    "title": "title", "subject": "subject", "description": "description", "keyword": "keywords",
    "language": "language", "editing-cycles": "revision", "editing-duration": "editing_time",
    "printed-by": "printed_by", "print-date": "lastPrinted",
}  # fmt: skip
_ASIDE = {
    "annotation": "comments", "tracked-changes": "", "deletion": "deletions", "note-citation": "",
    "notes": "notes", "title": "descriptions", "desc": "descriptions", "script": "", "forms": "",
    "insertion": "", "format-change": "", "settings": "",
}  # fmt: skip
"""Elements whose text stands apart from what is around them; an empty name: it is no text at all."""
_BESIDE = {"header": "headers", "header-left": "headers", "header-first": "headers"} | {
    "footer": "footers", "footer-left": "footers", "footer-first": "footers",
}  # fmt: skip
_SHOWS = ("presentation", "drawing", "spreadsheet")
_IN_CELL = ("table-cell", "covered-table-cell")
_AWAY = ("http:", "https:", "ftp:", "file:", "smb:", "//", "\\\\", "mailto:")


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` with the pictures and files inside it as children.

    Parts: `body`, or `page/n` for each page of a presentation or drawing and each sheet; `footnotes`,
    `endnotes`, `comments`, `notes` (a speaker's), `headers`, `footers`, `descriptions` (of pictures),
    `deletions` (what tracked changes took out, which is not in `body`). Facts: `properties`, `custom`,
    `application`, `tracked`, `comments` (author and date of each), `macros`, `embedded`, `external`
    (what it refers to outside, never followed), `hidden_pages`.

    Source: ISO/IEC 26300-1:2015 (OpenDocument 1.2) and OASIS OpenDocument 1.3.
    """
    found = Found(media_type=_TYPE)
    try:
        package = package_of(untrusted_data, found)
    except zipfile.BadZipFile:
        found.trouble("bad-office-file", "The OpenDocument file is damaged.")
    else:
        _read_package(package, found)
        if not any(problem.kind == "encrypted" for problem in found.problems):
            read_files_inside(package, found, context)
    yield found.document(untrusted_data, context)
    yield Books(len(untrusted_data))


def _read_package(package: Package, found: Found) -> None:
    kind = _raw(package, "mimetype")[:100].decode("ascii", "replace").strip()
    found.media_type = tidy(kind) if kind.startswith("application/") else _TYPE
    folders = ("basic/", "scripts/")
    found.facts["macros"] = any(
        name.startswith(folders) and not name.endswith(("script-lc.xml", "script-lb.xml"))
        for name in package.names
    )
    inside = (n for n in package.names if n.startswith("object ") and n.endswith("/content.xml"))
    found.facts["embedded"] = sorted(inside)[:MOST_LISTED]
    if b"encryption-data" in _raw(package, "META-INF/manifest.xml"):
        found.trouble("encrypted", "The file needs a password.")
        return
    _read_meta(package, found)
    try:
        root = package.xml("content.xml")
    except BadPart:
        found.trouble("bad-office-file", "The document's main part is damaged.")
        return
    words = _Words()
    words.walk(root)
    try:
        words.walk_beside(package.xml("styles.xml"))
        for name in list(found.facts["embedded"])[:50]:  # type: ignore[call-overload]
            words.walk_object(package, name)
    except BadPart:
        if "styles.xml" in package.names:
            found.trouble("bad-part", "The part with headers and footers is damaged.")
    words.give(found)
    if not found.texts and not found.problems:
        found.trouble("no-text", "The document carries no text.")


def _raw(package: Package, name: str) -> bytes:
    try:
        return package.read(name)
    except BadPart:
        return b""


def _read_meta(package: Package, found: Found) -> None:
    try:
        root = package.xml("meta.xml")
    except BadPart:
        return
    values: dict[str, str] = {}
    custom: dict[str, str] = {}
    for element in root.iter():
        text = tidy((element.text or "").strip())[:500]
        if not text:
            continue
        if (name := local(element)) in _META:
            known = values.get(_META[name])
            values[_META[name]] = f"{known}, {text}" if known and name == "keyword" else text
        elif name == "generator":
            found.facts["application"] = {"Application": text}
        elif name == "user-defined" and len(custom) < MOST_LISTED:
            title = next((v for k, v in element.attrib.items() if k.endswith("}name")), "")
            custom[tidy(title)[:200]] = text
    found.facts |= {"properties": values, "custom": custom}
    for name in ("modified", "created"):
        found.when = found.when or instant(values.get(name, ""), f"properties {name}")


class _Words:
    """The text of an OpenDocument file, each kind in a heap of its own."""

    def __init__(self) -> None:
        self.heaps: dict[str, list[str]] = {}
        self.pages = 0
        self.hidden: list[int] = []
        self.external: dict[str, None] = {}
        self.said: list[str] = []
        self.changes: dict[str, int] = {}
        self.authors: dict[str, None] = {}
        self.dates: list[str] = []
        # where text goes, paragraphs around it, the element that said so
        self._stack: list[tuple[str, int, Any]] = [("body", 0, None)]

    def walk(self, root: Any) -> None:
        """All of `content.xml`."""
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._start(element, local(element))
            else:
                self._end(element, local(element))

    def walk_beside(self, root: Any) -> None:
        """The headers and footers of `styles.xml`."""
        for element in root.iter(*(f"{{*}}{name}" for name in _BESIDE)):
            self._stack = [(_BESIDE[local(element)], 0, None)]
            self.walk(element)

        for master in root.iter("{*}master-page"):
            for frame in master.iter("{*}frame", "{*}custom-shape"):
                if not any(key.endswith(("}placeholder", "}class")) for key in frame.attrib):
                    self._stack = [("masters", 0, None)]
                    self.walk(frame)

    def walk_object(self, package: Package, name: str) -> None:
        """The words of a chart, a formula or a table that lies in the document."""
        try:
            root = package.xml(name)
        except BadPart:
            return
        self._stack = [("drawings", 0, None)]
        self.walk(root)

    def give(self, found: Found) -> None:
        """What was gathered becomes parts and facts."""
        for name, heap in self.heaps.items():
            found.add(name, tidy("".join(heap)).strip("\n"))
        found.pages = self.pages or None
        authors = list(self.authors)[:MOST_LISTED]
        tracked: dict[str, object] = dict(self.changes)
        if self.changes:
            dates = sorted(self.dates)
            tracked |= {
                "authors": authors,
                "first": dates[0] if dates else "",
                "last": (dates or [""])[-1],
            }
        found.facts |= {
            "tracked": {name: value for name, value in tracked.items() if value},
            "comments": self.said[:MOST_LISTED],
            "external": list(self.external)[:MOST_LISTED],
            "hidden_pages": self.hidden[:MOST_LISTED],
        }

    def _say(self, text: str | None) -> None:
        name, paragraphs, _ = self._stack[-1]
        if text and name and paragraphs:
            self.heaps.setdefault(name, []).append(text)

    def _break(self, text: str) -> None:
        name = self._stack[-1][0]
        if name:
            self.heaps.setdefault(name, []).append(text)

    def _start(self, element: Any, name: str) -> None:
        self._note(element, name)
        aside = self._aside(element, name)
        if aside is not None:
            self._stack.append((aside, int(aside == "descriptions"), element))
        if name in ("p", "h"):
            heap, paragraphs, around = self._stack[-1]
            self._stack[-1] = (heap, paragraphs + 1, around)
        elif name == "s":
            count = next((v for k, v in element.attrib.items() if k.endswith("}c")), "1")
            self._say(" " * min(1000, int(count) if count.isdecimal() else 1))
        elif name == "tab":
            self._say("\t")
        elif name == "line-break":
            self._say("\n")
        if isinstance(element.tag, str):
            self._say(element.text)

    def _aside(self, element: Any, name: str) -> str | None:
        """Where the text below this element goes; None: where the text around it goes."""
        if name in _ASIDE:
            return _ASIDE[name]
        if name == "note":
            kind = next((v for k, v in element.attrib.items() if k.endswith("}note-class")), "")
            return "endnotes" if kind == "endnote" else "footnotes"
        parent = element.getparent()
        in_show = parent is not None and local(parent) in _SHOWS
        if (
            in_show
            and name in ("page", "table")
            and len(self._stack) == 1
            and self._stack[0][0] == "body"
        ):
            self.pages += 1
            return f"page/{self.pages}"
        return None

    def _end(self, element: Any, name: str) -> None:
        if name in ("p", "h"):
            heap, paragraphs, around = self._stack[-1]
            self._stack[-1] = (heap, max(0, paragraphs - 1), around)
            parent = element.getparent()
            if paragraphs <= 1:
                self._break(" " if parent is not None and local(parent) in _IN_CELL else "\n")
        elif name in _IN_CELL:
            self._break("\t")
        elif name == "table-row" or (
            name in ("title", "desc") and self._stack[-1][0] == "descriptions"
        ):
            self._break("\n")
        if self._stack[-1][2] is element:
            self._stack.pop()
        self._say(element.tail)

    def _note(self, element: Any, name: str) -> None:
        """Facts that elements and their attributes tell."""
        if name in ("insertion", "deletion", "format-change"):
            key = {"insertion": "insertions", "deletion": "deletions"}.get(name, "format_changes")
            self.changes[key] = self.changes.get(key, 0) + 1
            author, date = _who(element)
            if author:
                self.authors[author] = None
            if date:
                self.dates.append(date)
        elif name == "annotation" and (said := " ".join(filter(None, _who(element)))):
            self.said.append(said)
        for key, value in element.attrib.items():
            if key.endswith("}href") and value.lower().startswith(_AWAY):
                self.external[f"{name}: {tidy(value)[:1000]}"] = None
            elif name == "table" and key.endswith("}display") and value == "false":
                self.hidden.append(self.pages + 1)


def _who(element: Any) -> tuple[str, str]:
    """Author and date of an annotation or a change."""
    made = {"creator": "", "date": ""}
    for child in element.iter("{*}creator", "{*}date"):
        made[local(child)] = made[local(child)] or tidy(child.text or "").strip()[:200]
    return made["creator"], made["date"]

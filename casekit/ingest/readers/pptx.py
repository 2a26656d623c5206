"""PowerPoint files: a page a slide, with notes, comments, diagrams, charts and hidden slides told."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

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
from casekit.ingest.ooxml import FALLBACK, BadPart, Package
from casekit.ingest.parsed import Books, Context, Parsed, Problem

_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_DRAWN = {"diagramData": ("t",), "chart": ("t", "v")}
_COMMENTS = ("comments", "comment")
_AUTHORS = ("commentAuthors", "authors")
_MASTERS = ("slideMaster", "notesMaster", "handoutMaster")


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` with the files and pictures inside it as children.

    Parts: `page/n` a slide in the order of the show (hidden ones too), `notes` and `comments` with the
    number of their slide, `masters` (what stands on the masters and layouts beside prompts). Facts besides
    those of `office.read_package_facts`: `hidden_slides` by number, `comments` (author and date of each).

    Source: ECMA-376 part 1, 13 and 19.
    """
    found = Found(media_type=_TYPE)
    try:
        package = package_of(untrusted_data, found)
    except zipfile.BadZipFile:
        found.trouble("bad-office-file", "The office file is damaged.")
    else:
        read_package_facts(package, found)
        main = next(
            (t for kind, t, away in package.relations("") if kind == "officeDocument" and not away),
            "",
        )
        _read_slides(package, main or "ppt/presentation.xml", found)
        read_files_inside(package, found, context)
    yield found.document(untrusted_data, context)
    yield Books(len(untrusted_data))


def _read_slides(package: Package, main: str, found: Found) -> None:
    relations = package.relations(main)
    slides = _in_order(
        package, main, [t for kind, t, away in relations if kind == "slide" and not away]
    )
    authors = _authors(package, relations)
    notes: list[str] = []
    comments: list[str] = []
    hidden: list[int] = []
    said: list[str] = []
    for number, target in enumerate(slides, 1):
        try:
            root = package.xml(target)
        except BadPart:
            found.trouble("bad-part", f"Slide {number} is damaged.", target)
            continue
        if root.get("show") in ("0", "false"):
            hidden.append(number)
        lines = [paragraphs(root)]
        for kind, beside, away in package.relations(target):
            wanted = kind in _DRAWN or kind in _COMMENTS or kind == "notesSlide"
            part = None if away or not wanted else _part(package, beside, found)
            if part is None:
                continue
            if kind in _DRAWN:
                lines.append(_texts(part, _DRAWN[kind]))
            elif kind == "notesSlide":
                notes += [f"[{number}] {text}"] if (text := paragraphs(part)) else []
            else:
                _read_comments(part, number, authors, comments, said)
        found.add(f"page/{number}", "\n".join(filter(None, lines)))
    found.add("notes", "\n".join(notes))
    found.add("comments", "\n".join(comments))
    found.add("masters", _masters(package, relations))
    found.pages = len(slides)
    found.facts |= {"hidden_slides": hidden[:MOST_LISTED], "comments": said[:MOST_LISTED]}
    if not found.texts and not found.problems:
        found.trouble("no-text", "The presentation carries no text.")


def _in_order(package: Package, main: str, targets: list[str]) -> list[str]:
    """Slides in the order of the show; by the numbers in their names where it is not said."""
    fallback = sorted(targets, key=lambda name: (len(name), name))
    try:
        shown = [
            identity
            for element in package.xml(main).iter("{*}sldId")
            for name, identity in element.attrib.items()
            if name.startswith("{") and name.endswith("}id")
        ]
    except BadPart:
        return fallback
    ids = package.relation_ids(main)
    ordered = [target for identity in shown if (target := ids.get(identity)) in targets]
    return list(dict.fromkeys(ordered + fallback))


def _part(package: Package, target: str, found: Found) -> Any:
    try:
        return package.xml(target)
    except BadPart:
        found.trouble("bad-part", "A part beside a slide is damaged.", target)
        return None


def paragraphs(root: Any) -> str:
    """The paragraphs of a drawing, a line each; a break inside one is a line too, cells of tables by tabs."""
    lines: list[str] = []
    line: list[str] = []
    walk = etree.iterwalk(
        root, events=("start", "end"), tag=("{*}p", "{*}t", "{*}br", "{*}tab", "{*}tr", FALLBACK)
    )
    row = 0
    for event, element in walk:
        name = local(element)
        if event == "start":
            if element.tag == FALLBACK:
                walk.skip_subtree()
            elif name == "t":
                line.append(element.text or "")
            elif name == "br":
                line.append("\n")
            elif name == "tr":
                row = len(lines)
        elif name == "p":
            lines.append("".join(line))
            line = []
        elif name == "tr":
            lines[row:] = ["\t".join(lines[row:])]
    lines.append("".join(line))
    return tidy("\n".join(each.strip(" \n") for each in lines if each.strip()))


def _texts(root: Any, names: tuple[str, ...]) -> str:
    texts = (element.text or "" for element in root.iter(*(f"{{*}}{name}" for name in names)))
    return tidy("\n".join(text for text in texts if text.strip()))


def _authors(package: Package, relations: list[tuple[str, str, bool]]) -> dict[str, str]:
    made: dict[str, str] = {}
    for kind, target, away in relations:
        if away or kind not in _AUTHORS:
            continue
        try:
            for element in package.xml(target):
                made[element.get("id") or ""] = tidy(element.get("name") or "")[:200]
        except BadPart:
            continue
    return made


def _read_comments(
    root: Any, number: int, authors: dict[str, str], comments: list[str], said: list[str]
) -> None:
    for element in root.iter("{*}cm"):
        author = authors.get(element.get("authorId") or "", "")
        date = tidy(element.get("dt") or element.get("created") or "")[:40]
        text = _texts(element, ("text",)) or paragraphs(element)
        if text:
            comments.append(f"[{number}] {text}")
            said.append(f"[{number}] {author} {date}".strip())


def _masters(package: Package, relations: list[tuple[str, str, bool]]) -> str:
    """Words on masters and layouts that are shown on every slide: those outside placeholders."""
    lines: dict[str, None] = {}
    masters = [target for kind, target, away in relations if kind in _MASTERS and not away]
    layouts = [
        target for master in masters for kind, target, away in package.relations(master)
        if kind == "slideLayout" and not away
    ]  # fmt: skip
    for target in dict.fromkeys(masters + layouts):
        try:
            root = package.xml(target)
        except BadPart:
            continue
        for shape in root.iter("{*}sp"):
            if next(shape.iter("{*}ph"), None) is None and (text := paragraphs(shape)):
                lines[text] = None
    return "\n".join(lines)

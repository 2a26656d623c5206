"""Electronic books: the text of each chapter in reading order; scripts and fonts stay where they are."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from casekit.ingest.charsets import decode_text, tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_PAGES, MAX_TEXT
from casekit.ingest.mail.markup import html_text
from casekit.ingest.office import Found, instant, local, package_of
from casekit.ingest.ooxml import BadPart, Package
from casekit.ingest.parsed import Books, Context, Parsed, Problem

_DC = (
    "title", "creator", "contributor", "publisher", "date", "language", "identifier", "subject", "rights",
    "description", "source",
)  # fmt: skip


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document`: `page/n` for each document of the spine.

    Facts: `properties` (Dublin Core), `version`, `scripts` (whether it holds any).

    Source: EPUB 3.3 (W3C), OPF 2.0.1.
    """
    found = Found(media_type="application/epub+zip")
    try:
        package = package_of(untrusted_data, found)
        _read_book(package, found)
    except (zipfile.BadZipFile, BadPart):
        found.trouble("bad-office-file", "The book is damaged.")
    yield found.document(untrusted_data, context)
    yield Books(len(untrusted_data))


def _read_book(package: Package, found: Found) -> None:
    if "meta-inf/encryption.xml" in package.names and "meta-inf/rights.xml" in package.names:
        found.trouble("encrypted", "The book is under rights management.")
        return
    container = package.xml("META-INF/container.xml")
    place = next((each.get("full-path") or "" for each in container.iter("{*}rootfile")), "")
    root = package.xml(place)
    values: dict[str, str] = {}
    for element in root.iter(*(f"{{*}}{name}" for name in _DC)):
        text, name = tidy("".join(element.itertext()).strip())[:500], local(element)
        if text:
            values[name] = f"{values[name]}; {text}" if name in values else text
    scripts = any(name.endswith(".js") for name in package.names)
    found.facts |= {"properties": values, "version": root.get("version") or "", "scripts": scripts}
    found.when = instant(values.get("date", ""), "properties date")
    folder = posixpath.dirname(place)
    items = {each.get("id"): each.get("href") or "" for each in root.iter("{*}item")}
    spine = [items.get(each.get("idref"), "") for each in root.iter("{*}itemref")]
    found.pages = len(spine)
    held = 0
    for number, link in enumerate(spine[:MAX_PAGES], 1):
        name = posixpath.normpath(posixpath.join("/", folder, unquote(link))).lstrip("/")
        try:
            text = html_text(decode_text(package.read(name)).text)
        except BadPart:
            found.trouble("bad-part", f"Chapter {number} is missing or damaged.", name)
            continue
        held += len(text)
        if held > MAX_TEXT:
            found.problems.append(
                Problem("limits", "text-cut", f"Chapters from {number} on are not read.")
            )
            break
        found.add(f"page/{number}", tidy(text))
    if not found.texts and not found.problems:
        found.trouble("no-text", "The book carries no text.")

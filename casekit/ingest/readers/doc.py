"""Word files from before 2007: text, notes, comments, headers and tracked deletions, each apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casekit.ingest.charsets import tidy
from casekit.ingest.containers import Data
from casekit.ingest.msdoc import BadDoc, doc_text
from casekit.ingest.office import MOST_LISTED, Found
from casekit.ingest.ole_objects import read_objects
from casekit.ingest.olefiles import OleFile, open_ole, read_ole_facts
from casekit.ingest.parsed import Books, Context, Parsed, Problem

_PARTS = {
    "body": "body", "headers": "headers", "footnotes": "footnotes", "endnotes": "endnotes",
    "comments": "comments", "boxes": "boxes", "header_boxes": "boxes",
}  # fmt: skip
_REACHING = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON)\b", re.I
)
_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]{1,1000})"', re.I)
_TROUBLE = {
    "no-word": (
        "bad-office-file",
        "The file says it is a Word document, and is none that is known.",
    ),
    "encrypted": ("encrypted", "The document needs a password."),
    "damaged": ("bad-office-file", "The document's main part is damaged."),
}


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` with the files that were put into it as children.

    Parts: `body`, `headers` (footers too: the file keeps both in one row), `footnotes`, `endnotes`,
    `comments`, `boxes` (text boxes), `deletions` (what tracked changes took out, which is not in `body`).
    Facts: those of `olefiles.read_ole_facts`, `tracked` (insertions, deletions, authors), `fields` (codes
    that reach for other files or programs), `external` (addresses of links).
    """
    found = Found(media_type="application/msword")
    with open_ole(untrusted_data) as ole:
        if ole is None:
            found.trouble("bad-office-file", "The file's directory is damaged.")
        else:
            read_ole_facts(ole, found)
            _read_word(ole, found)
            read_objects(ole, found, context)
    yield found.document(untrusted_data, context)
    yield Books(len(untrusted_data))


def _read_word(ole: OleFile, found: Found) -> None:
    try:
        text = doc_text(ole.stream("WordDocument"), (ole.stream("0Table"), ole.stream("1Table")))
    except BadDoc as bad:
        found.trouble(*_TROUBLE[bad.kind])
        return
    parts: dict[str, list[str]] = {}
    for section, part in _PARTS.items():
        if (words := tidy(text.sections.get(section, "")).strip("\n")).strip():
            parts.setdefault(part, []).append(words)
    for part, pieces in parts.items():
        found.add(part, "\n".join(pieces))
    found.add("deletions", tidy(text.deletions).strip("\n"))
    tracked = {
        "insertions": text.inserted,
        "deletions": text.removed,
        "authors": text.authors[:MOST_LISTED],
    }
    codes = [tidy(code)[:500] for code in text.commands]
    links = (match.group(1) for code in codes if (match := _LINK.match(code)))
    found.facts |= {
        "tracked": {name: value for name, value in tracked.items() if value},
        "fields": list(dict.fromkeys(code for code in codes if _REACHING.match(code)))[
            :MOST_LISTED
        ],
        "external": [f"hyperlink: {link}" for link in dict.fromkeys(links)][:MOST_LISTED],
        "format_version": text.version,
    }
    if text.damaged:
        found.trouble(
            "bad-part", "A part of the text lies outside the file; what is there is read."
        )
    if not found.texts and not found.problems:
        found.trouble("no-text", "The document carries no text.")

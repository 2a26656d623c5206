"""Tests for the load files of a production: Concordance DAT and Opticon OPT."""

from __future__ import annotations

from casekit.ingest.load_rows import shape_of
from casekit.ingest.pictures_listed import is_line
from casekit.ingest.sniff_text import Head, Told

_LINES = 20


def as_load_file(head: Head) -> Told | None:
    """A Concordance load file: its first row names fields between þ."""
    shape = shape_of(head.raw)
    if shape is None:
        return None
    return "load-file", 0.95, f"a first row of {len(shape.fields)} field names between þ"


def as_opticon(head: Head) -> Told | None:
    """An Opticon file: seven fields a line, the third a picture, the first line a document's first page."""
    lines = [
        line.decode("utf-8", "replace").split(",") for line in head.lines[:_LINES] if line.strip()
    ]
    if not lines or not all(map(is_line, lines)) or not lines[0][3].strip():
        return None
    return "opticon", 0.95, f"{len(lines)} lines that list pictures of pages"

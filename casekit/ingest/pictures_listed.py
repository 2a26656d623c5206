"""The lines of an Opticon file (OPT): which page pictures make which document."""

from __future__ import annotations

import re
from typing import NamedTuple

from casekit.ingest.charsets import decode_text
from casekit.ingest.parsed import Problem

_MOST_PROBLEMS = 100
_PICTURE = re.compile(r"\.(?:tiff?|jpe?g|pdf|png)$", re.IGNORECASE)


class Picture(NamedTuple):
    """A page: its number, the path of its picture as the list tells it, the list's line from 1."""

    key: str
    path: str
    line: int


def is_line(fields: list[str]) -> bool:
    """Whether comma-separated fields are a line of such a file."""
    return (
        len(fields) == 7
        and bool(fields[0].strip())
        and bool(_PICTURE.search(fields[2].strip()))
        and fields[3].strip().upper() in {"", "Y"}
        and (fields[6].strip() or "0").isdecimal()
    )


def pictures(untrusted_data: bytes) -> tuple[dict[str, list[Picture]], list[Problem]]:
    """The pages of each document by its first number, and what is wrong with lines of the list.

    Source: image key, volume, path, `Y` on a document's first page, folder break, box break, page count.
    """
    found: dict[str, list[Picture]] = {}
    counts: dict[str, tuple[int, int]] = {}
    problems: list[Problem] = []
    current = ""
    for no, line in enumerate(decode_text(untrusted_data).text.splitlines(), 1):
        fields = line.split(",")
        if not line.strip():
            continue
        if not is_line(fields) or not (current or fields[3].strip()):
            problems.append(
                Problem("parse", "bad-line", "The line names no page of a document.", line=no)
            )
            continue
        key = fields[0].strip()
        if fields[3].strip():
            current = key
            if key in found:
                text = "The list names this first page before."
                problems.append(Problem("parse", "duplicate-page", text, line=no))
            if fields[6].strip():
                counts[key] = (int(fields[6][:9]), no)
        found.setdefault(current, []).append(Picture(key, fields[2].strip(), no))
    for key, (count, no) in counts.items():
        if count != len(found[key]):
            text = f"The list says {count} pages of this document and names {len(found[key])}."
            problems.append(Problem("parse", "page-count-differs", text, line=no))
    return found, problems[:_MOST_PROBLEMS]

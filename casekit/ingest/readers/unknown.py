"""Keeps what no reader reads: the bytes stay an item of the case, named and hashed, without a text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.kept_kinds import kind_of
from casekit.ingest.parsed import Books, Context, Parsed, Problem


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `file` item for the whole file, with a problem that says what it is and why it has no text."""
    size = len(untrusted_data)
    what = kind_of(untrusted_data)
    if what:
        said = f"This is {what}: CaseKit keeps the file but cannot read it."
        problem = Problem("sniff", "unknown-format", said)
    elif size:
        problem = Problem("sniff", "unknown-format", "CaseKit keeps this file but cannot read it.")
    else:
        problem = Problem("sniff", "empty", "The file is empty.")
    yield Parsed(
        "file",
        "other",
        context.name or "file",
        (),
        hashlib.sha256(untrusted_data).digest(),
        size,
        name=context.name,
        problems=(problem,),
    )
    yield Books(size)

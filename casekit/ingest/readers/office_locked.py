"""Office files that are encrypted or under rights management: kept, with what they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.parsed import Books, Context, Parsed, Problem


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` without text, with the problem `encrypted` (MS-OFFCRYPTO 2.2 and 2.3)."""
    rights = untrusted_data.find("DRMContent".encode("utf-16-le")) >= 0
    text = (
        "The office file is under rights management; ask who made it for a free copy."
        if rights
        else "The office file needs a password."
    )
    yield Parsed(
        "document",
        "documents",
        context.name or "document",
        (),
        hashlib.sha256(untrusted_data).digest(),
        len(untrusted_data),
        name=context.name,
        media_type="application/x-ole-storage",
        problems=(Problem("open", "encrypted", text),),
    )
    yield Books(len(untrusted_data))

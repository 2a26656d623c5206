"""Plain text: one document, its charset found and recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from casekit.ingest.charsets import decode_text, facts_text
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.parsed import Books, Context, Parsed, Problem


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` with its text in `body`; facts: `charset`, `charset_by`, `lines`."""
    size = len(untrusted_data)
    decoded = decode_text(untrusted_data[:MAX_TEXT])
    problems = []
    if size > MAX_TEXT:
        text = f"Only the first {MAX_TEXT:,} bytes of the text are read; the file is kept whole."
        problems.append(Problem("limits", "text-cut", text))
    if decoded.replaced:
        text = (
            f"{decoded.replaced:,} places are no valid {decoded.charset} and are shown as a mark."
        )
        problems.append(Problem("parse", "bad-characters", text))
    facts: dict[str, object] = {
        "charset": decoded.charset,
        "charset_by": decoded.how,
        "lines": decoded.text.count("\n") + (not decoded.text.endswith("\n")),
    }
    first = decoded.text.lstrip()[:200].split("\n", 1)[0].strip()
    yield Parsed(
        "document",
        "documents",
        context.name or first,
        (),
        hashlib.sha256(untrusted_data).digest(),
        size,
        name=context.name,
        media_type="text/plain",
        texts=(("body", decoded.text),),
        facts=facts_text(facts),
        problems=tuple(problems),
    )
    yield Books(size)

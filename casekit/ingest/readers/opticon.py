"""The list of page pictures of a production (Opticon, OPT), kept as text; `load_set` reads what it lists."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.charsets import decode_text, facts_text
from casekit.ingest.containers import Data
from casekit.ingest.parsed import Books, Context, Parsed, Problem, sha256
from casekit.ingest.pictures_listed import pictures

_TITLE = 200


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document` with the list as its text and how many documents and pages it lists."""
    data = bytes(untrusted_data)
    listed, problems = pictures(data)
    facts: dict[str, object] = {"documents": len(listed), "pages": sum(map(len, listed.values()))}
    yield Parsed(
        "document",
        "documents",
        context.name[:_TITLE] or "Opticon load file",
        (),
        sha256(data),
        len(data),
        name=context.name,
        media_type="text/plain",
        texts=(("body", decode_text(data).text),),
        facts=facts_text(facts),
        problems=tuple(problems),
    )
    yield Books(len(data))

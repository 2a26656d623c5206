"""Reads a web server's access log: one request a line, with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.dialects.access_lines import access_line
from casekit.ingest.dialects.draft import item_of
from casekit.ingest.framing import Fault, Ledger, lines
from casekit.ingest.parsed import Books, Context, Parsed, Problem


def read(
    untrusted_data: Data,
    context: Context,  # noqa: ARG001 - a log line needs nothing from the user
) -> Iterator[Parsed | Problem | Books]:
    """One `request` item for each line; a line of another form is quarantined with its place.

    Source: as `dialects.access_lines` names for each form.
    """
    ledger = Ledger()
    for frame in lines(untrusted_data, ledger):
        found = frame if isinstance(frame, Fault) else _request(*frame)
        if isinstance(found, Fault):
            yield ledger.set_aside(found)
        else:
            ledger.good += found.size
            yield found
    yield ledger.books()


def _request(raw: bytes, offset: int, number: int) -> Parsed | Fault:
    try:
        text = raw.decode()
        found = access_line(raw)
    except UnicodeDecodeError:
        said = "The line is not valid UTF-8."
        return Fault("bad-utf8", said, offset, len(raw), number)
    if found is None:
        said = "The line has not the form of the log's other lines."
        return Fault("bad-line", said, offset, len(raw), number)
    return item_of(
        raw,
        offset,
        number,
        kind="request",
        collection="api-log",
        title=found.title,
        texts=(("body", text),),
        when=found.when,
        exchange=found.exchange,
        media_type="text/plain",
    )

"""Reads logs in the W3C's extended format (IIS, CloudFront): one request a line, by the names of its fields."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.dialects.access_lines import LONGEST
from casekit.ingest.dialects.draft import item_of
from casekit.ingest.dialects.w3c_lines import Directives, w3c_line
from casekit.ingest.framing import Fault, Ledger, lines
from casekit.ingest.parsed import Books, Context, Parsed, Problem


def read(
    untrusted_data: Data,
    context: Context,  # noqa: ARG001 - a log line needs nothing from the user
) -> Iterator[Parsed | Problem | Books]:
    """One `request` item for each line; lines that begin with `#` are separators.

    Each `#Fields` holds for the lines below it, and a change of names is told. A line with another number of
    fields is quarantined with its place.

    Source: W3C WD-logfile-960323.
    """
    ledger = Ledger()
    told = Directives()
    for frame in lines(untrusted_data, ledger):
        if not isinstance(frame, Fault) and frame[0][:1] == b"#":
            ledger.separators += len(frame[0])
            last, told = told, told.after(frame[0][:LONGEST].decode("utf-8", "replace"))
            if last.names and last.names != told.names:
                said = "The names of the fields change here; the lines below were read by the new ones."
                yield Problem("parse", "fields-changed", said, line=frame[2], length=0)
            continue
        found = frame if isinstance(frame, Fault) else _request(*frame, told)
        if isinstance(found, Fault):
            yield ledger.set_aside(found)
        else:
            ledger.good += found.size
            yield found
    yield ledger.books()


def _request(raw: bytes, offset: int, number: int, told: Directives) -> Parsed | Fault:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        said = "The line is not valid UTF-8."
        return Fault("bad-utf8", said, offset, len(raw), number)
    if len(raw) > LONGEST:
        return Fault("too-long", "The record is too long to be read.", offset, len(raw), number)
    if not told.of_requests:
        said = "No line above names the fields of a request."
        return Fault("bad-line", said, offset, len(raw), number)
    found = w3c_line(text, told)
    if isinstance(found, int):
        said = f"The record has {found} fields where the header has {len(told.names)}."
        return Fault("field-count", said, offset, len(raw), number)
    return item_of(
        raw, offset, number, kind="request", collection="api-log", title=found.title,
        texts=(("body", text),), when=found.when, exchange=found.exchange, media_type="text/plain",
    )  # fmt: skip

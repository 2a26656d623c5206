"""Reads a saved event stream: one model's answer as its pieces came, put together into one exchange."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.dialects.bodies import is_response, read_response
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.sse import read_stream, tell_stream
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.records import document

MEDIA_TYPE = "text/event-stream"


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `exchange` with the answer and without its question; a stream of no model is a document.

    Source: WHATWG HTML, 9.2.
    """
    raw = untrusted_data[:]
    stream = read_stream(raw[:MAX_TEXT].decode("utf-8", "replace"))
    draft = Draft(raw, context)
    if stream is None or not is_response(stream.body):
        yield from document(untrusted_data, context, MEDIA_TYPE, ())
        return
    read_response(stream.body, draft)
    tell_stream(stream, draft)
    if len(raw) > MAX_TEXT:
        text = f"Only the first {MAX_TEXT:,} bytes of the stream were put together."
        draft.problems += (Problem("limits", "text-cut", text),)
    yield finish(draft, 0, 1, "", MEDIA_TYPE)
    yield Books(len(raw))

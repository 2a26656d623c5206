"""Reads what a model server prints: a request, an answer or another event a line, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.server_lines import server_line
from casekit.ingest.framing import Fault, Ledger, lines
from casekit.ingest.parsed import Books, Context, Parsed, Problem


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One item for each line of vLLM's, uvicorn's, Ollama's, TGI's or llama.cpp's log; others are quarantined.

    Source: vllm-project/vllm `entrypoints/logger.py`; uvicorn `logging.py`; `dialects.engine_lines`.
    """
    ledger = Ledger()
    told = False
    for frame in lines(untrusted_data, ledger):
        if isinstance(frame, Fault):
            yield ledger.set_aside(frame)
            continue
        raw, offset, number = frame
        draft = Draft(raw, context)
        try:
            known = server_line(raw, draft)
            fault = Fault("bad-line", "The line is none of the server's.", offset, len(raw), number)
        except UnicodeDecodeError:
            known = False
            fault = Fault("bad-utf8", "The line is not valid UTF-8.", offset, len(raw), number)
        if not known:
            yield ledger.set_aside(fault)
            continue
        ledger.good += len(raw)
        if not told and "time" in draft.extra:
            told = True
            said = "The log's times have neither year nor zone; they are shown as printed and not sorted by."
            yield Problem("parse", "time-without-year", said, line=number, length=0)
        yield finish(draft, offset, number, "", "text/plain")
    yield ledger.books()

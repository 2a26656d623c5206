"""Import and full text at once: what has come in can be searched by word while the rest is still coming."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from casekit.ingest.provenance import Provenance
from casekit.ingest.report import IngestReport
from casekit.ingest.run import ingest
from casekit.progress import Progress, Silent
from casekit.search import index_pending
from casekit.store.case import Case

ROUND_SECONDS = 0.25


def take_in(
    case: Case,
    sources: Sequence[Path],
    progress: Progress | None = None,
    *,
    provenance: Provenance | None = None,
) -> IngestReport:
    """Import files and index their words beside it; arguments and result are those of `ingest`.

    The index follows in a thread of its own, because most of its work is done inside SQLite. It can be
    thrown away, so trouble with it never touches the import: the next indexing makes it whole.
    """
    finished = threading.Event()
    trouble: list[Exception] = []

    def follow() -> None:
        try:
            while not finished.wait(ROUND_SECONDS):
                index_pending(case, Silent(), vectors=False)
            index_pending(case, Silent(), vectors=False)
        except Exception as error:  # noqa: BLE001 - handed to the caller below
            trouble.append(error)

    thread = threading.Thread(target=follow, name="casekit-words", daemon=True)
    thread.start()
    try:
        report = ingest(case, sources, progress, provenance=provenance)
    finally:
        finished.set()
        thread.join()
    if trouble:
        raise trouble[0]
    return report

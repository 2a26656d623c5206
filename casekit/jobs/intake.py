"""Import and full text at once: what has come in can be searched by word while the rest is still coming."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from casekit.ingest.provenance import Provenance
from casekit.ingest.report import IngestReport
from casekit.ingest.run import ingest
from casekit.jobs.follow import Follower
from casekit.progress import Progress, Silent
from casekit.search import index_pending
from casekit.store.case import Case

QUICK_SECONDS = 0.5
"""An import that takes no longer needs no second process for its words."""


def take_in(
    case: Case,
    sources: Sequence[Path],
    progress: Progress | None = None,
    *,
    provenance: Provenance | None = None,
) -> IngestReport:
    """Import files and index their words beside it; arguments and result are those of `ingest`.

    The index can be thrown away, so trouble with it never touches the import; what the follower
    leaves undone is done here at the end, where trouble shows.
    """
    follower = Follower(case)
    late = threading.Timer(QUICK_SECONDS, follower.start)
    late.daemon = True
    late.start()
    try:
        report = ingest(case, sources, progress, provenance=provenance)
    finally:
        late.cancel()
        late.join()
        follower.finish()
    index_pending(case, Silent(), vectors=False)
    return report

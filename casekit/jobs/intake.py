"""Import and full text at once: what has come in can be searched by word while the rest is still coming."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from casekit.ingest.provenance import Provenance
from casekit.ingest.report import IngestReport
from casekit.ingest.run import ingest
from casekit.progress import Progress, Silent
from casekit.search import index_pending
from casekit.store.case import Case

QUICK_SECONDS = 0.5
"""An import that takes no longer needs no second process for its words."""

ROUND_SECONDS = 0.25
_FINISH = b"\n"


def take_in(
    case: Case,
    sources: Sequence[Path],
    progress: Progress | None = None,
    *,
    provenance: Provenance | None = None,
) -> IngestReport:
    """Import files and index their words beside it; arguments and result are those of `ingest`.

    The index follows in a process of its own (`follow`): two threads of one interpreter would only
    take it from each other. The index can be thrown away, so trouble with it never touches the
    import; what the process leaves undone is done here at the end, where trouble shows.
    """
    follower = _Follower(case)
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


def follow(case: Case, orders: IO[bytes]) -> None:
    """Index words again and again until told to finish, then once more; without an order, end at once.

    Args:
        case: The case that another process imports into.
        orders: Closed when that process is gone; a line feed in it says that the import has ended.
    """
    told: list[bytes] = []
    ended = threading.Event()

    def listen() -> None:
        told.append(orders.read(1))
        ended.set()

    threading.Thread(target=listen, name="casekit-orders", daemon=True).start()
    while not ended.wait(ROUND_SECONDS):
        index_pending(case, Silent(), vectors=False)
    if told == [_FINISH]:
        index_pending(case, Silent(), vectors=False)


class _Follower:
    """The process that indexes words beside an import."""

    def __init__(self, case: Case) -> None:
        self._folder = case.folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; where that is impossible, the index waits for the end of the import."""
        program = [] if getattr(sys, "frozen", False) else ["-m", "casekit"]
        places = os.pathsep.join(place for place in sys.path if Path(place).is_absolute())
        try:
            self._process = subprocess.Popen(
                [sys.executable, *program, "index", str(self._folder), "--words-only", "--follow"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": places},
                start_new_session=True,  # a Ctrl-C is for the import
            )
        except OSError:
            self._process = None

    def finish(self) -> None:
        """Let it index what is left and wait for it."""
        if self._process is not None:
            self._process.communicate(_FINISH)

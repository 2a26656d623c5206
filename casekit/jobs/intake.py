"""Import, words and tables at once: what has come in can be searched while the rest is still coming."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from casekit.errors import Cancelled
from casekit.ingest.provenance import Provenance
from casekit.ingest.report import IngestReport
from casekit.ingest.run import ingest, read_again
from casekit.jobs.follow import Follower
from casekit.progress import Progress, Silent
from casekit.queries.problems import ProblemFilter, unread
from casekit.search import index_pending
from casekit.store.case import Case

LARGE_BYTES = 64 * 1024 * 1024
"""A smaller import is done before a second process for its words would be of use."""
NEARLY = 0.9
"""Share of the bytes from which on the import is nearly over."""


def take_in(
    case: Case,
    sources: Sequence[Path],
    progress: Progress | None = None,
    *,
    provenance: Provenance | None = None,
) -> IngestReport:
    """Import files and index their words beside it; arguments and result are those of `ingest`.

    The index can be thrown away, so trouble with it never touches the import; the words that the
    follower leaves are done here at the end, where trouble shows, while it makes the last tables. A stop
    leaves words for another time, and one that comes after the last file leaves the import whole.
    """
    told = progress or Silent()
    follower = Follower(case)
    try:
        watched = _Watched(told, follower)
        report = ingest(case, sources, watched, provenance=provenance, tables_from=LARGE_BYTES)
        if not report.cancelled:
            with suppress(Cancelled):
                follower.finish()
                index_pending(case, told, vectors=False)
                follower.wait(told)
    finally:
        follower.leave()
    return report


def take_in_again(
    case: Case, wanted: ProblemFilter | None = None, progress: Progress | None = None
) -> IngestReport:
    """Read again, from the vault, what `queries.problems.unread` finds for these problems, and index it."""
    told = progress or Silent()
    with case.read(whole=True) as s:
        originals = unread(s, wanted)
    report = read_again(case, originals, told)
    if not report.cancelled and report.items:
        with suppress(Cancelled):
            index_pending(case, told, vectors=False)
    return report


class _Watched:
    """The import's progress; starts the follower once it tells of a large import, and hurries it at the end."""

    def __init__(self, below: Progress, follower: Follower) -> None:
        self._below = below
        self._due = [
            (0.0, follower.start),
            (NEARLY, follower.hurry),
        ]  # from which share on what is done

    def step(self, done: int, total: int | None, text: str) -> None:
        """Pass on."""
        if total is not None and total >= LARGE_BYTES:
            while self._due and done >= self._due[0][0] * total:
                self._due.pop(0)[1]()
        self._below.step(done, total, text)

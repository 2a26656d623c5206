"""What is done before it is asked for: the first rows are read while the panes are made, the rest is loaded."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from casekit.errors import CaseKitError
from casekit.ui import searching

if TYPE_CHECKING:
    from casekit.ui.jobs import Jobs
    from casekit.ui.searching import Outcome
    from casekit.ui.shell import Shell

    Taker = Callable[[int, Outcome | CaseKitError], None]

_PAGES = ("overview", "timeline", "people", "facts_page", "findings_page", "review_page", "clusters_page",
          "collect_page")  # fmt: skip


class Ahead:
    """Begins to read everything, newest first, at once; whoever shows it gets it when both are ready."""

    def __init__(self, shell: Shell) -> None:
        self._found: tuple[int, Outcome | CaseKitError] | None = None
        self._taker: Taker | None = None
        case = shell.case

        def work(_progress: object) -> tuple[int, Outcome]:
            head = case.head()  # before the list: what comes while it is read is news
            return head, searching.run(case, searching.Wanted(), first=True)

        self._job = shell.jobs.start(
            "list", work, self._read, lambda error: self._read((0, error)), lane="quick"
        )

    def hand_over(self, taker: Taker) -> None:
        """Give the number of the last custody entry and the list, or the refusal: now, or once it is read."""
        self._taker = taker
        if self._found is not None:
            taker(*self._found)

    def give_up(self) -> None:
        """Nobody is to be told of it any more."""
        self._taker = None
        self._job.cancel()

    def _read(self, found: tuple[int, Outcome | CaseKitError]) -> None:
        self._found = found
        if self._taker is not None:
            self._taker(*found)


def load_more(jobs: Jobs, then: Callable[[], None]) -> None:
    """Load what other pages, a search and a dossier wait for when they come first, now the case can be seen.

    Args:
        jobs: Where it is done.
        then: Called on the window's thread when all is loaded.
    """

    def work(_progress: object) -> None:
        for name in _PAGES:
            import_module(f"casekit.ui.{name}")
        from casekit.jobs.preview import warm_up
        from casekit.search import highlight, query, search  # noqa: F401
        from casekit.ui import time_chart  # noqa: F401

        warm_up()

    jobs.start("warm", work, lambda _nothing: then(), lane="preview")

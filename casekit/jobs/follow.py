"""A second process that indexes words while the first one imports: two threads would share one interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from casekit.jobs import FOLLOW
from casekit.progress import Silent
from casekit.search import filling
from casekit.store.case import Case, open_case

ROUND_SECONDS = 0.25
_FINISH = b"\n"


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
        filling.index_pending(case, Silent())
    if told == [_FINISH]:
        filling.index_pending(case, Silent())


def main(arguments: list[str]) -> None:
    """Be the follower; its only argument is the case's folder."""
    with open_case(Path(arguments[0])) as case:
        follow(case, sys.stdin.buffer)


class Follower:
    """The follower as the importing process sees it."""

    def __init__(self, case: Case) -> None:
        self._folder = case.folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; where that is impossible, the index waits for the end of the import."""
        program = [] if getattr(sys, "frozen", False) else ["-m", "casekit"]
        places = os.pathsep.join(place for place in sys.path if Path(place).is_absolute())
        try:
            self._process = subprocess.Popen(
                [sys.executable, *program, FOLLOW, str(self._folder)],
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

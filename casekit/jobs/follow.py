"""A second process that indexes words and makes tables for analytics while the first one imports.

Two threads would share one interpreter.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from casekit.confine.worker import module_places
from casekit.errors import Cancelled
from casekit.jobs import FOLLOW
from casekit.progress import Progress
from casekit.search import filling
from casekit.store import sidecar
from casekit.store.bulk import rare_collections
from casekit.store.case import Case, open_case

ROUND_SECONDS = 0.25
LATEST_SECONDS = 4.0
"""After so long a few items are indexed too: each batch ends a run of the index, and runs must be merged."""
SOON_ITEMS = 10_000
"""So few are indexed at once when the import is nearly over: what is left then keeps one process busy alone."""
LATER = 2
"""How much the follower gives way to the import and to the window (nice(2)): what it makes can wait."""
_FINISH = b"\n"
_NEARLY_OVER = b"."
_PATIENCE = 10.0
"""Seconds that a follower gets to end its batch before it is ended; a batch is one transaction."""


def follow(case: Case, orders: IO[bytes]) -> None:
    """Index again and again until told to finish, then make the last tables; left alone, end after a batch.

    During the import tables are made of what is behind it. When it has ended, the importer indexes the
    words that are left, so that both processors are at work to the end.

    Args:
        case: The case that another process imports into.
        orders: Closed when that process is gone; a full stop in it says that the import is nearly over, a line
            feed that it has ended.
    """
    told: list[bytes] = []
    nearly, ended = threading.Event(), threading.Event()

    def listen() -> None:
        while (order := orders.read(1)) == _NEARLY_OVER:
            nearly.set()
        told.append(order)
        ended.set()

    threading.Thread(target=listen, name="casekit-orders", daemon=True).start()
    watched = _UntilTold(ended)
    with suppress(Cancelled):
        since = float("-inf")
        while not ended.wait(ROUND_SECONDS):
            late = time.monotonic() - since >= LATEST_SECONDS
            usual = SOON_ITEMS if nearly.is_set() else filling.BATCH_ITEMS
            least = 1 if late else usual
            if filling.index_pending(case, watched, least=least) or late:
                since = time.monotonic()
            sidecar.update(case, watched, whole_only=True)
    if told == [_FINISH]:
        sidecar.update(case)


class _UntilTold:
    """Progress of the follower's rounds, which stops them once an order has come or the importer is gone."""

    def __init__(self, ended: threading.Event) -> None:
        self._ended = ended

    def step(self, _done: int, _total: int | None, _text: str) -> None:
        """Stop or go on."""
        if self._ended.is_set():
            raise Cancelled


def main(arguments: list[str]) -> None:
    """Be the follower; its only argument is the case's folder."""
    if hasattr(os, "nice"):
        os.nice(LATER)
    with open_case(Path(arguments[0])) as case, rare_collections():
        follow(case, sys.stdin.buffer)


class Follower:
    """The follower as the importing process sees it."""

    def __init__(self, case: Case) -> None:
        self._folder = case.folder.absolute()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; where that is impossible, the index waits for the end of the import."""
        program = [] if getattr(sys, "frozen", False) else ["-P", "-m", "casekit"]
        try:
            self._process = subprocess.Popen(
                [sys.executable, *program, FOLLOW, str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(module_places())},
                start_new_session=True,  # a Ctrl-C is for the import
            )
        except OSError:
            self._process = None

    def hurry(self) -> None:
        """Let it leave little for the end, which is near."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):  # it is gone already
                self._process.stdin.write(_NEARLY_OVER)
                self._process.stdin.flush()

    def finish(self) -> None:
        """Let it make the last tables, leave the words that are left to the caller, and end."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):  # it is gone already
                self._process.stdin.write(_FINISH)
                self._process.stdin.close()

    def wait(self, progress: Progress) -> None:
        """Wait until it has finished.

        Raises:
            Cancelled: The progress asked to stop; call `leave` then.
        """
        while self._process is not None:
            try:
                self._process.wait(ROUND_SECONDS)
            except subprocess.TimeoutExpired:
                progress.step(0, None, "Making the tables for analytics")
            else:
                return

    def leave(self) -> None:
        """End it after the batch at hand; what it leaves undone is indexed another time."""
        if self._process is None or self._process.stdin is None:
            return
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

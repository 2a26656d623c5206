"""A second process that indexes words and makes tables for analytics while the first one imports.

Two threads would share one interpreter.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from casekit.confine.worker import module_places
from casekit.errors import Cancelled
from casekit.jobs import FOLLOW
from casekit.progress import Progress
from casekit.search import filling
from casekit.store import sidecar
from casekit.store.case import Case, open_case

ROUND_SECONDS = 0.25
_FINISH = b"\n"
_PATIENCE = 10.0
"""Seconds that a follower gets to end its batch before it is ended; a batch is one transaction."""


def follow(case: Case, orders: IO[bytes]) -> None:
    """Index again and again until told to finish, then once more; without an order, end after a batch.

    Tables are made of what is behind the import; the last of them is made when somebody asks for it.

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
    watched = _UntilLeft(ended, told)
    try:
        while not ended.wait(ROUND_SECONDS):
            filling.index_pending(case, watched)
            sidecar.update(case, watched, whole_only=True)
        watched.step(0, None, "")
        filling.index_pending(case, watched)
    except Cancelled:
        return


class _UntilLeft:
    """Progress of the follower, which stops once the other process has left it without an order."""

    def __init__(self, ended: threading.Event, told: list[bytes]) -> None:
        self._ended, self._told = ended, told

    def step(self, _done: int, _total: int | None, _text: str) -> None:
        """Stop or go on."""
        if self._ended.is_set() and self._told != [_FINISH]:
            raise Cancelled


def main(arguments: list[str]) -> None:
    """Be the follower; its only argument is the case's folder."""
    with open_case(Path(arguments[0])) as case:
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

    def finish(self, progress: Progress) -> None:
        """Let it index what is left and wait for it.

        Raises:
            Cancelled: The progress asked to stop; call `leave` then.
        """
        if self._process is None or self._process.stdin is None:
            return
        with suppress(OSError):  # it is gone already
            self._process.stdin.write(_FINISH)
            self._process.stdin.close()
        while True:
            try:
                self._process.wait(ROUND_SECONDS)
            except subprocess.TimeoutExpired:
                progress.step(0, None, "Indexing words")
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

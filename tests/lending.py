"""Confined processes lent from one test to the next: starting one costs more than most tests have it do.

What is lent was confined when it started, as all are, and does one call after the other, as in the program,
where one reads thousands of files. It goes back when its user closes it, and is ended in place of being kept
after a fault, after `MOST_CALLS`, and where more than `MOST_KEPT` wait. Who asks for other words, another
environment or another search path of modules gets another process.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from casekit.confine.line import WorkerFault
from casekit.confine.port import Port, SocketPort
from casekit.confine.worker import Worker, child_command, child_environment

MOST_KEPT, MOST_CALLS = 6, 200
_START, _CLOSE, _STREAM, _POPEN = Worker._start, Worker.close, Worker.stream, subprocess.Popen
Key = tuple[object, ...]


@dataclass
class _Kept:
    """A process that nobody uses: what it was started with, its line, and the calls it has done."""

    key: Key
    process: subprocess.Popen[bytes]
    port: Port
    level: str
    calls: int


@dataclass
class Lending:
    """The processes kept, the one longest unused first."""

    kept: list[_Kept] = field(default_factory=list)
    lent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, worker: Worker) -> None:
        """Stands in for `Worker._start`."""
        while (one := self._taken(_key(worker))) is not None:
            worker._process, worker._port = one.process, one.port
            worker._level, worker._calls = one.level, one.calls
            try:
                list(_STREAM(worker, "operator:concat", b""))  # does it still answer?
            except WorkerFault:
                worker._end()
                continue
            worker._held = None
            self.lent += 1
            return
        _START(worker)

    def close(self, worker: Worker) -> None:
        """Stands in for `Worker.close`."""
        process, port = worker._process, worker._port
        if (
            process is None
            or not isinstance(port, SocketPort)
            or port.pending
            or worker._busy
            or worker._calls >= min(MOST_CALLS, worker._limits.calls)
            or subprocess.Popen is not _POPEN
            or process.poll() is not None
        ):
            _CLOSE(worker)
            return
        with self.lock:
            self.kept.append(_Kept(_key(worker), process, port, worker._level, worker._calls))
            over = self.kept.pop(0) if len(self.kept) > MOST_KEPT else None
        worker._process = worker._port = worker._held = None
        if over is not None:
            _ended(over)

    def end(self) -> None:
        """End all that are kept."""
        with self.lock:
            kept, self.kept = self.kept, []
        for one in kept:
            _ended(one)

    def _taken(self, key: Key) -> _Kept | None:
        with self.lock:
            found = next((one for one in reversed(self.kept) if one.key == key), None)
            if found is None or subprocess.Popen is not _POPEN:
                return None
            self.kept.remove(found)
            return found


@contextmanager
def lending() -> Iterator[Lending]:
    """Lend confined processes until the end; then all have ended."""
    made = Lending()

    def start(worker: Worker) -> None:
        made.start(worker)

    def close(worker: Worker) -> None:
        made.close(worker)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "_start", start)
        patch.setattr(Worker, "close", close)
        yield made
    made.end()


@contextmanager
def none_lent() -> Iterator[None]:
    """For tests of the processes themselves: each is started, and ends when it is closed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "_start", _START)
        patch.setattr(Worker, "close", _CLOSE)
        yield


def _key(worker: Worker) -> Key:
    return (
        os.getpid(), worker._limits, worker._preload, worker._pipes, *child_command(),
        *sorted(child_environment().items()),
    )  # fmt: skip


def _ended(one: _Kept) -> None:
    worker = Worker()
    worker._process, worker._port = one.process, one.port
    _CLOSE(worker)

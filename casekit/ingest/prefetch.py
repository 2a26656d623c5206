"""Lets confined workers parse while the importer writes: each is a few frames, or files, ahead of it.

Each file that is being read, or waits for a worker, has a thread, which does nothing but fetch frames; the
core has no others.
Without them a worker would wait, its pipe full, during each transaction, and processors would idle while a
document is laid out.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import BinaryIO, cast

from casekit.confine import Worker

FRAMES = 64
"""More than a transaction takes: while one waits for the disk, what the next one needs is read."""
AHEAD_BYTES = 24 * 1024 * 1024
"""In frames of a file that wait, beyond which only one more is fetched."""
ALL_AHEAD_BYTES = 2 * AHEAD_BYTES
"""In frames of all files that wait, beyond which only one more of each is fetched."""
PATIENCE_SECONDS = 0.25
QUIET_SECONDS = 60.0
MOST_WORKERS = 4


def usual_number() -> int:
    """How many files are read at once: one a processor, up to `MOST_WORKERS`."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(MOST_WORKERS, usable or 1))


class Ahead:
    """What is read ahead of several files.

    Attributes:
        bytes: In the frames that wait.
        changed: Guards it, and the frames.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self.changed = threading.Condition()


class Fetching:
    """One file being read: its frames in their order, fetched a few at a time before they are asked for.

    Args:
        frames: The source, which a thread alone uses until it has ended.
        stop: Called when this is closed before the end; it must make the source end, which is waited for.
        ahead: Shared with the other files that are read at the same time.
    """

    def __init__(
        self, frames: Iterator[bytes], stop: Callable[[], None], ahead: Ahead | None = None
    ) -> None:
        self._source = frames
        self._stop = stop
        self._fetched: deque[bytes | BaseException | None] = deque()
        self._bytes = 0  # of the frames among them
        self._ahead = ahead or Ahead()
        self._changed = self._ahead.changed
        self._stopped = False
        self._ended = False
        self._thread = threading.Thread(target=self._fetch, name="casekit-prefetch", daemon=True)
        self._thread.start()

    def frames(self, waiting: Callable[[], None] = lambda: None) -> Iterator[bytes]:
        """The frames; an error of the source comes out where it arose.

        Args:
            waiting: Called again and again while no frame comes; what it raises comes out here.
        """
        while (thing := self._next(waiting)) is not None:
            if isinstance(thing, BaseException):
                self._ended = True
                raise thing
            yield thing
        self._ended = True

    def close(self) -> None:
        """Leave nothing of it behind, wherever it stands."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if not self._ended:
            self._ended = True
            self._stop()
        self._thread.join()
        with self._changed:
            self._count(-self._bytes)
        cast("Generator[bytes, None, None]", self._source).close()

    def _next(self, waiting: Callable[[], None]) -> bytes | BaseException | None:
        while True:
            with self._changed:
                if self._changed.wait_for(self._any, PATIENCE_SECONDS):
                    thing = self._fetched.popleft()
                    self._count(-_size(thing))
                    return thing
            waiting()

    def _any(self) -> bool:
        return bool(self._fetched)

    def _fetch(self) -> None:
        try:
            for frame in self._source:
                self._put(frame)
                if self._stopped:
                    return
            self._put(None)
        except BaseException as error:  # noqa: BLE001 - handed over, not swallowed
            self._put(error)

    def _put(self, thing: bytes | BaseException | None) -> None:
        with self._changed:
            self._changed.wait_for(self._has_room)
            self._fetched.append(thing)
            self._count(_size(thing))

    def _count(self, size: int) -> None:
        self._bytes += size
        self._ahead.bytes += size
        self._changed.notify_all()

    def _has_room(self) -> bool:
        crowded = self._ahead.bytes >= ALL_AHEAD_BYTES and self._bytes > 0
        full = crowded or len(self._fetched) >= FRAMES or self._bytes >= AHEAD_BYTES
        return self._stopped or not full


def _size(thing: bytes | BaseException | None) -> int:
    return len(thing) if isinstance(thing, bytes) else 0


class _Turn:
    """A reading's turn for a worker: none yet, then one, then none again.

    Attributes:
        worker: The one that reads now.
        left: Nobody waits for the reading any more.
    """

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self.left = False


class Workers:
    """Workers that read files side by side; each is started when it is first needed.

    There may be more readings than workers: those that came first begin first, and a worker is free for the
    next as soon as it has given its last frame, though nobody has asked for that yet.

    Args:
        new: Makes a worker.
        most: How many there may be.
    """

    def __init__(self, new: Callable[[], Worker], most: int) -> None:
        self.most = most
        self._new = new
        self._all = [new()]
        self._idle = list(self._all)
        self._ahead = Ahead()
        self._waiting: deque[_Turn] = deque()
        self._changed = threading.Condition()  # guards all of these, and every turn

    @property
    def level(self) -> str:
        """What confines the workers, in plain words."""
        return self._all[0].level

    @contextlib.contextmanager
    def read(self, function: str, original: BinaryIO, argument: bytes) -> Iterator[Fetching]:
        """A file being read by the next worker that is free; see `Worker.stream`.

        Args:
            function: `module:name` of what the worker runs.
            original: The file; it is closed when the reading is.
            argument: For the function.
        """
        turn = _Turn()
        with self._changed:
            self._waiting.append(turn)
        with original:
            frames = self._frames(turn, function, original.fileno(), argument)
            fetching = Fetching(frames, lambda: self._leave(turn), self._ahead)
            with contextlib.closing(fetching):
                yield fetching

    def close(self) -> None:
        """End all workers."""
        for worker in self._all:
            worker.close()

    def _frames(
        self, turn: _Turn, function: str, original: int, argument: bytes
    ) -> Iterator[bytes]:
        with self._changed:
            self._changed.wait_for(lambda: turn.left or self._is_next(turn))
            self._waiting.remove(turn)
            if turn.left:
                self._changed.notify_all()
                return
            if not self._idle:
                self._all.append(self._new())
                self._idle.append(self._all[-1])
            worker = turn.worker = self._idle.pop()
            self._changed.notify_all()
        try:
            yield from worker.stream(function, original, argument, quiet_seconds=QUIET_SECONDS)
        finally:
            with self._changed:
                turn.worker = None
                self._idle.append(worker)
                self._changed.notify_all()

    def _is_next(self, turn: _Turn) -> bool:
        free = bool(self._idle) or len(self._all) < self.most
        return free and self._waiting[0] is turn

    def _leave(self, turn: _Turn) -> None:
        with self._changed:
            turn.left = True
            self._changed.notify_all()
            if turn.worker is not None:
                _end(turn.worker)


def _end(worker: Worker) -> None:
    """Stop the reading of a file that nobody waits for any more; the next one gets a new process."""
    if worker.pid is not None:
        with contextlib.suppress(OSError):
            os.kill(worker.pid, signal.SIGTERM)

"""Lets the worker parse while the importer writes: a thread that fetches a few frames ahead.

It is the one thread of the core. Without it the worker would wait, its pipe full, during each
transaction, and the second processor would idle.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator

FRAMES = 4
PATIENCE_SECONDS = 0.25


def ahead(
    frames: Iterator[bytes],
    stop: Callable[[], None],
    waiting: Callable[[], None] = lambda: None,
) -> Generator[bytes, None, None]:
    """The same frames in the same order; an error of the source comes out where it arose.

    Args:
        frames: The source, which the thread alone uses until this generator has ended.
        stop: Called when this generator is closed before its end; it must make the source end, which
            is then waited for.
        waiting: Called again and again while no frame comes; what it raises ends the generator.
    """
    fetched: queue.Queue[bytes | BaseException | None] = queue.Queue(FRAMES)
    stopped = threading.Event()

    def put(thing: bytes | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                fetched.put(thing, timeout=0.1)
            except queue.Full:
                continue
            return

    def fetch() -> None:
        try:
            for frame in frames:
                put(frame)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001 - handed over, not swallowed
            put(error)

    thread = threading.Thread(target=fetch, name="casekit-prefetch", daemon=True)
    thread.start()
    ended = False
    try:
        while (thing := _patiently(fetched, waiting)) is not None:
            if isinstance(thing, BaseException):
                ended = True
                raise thing
            yield thing
        ended = True
    finally:
        stopped.set()
        if not ended:
            stop()
        thread.join()


def _patiently(
    fetched: queue.Queue[bytes | BaseException | None], waiting: Callable[[], None]
) -> bytes | BaseException | None:
    while True:
        try:
            return fetched.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            waiting()

"""Lets the worker parse while the importer writes: a thread that fetches a few frames ahead.

It is the one thread of the core. Without it the worker would wait, its pipe full, during each
transaction, and the second processor would idle.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

FRAMES = 8


def ahead(frames: Iterator[bytes]) -> Iterator[bytes]:
    """The same frames in the same order; an error of the source comes out where it arose.

    Leaving the loop early stops the source at its next frame and waits for that.
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
    try:
        while (thing := fetched.get()) is not None:
            if isinstance(thing, BaseException):
                raise thing
            yield thing
    finally:
        stopped.set()
        thread.join()

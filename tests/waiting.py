"""Time in tests: a state is waited for, a clock is moved by hand, and a bound is one of the processor's time.

So no test fails because the machine is busy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_SECONDS = (
    240.0  # ends a test that hangs, with a word of what it waited for; no measure of speed
)


def wait_until(seen: Callable[[], object], what: str, look_seconds: float = 0.01) -> None:
    """Wait until something is seen.

    Args:
        seen: Tells whether it is there, by a true value.
        what: What is waited for, for the one who reads the failure.
        look_seconds: How long lies between two looks.
    """
    until = time.monotonic() + MOST_SECONDS
    while not seen():
        assert time.monotonic() < until, f"it did not come: {what}"
        time.sleep(look_seconds)


def alive(pid: int) -> bool:
    """Whether a process still runs (Linux); one that has ended and is not yet waited for does not."""
    try:
        about = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return about.rpartition(") ")[2][0] not in "ZX"


class HandClock:
    """Stands in for the module `time` in a module under test: its `monotonic` (seconds) goes on when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def go_on(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    def monotonic(self) -> float:
        """Seconds of this clock."""
        return self.now

    def __getattr__(self, name: str) -> object:
        return getattr(time, name)


@contextmanager
def within_processor_seconds(most: float) -> Iterator[None]:
    """What is done here costs no more time of the processor, however long others keep it busy."""
    began = time.process_time()
    yield
    assert time.process_time() - began < most

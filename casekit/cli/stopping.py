"""Ctrl-C: work under way stops at its next report of progress, where stopping is safe; twice, at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from casekit.errors import Cancelled

_asked = threading.Event()
_at_work = threading.Event()


def listen() -> None:
    """Take over Ctrl-C for this process."""
    signal.signal(signal.SIGINT, _interrupted)


def work_begins() -> None:
    """From now on somebody calls `check`, so that a Ctrl-C need not break in just anywhere."""
    _at_work.set()


def work_ends() -> None:
    """A Ctrl-C ends the program at once again."""
    _at_work.clear()


def check() -> None:
    """Stop here if that was asked for.

    Raises:
        Cancelled: It was.
    """
    if _asked.is_set():
        raise Cancelled


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    if _asked.is_set() or not _at_work.is_set():
        raise KeyboardInterrupt
    _asked.set()
    click.echo("\nStopping at the next safe place; press Ctrl-C again to stop at once.", err=True)

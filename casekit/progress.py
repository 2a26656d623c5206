"""How long work tells where it stands and learns that it should stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What work is given to report on; `step` raises `Cancelled` when the user asked to stop."""

    def step(self, done: int, total: int | None, text: str) -> None:
        """Report that `done` of `total` units (None: unknown) are finished; `text` says which."""


class Silent:
    """A progress nobody watches and nobody cancels."""

    def step(self, done: int, total: int | None, text: str) -> None:
        """Report nothing."""

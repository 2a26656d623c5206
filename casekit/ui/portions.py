"""Writing that nobody waits for: the first portion at once, one more in each turn of the window's loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

PORTION = 30_000
"""What is written in one turn, in characters of an endless line: Qt lays it out in some 12 ms."""


class Portions(QObject):
    """Pieces of a page in order; whoever adds them begins before and ends after.

    A piece is an iterator that writes a little at each step and gives what that cost, in characters.
    """

    def __init__(
        self, opened: Callable[[], None], closed: Callable[[], None], parent: QObject
    ) -> None:
        """Remember what is to be done before and after each later portion."""
        super().__init__(parent)
        self._opened, self._closed = opened, closed
        self._waiting: deque[Iterator[int]] = deque()
        self._wishes: list[Callable[[], object]] = []
        self._left = 0
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)

    @property
    def pending(self) -> bool:
        """Whether anything is still to be written."""
        return bool(self._waiting)

    def begin(self) -> None:
        """Start anew; what was still to be written, or wanted afterwards, is let go."""
        self._turn.stop()
        self._waiting.clear()
        self._wishes.clear()
        self._left = PORTION

    def add(self, piece: Iterator[int]) -> None:
        """Write a piece as far as the first portion goes; the rest waits for its turn."""
        if self._waiting or not self._write(piece):
            self._waiting.append(piece)

    def end(self) -> None:
        """Everything was added: the rest comes in the next turns."""
        if self._waiting:
            self._turn.start()

    def afterwards(self, wish: Callable[[], object]) -> None:
        """Do something once all is written, now if it is; not if another page is begun before."""
        if self._waiting:
            self._wishes.append(wish)
        else:
            wish()

    def finish(self) -> None:
        """Write the rest now."""
        while self._waiting:
            self._go_on()
        self._turn.stop()

    def _go_on(self) -> None:
        self._left = PORTION
        self._opened()
        while self._waiting and self._write(self._waiting[0]):
            self._waiting.popleft()
        self._closed()
        if self._waiting:
            self._turn.start()
            return
        wishes, self._wishes = self._wishes, []
        for wish in wishes:
            wish()

    def _write(self, piece: Iterator[int]) -> bool:
        """Whether the piece was written to its end before the portion was spent."""
        while self._left > 0:
            cost = next(piece, None)
            if cost is None:
                return True
            self._left -= cost
        return False

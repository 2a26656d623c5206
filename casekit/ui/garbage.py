"""When Python looks for garbage: on the window's thread alone, in portions that nobody feels.

Left alone, Python looks through all that it holds whenever a thread happens to have made enough, and everything
waits meanwhile, the window too: 60 to 140 ms once a large case has been used for a while. It may also take a
widget apart on a thread that is not the window's: that one holds a lock of Qt and waits for Python, the
window's holds Python and waits for the lock, and the program stands still for good (seen in a test).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

TICK_MS = 250
YOUNG = 1_000  # objects made since the last look, those gone already not counted
LOADED = 20_000
"""So many young ones at once are libraries that were loaded or rows that another thread is reading: to look
through them takes up to 0.1 s and finds nothing. Counted one by one, as Python's own count falls by what goes
though it was made before the last look."""

SETTLE_TICKS = 20
AWAY_TICKS = 240  # a minute
WHOLE_TICKS = 7_200  # half an hour


class Sweeper(QObject):
    """Looks for garbage four times a second; what has lived for a while is left in peace from then on."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._ticks = 0
        self._was_on = True
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Take over from Python."""
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give back to Python, if it was at it before."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

    def tick(self) -> None:
        """Look through what is young; through all while nobody works here, or after half an hour."""
        self._ticks += 1
        if self._ticks >= (WHOLE_TICKS if _used() else AWAY_TICKS):
            self.sweep()
            return
        young = len(gc.get_objects(generation=0)) if gc.get_count()[0] > YOUNG else 0
        if 0 < young <= LOADED:
            gc.collect(1)
        if young > LOADED or self._ticks % SETTLE_TICKS == 0:
            gc.freeze()

    def sweep(self) -> None:
        """Look through all that there is."""
        self._ticks = 0
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def _used() -> bool:
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive

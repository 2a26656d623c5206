from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.store.case import Case, open_case
from casekit.ui import garbage
from casekit.ui.garbage import AWAY_TICKS, SETTLE_TICKS, WHOLE_TICKS, Sweeper
from casekit.ui.window import Window
from tests.ui.conftest import settle


class Ring:
    """Something that only a look for garbage takes away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def sweeper(qapp: QApplication) -> Iterator[Sweeper]:
    gc.enable()
    made = Sweeper(qapp)
    made.start()
    assert not gc.isenabled()
    yield made
    made.stop()
    made.deleteLater()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    gc.disable()


def _rings(count: int) -> weakref.ref[Ring]:
    rings = [Ring() for _ in range(count)]
    return weakref.ref(rings[0])


def test_no_other_thread_looks_and_a_tick_does(sweeper: Sweeper) -> None:
    seen: list[weakref.ref[Ring]] = []
    worker = threading.Thread(target=lambda: seen.append(_rings(garbage.YOUNG * 3)))
    worker.start()
    worker.join()
    assert seen[0]() is not None
    sweeper.tick()
    assert seen[0]() is None


def test_so_many_that_they_were_loaded_are_left_to_a_sweep(sweeper: Sweeper) -> None:
    sweeper.tick()
    gone = _rings(garbage.LOADED + 1)
    sweeper.tick()
    assert gone() is not None
    assert gc.get_count()[0] <= garbage.YOUNG, "no later tick looks through them either"
    sweeper.sweep()
    assert gone() is None


def test_what_is_read_while_older_rows_go_counts_whole(sweeper: Sweeper) -> None:
    older: list[list[int]] = [[] for _ in range(garbage.LOADED)]
    sweeper.tick()
    gone = _rings(garbage.LOADED + 3 * garbage.YOUNG)
    older.clear()
    assert gc.get_count()[0] < garbage.LOADED
    sweeper.tick()
    assert gone() is not None


@pytest.mark.parametrize(("used", "ticks"), [(True, WHOLE_TICKS), (False, AWAY_TICKS)])
def test_what_has_settled_is_looked_at_while_nobody_works_here_or_seldom(
    sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch, used: bool, ticks: int
) -> None:
    monkeypatch.setattr(garbage, "_used", lambda: used)
    kept = [Ring()]
    gone = weakref.ref(kept[0])
    for _ in range(SETTLE_TICKS):
        sweeper.tick()
    assert gc.get_freeze_count() > 0
    kept.clear()
    for _ in range(SETTLE_TICKS, ticks - 1):
        sweeper.tick()
    assert gone() is not None
    sweeper.tick()
    assert gone() is None


def test_a_sweep_takes_what_had_settled(sweeper: Sweeper) -> None:
    kept = [Ring()]
    gone = weakref.ref(kept[0])
    for _ in range(SETTLE_TICKS):
        sweeper.tick()
    kept.clear()
    sweeper.sweep()
    assert gone() is None


def test_a_closed_window_goes_whole(
    clean: None, dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    """A parentless widget that gives one of its signals a function holding it kept a whole window for good."""
    made = Window()
    made.show()
    made.enter(open_case(sample_case.folder))
    settle(qtbot, made)
    gone = weakref.ref(made)
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    del made
    gc.collect()
    assert gone() is None

"""What a hand at the window waits for over a large case, and what holds the window's thread.

    python -m tests.bench.bench_hands CASE

CASE is copied first. Sorts, filters, sorts of what is filtered, typing, pages, themes: waiting is by the clock,
to the first rows; the processor time of all threads meanwhile tells more on a machine that has other work. A
hold is processor time of the window's thread in one turn of its loop or one call. The baseline beside each sort
is the same list, newest first.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from casekit.ui.garbage import Sweeper
from casekit.ui.sidebar import Scope
from casekit.ui.window import Window

ORDERS = ("-date", "date", "title", "model", "account", "size")
FILTERS = ("in:api-log", "status:200", "status:429", "date:2026-01")
WORDS = ("explain", "clause reasoning", "rubric OR python OR bayesian")
HOLD_MS = 30
MOST_SECONDS = 120


class Hand:
    """Does one thing after the other and keeps what held the thread."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.holds: list[tuple[float, str]] = []
        self.spent = 0.0  # seconds of processor time in the last wait

    def turn(self, what: str) -> None:
        """One turn of the loop, at whose end what is to be deleted goes: without a running loop Qt keeps it."""
        self._timed(what, _turn)

    def until(self, what: str, ready: Callable[[], object]) -> float:
        """Seconds until something is so."""
        began, spent = time.perf_counter(), time.process_time()
        while not ready() and time.perf_counter() - began < MOST_SECONDS:
            self.turn(what)
            time.sleep(0.001)
        self.spent = time.process_time() - spent
        return time.perf_counter() - began

    def rest(self, what: str) -> None:
        """Wait until nothing is being read."""
        self.until(what, lambda: not [j for j in self.window.jobs.waiting() if j.label != "look"])

    def call(self, what: str, run: Callable[[], object]) -> None:
        """Do something, and wait until it is done."""
        self._timed(what, run)
        self.rest(what)

    def _timed(self, what: str, run: Callable[[], object]) -> None:
        before = time.thread_time()
        run()
        held = (time.thread_time() - before) * 1000
        if held >= HOLD_MS:
            self.holds.append((held, what))


def _turn() -> None:
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main() -> None:
    """Copy the case, open it, and print what was waited for."""
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "case.json").is_file():
        sys.exit("name a case")
    with tempfile.TemporaryDirectory(prefix="casekit-bench-") as place:
        os.environ["CASEKIT_HOME"] = place
        folder = Path(place) / "Copy.casekit"
        shutil.copytree(sys.argv[1], folder)
        measure(folder)


def measure(folder: Path) -> None:
    """Open the case and use it."""
    from casekit.ui.app import _warm, make_app

    app = make_app()
    _warm(None)
    window = Window()
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    hand = Hand(window)
    Sweeper(app).start()
    window.open_case(folder)
    seen = hand.until("open", lambda: window.workspace and window.workspace.model.row_at(0))
    say(f"case chosen to first rows (with a copy that may be migrated): {seen:.2f} s{_spent(hand)}")
    hand.rest("open")
    sorts(hand)
    filters(hand)
    together(hand)
    typing(hand)
    for name in list(window.pages.buttons) if window.pages else []:
        began = time.perf_counter()
        hand.call(f"page {name}", lambda name=name: window.show_page(name))  # type: ignore[misc]
        say(f"page {name}: filled after {time.perf_counter() - began:.2f} s")
    for choice in ("dark", "light"):
        hand.call(f"theme {choice}", lambda choice=choice: window.dress(choice))  # type: ignore[misc]
    for held, what in sorted(hand.holds, reverse=True)[:10]:
        say(f"held the window's thread: {held:.0f} ms, {what}")
    say(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    window.close()


def sorts(hand: Hand) -> None:
    """First rows after another order, beside the newest first."""
    space = hand.window.workspace
    assert space is not None
    base = 0.0
    hand.call("sort id", lambda: space._order("id"))  # so that the newest first is read anew
    for order in ORDERS:
        space._order(order)
        took = hand.until(
            f"sort {order}",
            lambda order=order: (
                space.outcome  # type: ignore[misc]
                and space.outcome.wanted.order == order
                and space.model.row_at(0)
            ),
        )
        base = base or took
        say(
            f"sort {order}: first rows after {took * 1000:.0f} ms{_spent(hand)}, "
            f"{took / base:.1f} times {ORDERS[0]}"
        )
        hand.rest(f"sort {order}")


def filters(hand: Hand) -> None:
    """First rows of a part of the case."""
    space = hand.window.workspace
    assert space is not None
    for query in FILTERS:
        space.show_scope(Scope(query, query, query))
        took = hand.until(
            query,
            lambda query=query: space.outcome and space.outcome.wanted.scope == query,  # type: ignore[misc]
        )
        say(f"filter {query}: first rows after {took * 1000:.0f} ms{_spent(hand)}")
        hand.rest(query)
    hand.call("everything", lambda: space.show_scope(Scope("all", "Everything")))


def together(hand: Hand) -> None:
    """First rows after a change of order where a filter is on: of each filter the order that takes longest."""
    space = hand.window.workspace
    assert space is not None
    for query in FILTERS:
        hand.call(query, lambda query=query: space.show_scope(Scope(query, query, query)))  # type: ignore[misc]
        waits = []
        for order in ORDERS:
            space._order(order)
            took = hand.until(
                f"{query} by {order}",
                lambda order=order: space.outcome and space.outcome.wanted.order == order,  # type: ignore[misc]
            )
            waits.append((took, order, _spent(hand)))
            hand.rest(f"{query} by {order}")
        took, order, spent = max(waits)
        say(f"filter {query}, slowest by {order}: first rows after {took * 1000:.0f} ms{spent}")
    hand.call("everything", lambda: space.show_scope(Scope("all", "Everything")))
    hand.call("newest first", lambda: space._order(ORDERS[0]))


def typing(hand: Hand) -> None:
    """First rows after the last letter of a search, the pause that typing waits for included."""
    window, space = hand.window, hand.window.workspace
    assert space is not None
    for words in WORDS:
        window.search.edit.setFocus()
        window.search.edit.clear()
        for letter in words:
            QTest.keyClick(window.search.edit, letter, Qt.KeyboardModifier.NoModifier)
            hand.turn("typing")
            time.sleep(0.08)
        took = hand.until(
            "typing",
            lambda words=words: space.outcome and space.outcome.wanted.text == words,  # type: ignore[misc]
        )
        say(f"typed {words}: first rows {took * 1000:.0f} ms{_spent(hand)} after the last letter")
        hand.rest("typing")
    hand.call("clear", window.search.clear)


def _spent(hand: Hand) -> str:
    return f" ({hand.spent * 1000:.0f} ms of processor time)"


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""A person at the window over a large case for some minutes, by keys: what held it, what memory it took.

    python -m tests.bench.bench_session CASE [MINUTES] [SEED]

CASE is copied first. Moving, reading, sorting, filtering, searching, coding, undoing, changing pages and tabs
come in an order drawn by the seed, with the pauses of a person between them. A hold is processor time of the
window's thread in one turn of its loop or one key; the baseline is the turn in the middle of all.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from casekit.ui.garbage import Sweeper
from casekit.ui.sidebar import Scope
from casekit.ui.window import Window
from tests.bench.bench_hands import Hand, say

MINUTES, SEED = 10.0, 7
GOAL_MS = 50
KEY_PAUSE, THINK = 0.12, 0.6
QUERIES = ("in:api-log", "status:429", "date:2026-01", "status:200", "tag:hot")
WORDS = ("explain", "python OR rubric", "step by step", "account:acct*", '"reasoning steps"')
ORDERS = ("-date", "date", "title", "model", "account", "size")
ACTS = (
    ("move", 30), ("page", 8), ("code", 12), ("undo", 5), ("sort", 5), ("filter", 6), ("search", 6),
    ("hits", 5), ("tabs", 8), ("pages", 6), ("clear", 3), ("ends", 2), ("choose", 4),
)  # fmt: skip


class Person:
    """Does what a person does, one thing after the other, and keeps every turn of the loop."""

    def __init__(self, window: Window, seed: int) -> None:
        self.window = window
        self.hand = Hand(window)
        self.draw = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.turns: list[float] = []

    def act(self) -> None:
        """One thing, drawn by its weight, and a pause."""
        names, weights = zip(*ACTS, strict=True)
        name = self.draw.choices(names, weights)[0]
        self.done[name] += 1
        if name != "pages":
            self.window.show_page("review")
        getattr(self, f"_{name}")()
        self.pause(name, THINK)

    def pause(self, what: str, seconds: float) -> None:
        """Let the window work for a while."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            before = time.thread_time()
            self.hand.turn(what)
            self.turns.append((time.thread_time() - before) * 1000)
            time.sleep(0.004)

    def key(self, what: str, key: Qt.Key | str, held: Qt.KeyboardModifier | None = None) -> None:
        """Strike a key where the focus is."""
        target = QApplication.focusWidget() or self.window
        modifier = held or Qt.KeyboardModifier.NoModifier
        self.hand._timed(f"{what}, the key itself", lambda: QTest.keyClick(target, key, modifier))
        self.pause(what, KEY_PAUSE)

    # -- what is done -----------------------------------------------------------------------------

    def _list(self) -> None:
        space = self.window.workspace
        assert space is not None
        space.list.setFocus()

    def _move(self) -> None:
        self._list()
        for _ in range(self.draw.randint(3, 12)):
            self.key("move", self.draw.choice("jjjk"))

    def _page(self) -> None:
        self._list()
        for _ in range(self.draw.randint(2, 8)):
            self.key("scroll", Qt.Key.Key_PageDown)

    def _ends(self) -> None:
        self._list()
        self.key("end", Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        self.key("home", Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)

    def _code(self) -> None:
        self._list()
        for _ in range(self.draw.randint(2, 6)):
            self.key("code", self.draw.choice("123789"))
            self.key("code", "j")

    def _undo(self) -> None:
        self._list()
        self.key("undo", Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def _choose(self) -> None:
        self._list()
        for _ in range(self.draw.randint(1, 5)):
            self.key("choose", Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    def _sort(self) -> None:
        assert self.window.workspace is not None
        self.window.workspace._order(self.draw.choice(ORDERS))
        self.pause("sort", THINK)

    def _filter(self) -> None:
        assert self.window.workspace is not None
        query = self.draw.choice(QUERIES)
        self.window.workspace.show_scope(Scope(query, query, query))
        self.pause("filter", 2 * THINK)
        self.window.workspace.show_scope(Scope("all", "Everything"))

    def _search(self) -> None:
        self.window.search.edit.setFocus()
        self.window.search.edit.clear()
        for letter in self.draw.choice(WORDS):
            self.key("type", letter)
        self.key("search", Qt.Key.Key_Return)
        self.pause("search", 2 * THINK)

    def _hits(self) -> None:
        self._list()
        for _ in range(3):
            self.key("hit", "n")

    def _tabs(self) -> None:
        self._list()
        for action in self.draw.sample(("view.details", "view.raw", "view.read"), 3):
            self.hand.call(action, lambda action=action: self.window.trigger(action))  # type: ignore[misc]
            self.pause(action, KEY_PAUSE)

    def _pages(self) -> None:
        assert self.window.pages is not None
        name = self.draw.choice([n for n in self.window.pages.buttons if n != "collect"])
        self.hand._timed(f"page {name}", lambda: self.window.show_page(name))
        self.pause(f"page {name}", 2 * THINK)

    def _clear(self) -> None:
        self._list()
        self.window.search.clear()
        self.pause("clear", THINK)


def main() -> None:
    """Copy the case, use it, and print what was seen."""
    if not 2 <= len(sys.argv) <= 4 or not (Path(sys.argv[1]) / "case.json").is_file():
        sys.exit("name a case, and how many minutes")
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else MINUTES
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    with tempfile.TemporaryDirectory(prefix="casekit-bench-") as place:
        os.environ["CASEKIT_HOME"] = place
        folder = Path(place) / "Copy.casekit"
        shutil.copytree(sys.argv[1], folder)
        measure(folder, minutes, seed)


def measure(folder: Path, minutes: float, seed: int) -> None:
    """Open the case and use it for so many minutes."""
    from casekit.ui.app import _warm, make_app

    app = make_app()
    _warm(None)
    window = Window()
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    person = Person(window, seed)
    Sweeper(app).start()
    window.open_case(folder)
    person.hand.until("open", lambda: window.workspace and window.workspace.model.row_at(0))
    person.hand.rest("open")
    began = time.perf_counter()
    memory = [_resident()]
    while (passed := time.perf_counter() - began) < minutes * 60:
        if passed > len(memory) * 60:
            memory.append(_resident())
        person.act()
    _tell(person, (time.perf_counter() - began) / 60, [*memory, _resident()])
    window.close()


def _tell(person: Person, minutes: float, memory: list[int]) -> None:
    turns = sorted(person.turns)
    holds = sorted(person.hand.holds, reverse=True)
    over = [held for held, _ in holds if held > GOAL_MS]
    acts = ", ".join(f"{name} {count}" for name, count in sorted(person.done.items()))
    say(f"{minutes:.1f} minutes, {sum(person.done.values())} acts: {acts}")
    most = turns[len(turns) * 99 // 100]
    say(f"a turn of the loop: {statistics.median(turns):.2f} ms, 99 in 100 below {most:.1f}")
    say(f"holds over {GOAL_MS} ms: {len(over)}; the longest:")
    for held, what in holds[:12]:
        say(f"  {held:.0f} ms, {what}")
    say(f"memory by the minute, MB: {' '.join(str(each) for each in memory)}")


def _resident() -> int:
    """What this process holds in memory now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


if __name__ == "__main__":
    main()

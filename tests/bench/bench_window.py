"""How quick the window is: start, first rows, scrolling a million rows, each beside a named baseline.

    python tests/bench/bench_window.py [--rows N]

Wall and CPU time both, because other work on the machine lengthens the first.
"""

from __future__ import annotations

import argparse
import atexit
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["CASEKIT_HOME"] = tempfile.mkdtemp(prefix="casekit-bench-")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView

from tests.ui.sample_cases import build_big_case, build_case

atexit.register(shutil.rmtree, os.environ["CASEKIT_HOME"], ignore_errors=True)
FRAMES = 150
START = (
    "import time; t = time.perf_counter(); from PySide6.QtWidgets import {names}; {make}; "
    "w.show(); a.processEvents(); print(time.perf_counter() - t, time.process_time())"
)
EMPTY = START.format(
    names="QApplication, QTableView",
    make="a = QApplication([]); w = QTableView(); w.resize(1440, 900)",
)
OURS = START.format(
    names="QApplication",
    make="from casekit.ui.app import make_app; from casekit.ui.window import Window; "
    "a = make_app(); w = Window()",
)


class Plain(QAbstractTableModel):
    """The baseline's model: as many rows and columns, a number in each cell."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, _parent: QModelIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return self.rows

    def columnCount(self, _parent: QModelIndex = QModelIndex()) -> int:  # noqa: N802, B008
        return 6

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return str(index.row()) if role == Qt.ItemDataRole.DisplayRole else None


def start_times(code: str, times: int = 3) -> tuple[float, float]:
    """Wall and CPU seconds from the first import to the painted window, the best of some runs."""
    found = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        wall, cpu = done.stdout.split()
        found.append((float(wall), float(cpu)))
    return min(w for w, _ in found), min(c for _, c in found)


def frames(view: QTableView, rows: int) -> list[float]:
    """CPU milliseconds of the window's thread for each of some jumps and repaints."""
    chance = random.Random(7)
    found = []
    bar = view.verticalScrollBar()
    for _ in range(FRAMES):
        before = time.thread_time()
        bar.setValue(chance.randrange(max(1, rows - 40)))
        QApplication.processEvents()
        found.append((time.thread_time() - before) * 1000)
        time.sleep(0.004)  # rows are read meanwhile, as they are between a user's moves
    return found


def first_rows(folder: Path) -> tuple[float, float, Callable[[], tuple[QTableView, int]]]:
    """Seconds from choosing a case to its first rows, and until everything is read."""
    from casekit.ui.app import _warm, make_app
    from casekit.ui.window import Window

    app = make_app()
    _warm(None)
    window = Window()
    window.show()
    app.processEvents()
    began, seen = time.perf_counter(), 0.0
    window.open_case(folder)
    while True:
        app.processEvents()
        space = window.workspace
        if space is not None and not seen and space.model.row_at(0) is not None:
            seen = time.perf_counter() - began
        if (
            seen
            and space is not None
            and space.contents
            and not [j for j in window.jobs.waiting() if j.label != "look"]
        ):
            break
        time.sleep(0.001)
    whole = time.perf_counter() - began

    def end() -> tuple[QTableView, int]:
        assert window.workspace is not None
        return window.workspace.list, window.workspace.model.rowCount()

    windows.append(window)
    return seen, whole, end


windows: list[object] = []


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    plain, ours = start_times(EMPTY), start_times(OURS)
    say(
        f"process start to window: {ours[0]:.2f} s wall, {ours[1]:.2f} s CPU; "
        f"{ours[1] / plain[1]:.1f} times an empty QTableView ({plain[1]:.2f} s CPU)"
    )
    with tempfile.TemporaryDirectory() as place:
        build_case(Path(place) / "small").close()
        small, _, _ = first_rows(Path(place) / "small.casekit")
        say(f"case chosen to first rows: {small * 1000:.0f} ms (384 items)")
        build_big_case(Path(place) / "big", rows).close()
        seen, whole, end = first_rows(Path(place) / "big.casekit")
        say(
            f"case chosen to first rows: {seen * 1000:.0f} ms ({rows:,} items; all counts after {whole:.1f} s)"
        )
        view, number = end()
        ours_ms = sorted(frames(view, number))
        base = QTableView()
        base.setModel(Plain(rows))
        base.resize(view.size())
        base.show()
        base_ms = sorted(frames(base, rows))
        middle, plain_middle = statistics.median(ours_ms), statistics.median(base_ms)
        say(
            f"scrolling {number:,} rows: {middle:.1f} ms CPU a frame, 95 % under "
            f"{ours_ms[int(FRAMES * 0.95)]:.1f}; {middle / plain_middle:.1f} times a plain QTableView "
            f"({plain_middle:.1f} ms)"
        )
        for window in windows:
            window.close()  # type: ignore[attr-defined]


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

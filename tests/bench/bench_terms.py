"""Sixty terms joined by OR in the real window, while items are opened; then the report on those terms.

    python -m tests.bench.bench_terms [CASE | ITEMS]

Prints milliseconds to the first rows and to the whole list, of opening an item meanwhile, the longest time in
which the window's thread did nothing else, and the most memory. Without a case 600,000 exchanges are made.
"""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["CASEKIT_HOME"] = tempfile.mkdtemp(prefix="casekit-bench-")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from casekit.progress import Silent
from casekit.search import filling, term_report
from casekit.store.case import Case, create_case, open_case
from casekit.ui.app import make_app
from casekit.ui.sidebar import Scope
from casekit.ui.window import Window
from tests.bench.bench_search import texts
from tests.search.builders import add_logs

atexit.register(shutil.rmtree, os.environ["CASEKIT_HOME"], ignore_errors=True)
TERMS = 60
CHUNK = 50_000


def build(number: int) -> Path:
    """A case of so many exchanges, indexed by words."""
    folder = Path(os.environ["CASEKIT_HOME"]) / "Terms"
    prompts, outputs = texts(5_000, 400, 1), texts(4_999, 400, 2)
    with create_case(folder, "Terms") as case:
        for _ in range(0, number, CHUNK):
            add_logs(case, CHUNK, prompts, outputs)
        filling.index_pending(case, Silent())
        return case.folder


def common_terms(case: Case) -> list[str]:
    """Words of some texts of the case, as common as they come."""
    with case.read() as s:
        found = s.execute(text("SELECT text FROM item_text WHERE item_id % 997 = 0 LIMIT 400"))
        words = [w for row in found.scalars() for w in row.lower().split() if w.isalpha()]
    return sorted(set(words), key=lambda w: -words.count(w))[:TERMS]


class Watch:
    """The longest time between two ticks of a timer of the window's thread."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def begin(self) -> None:
        """Forget what was."""
        self.longest, self._last = 0.0, time.perf_counter()


def until(done: Callable[[], bool], seconds: float = 120.0) -> float:
    """Milliseconds until something holds, while the window goes on."""
    start = time.perf_counter()
    while not done():
        QApplication.processEvents()
        if time.perf_counter() - start > seconds:
            raise SystemExit("it does not come")
    return (time.perf_counter() - start) * 1000


def session(folder: Path, query: str, scopes: list[str]) -> None:
    """The search in the window, whole and narrowed, with an item opened while the list is being made."""
    window = Window()
    window.show()
    window.enter(open_case(folder))
    workspace = window.workspace
    assert workspace is not None
    assert window.shell is not None
    shell = window.shell
    until(lambda: workspace.outcome is not None and not window.jobs.busy())
    watch = Watch()
    for number, scope in enumerate(scopes):
        workspace.scope = Scope(scope, scope, scope)
        workspace.outcome = None
        watch.begin()
        workspace.run_search(query, "words")
        first = until(lambda: workspace.outcome is not None)
        wanted = int(workspace.model.ids[5 + 3 * number])
        workspace.open_item(wanted)
        opened = until(
            lambda wanted=wanted: (
                shell.selection.view is not None and shell.selection.view.row.id == wanted
            )
        )
        whole = until(lambda: workspace.outcome is not None and workspace.outcome.whole)
        print(
            f"{scope or 'all':16} first rows {first:6.0f} ms, an item opened meanwhile {opened:5.0f} ms, "
            f"whole list {first + opened + whole:7.0f} ms, longest stall {watch.longest * 1000:4.0f} ms"
        )
    watch._timer.stop()
    window.close()


def main() -> None:
    given = sys.argv[1] if len(sys.argv) > 1 else "600000"
    folder = build(int(given)) if given.isdigit() else Path(given)
    app = make_app()
    with open_case(folder) as case:
        terms = common_terms(case)
        session(folder, " OR ".join(terms), ["", "in:api-log", "status:200"])
        start = time.perf_counter()
        made = term_report.report(case, [term_report.Term(n, t) for n, t in enumerate(terms)])
        seconds = time.perf_counter() - start
    print(f"report on {len(terms)} terms, {sum(r.hits for r in made.rows):,} hits: {seconds:.1f} s")
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")
    app.quit()


if __name__ == "__main__":
    main()

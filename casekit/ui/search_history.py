"""The history of searches in the window: what was searched, when, by whom; run again, annotated, saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
)

from casekit.errors import CaseKitError
from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.chrome import verbs
from casekit.ui.pages import REVIEW
from casekit.ui.sidebar import EVERYTHING, Scope
from casekit.ui.tables import choosing_table

if TYPE_CHECKING:
    from casekit.queries.search_history import SearchRun
    from casekit.search.again import Again
    from casekit.ui.searching import Outcome
    from casekit.ui.window import Window
    from casekit.ui.workspace import Workspace

HEADS = ("When (UTC)", "Who", "Search", "Hits then", "Now", "Remark")
WIDTHS = (140, 140, 320, 80, 190, 160)
_SHOWN = 200


class SearchHistory(QDialog):
    """A window beside the main one with the searches of the case, newest first."""

    def __init__(self, window: Window, runs: list[SearchRun]) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("History of searches"))
        self.resize(1080, 520)
        self._window, self.runs = window, runs
        self.table = choosing_table(tr("Searches, newest first"), len(runs), HEADS, WIDTHS)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.cellDoubleClicked.connect(lambda _row, _column: self.list_again())
        for number, run in enumerate(runs):
            mode = "" if run.mode == "words" else f"  ({tr(run.mode)})"
            within = f"  ← {run.scope}" if run.scope else ""
            cells = (run.at[:16].replace("T", " "), run.by, run.query + within + mode,
                     f"{run.hits:,}", "", run.note)  # fmt: skip
            for column, text in enumerate(cells):
                self._put(number, column, text)
            if run.resolved:  # what saved searches in it stood for then
                self._put(number, 2, cells[2], f"{cells[2]}\n= {run.resolved}")
        if runs:
            self.table.selectRow(0)
        self._lay_out()

    def _lay_out(self) -> None:
        head = Label(tr("History of searches"))
        head.setFont(fonts.sans(17, fonts.SEMIBOLD))
        about = Label(
            tr(
                "Work product: kept in the log, and no export shows it. Double-click a search to list it again."
            )
        )
        about.setProperty("quiet", True)
        about.setWordWrap(True)
        buttons = verbs(
            (
                (tr("List again"), self.list_again), (tr("Count again"), self.count_again),
                (tr("Remark …"), self.annotate), (tr("Save under a name …"), self.save),
            )
        )  # fmt: skip
        buttons.addStretch(1)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        for widget in (head, about):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)

    def _put(self, row: int, column: int, text: str, tip: str = "") -> None:
        cell = QTableWidgetItem(text)
        cell.setToolTip(tip or text)
        self.table.setItem(row, column, cell)

    def _chosen(self) -> tuple[int, SearchRun] | None:
        row = self.table.currentRow()
        return (row, self.runs[row]) if 0 <= row < len(self.runs) else None

    def list_again(self) -> None:
        """List what the chosen search finds now."""
        chosen, workspace = self._chosen(), self._window.workspace
        if chosen is None or workspace is None:
            return
        _, run = chosen
        self._window.show_page(REVIEW)
        workspace.scope = Scope(run.scope, run.scope, run.scope) if run.scope else EVERYTHING
        workspace.sidebar.mark(workspace.scope.key)
        self._window.search.put(run.query, run.mode)
        workspace.run_search(run.query, run.mode)
        self.close()

    def count_again(self) -> None:
        """Say how many items the chosen search finds now, and how many of them came in since."""
        chosen, shell = self._chosen(), self._window.shell
        if chosen is None or shell is None:
            return
        number, run = chosen
        case = shell.case

        def work(_progress: object) -> Again:
            from casekit.search.again import search_again

            return search_again(case, run)

        shell.jobs.start("count again", work, lambda now: self._arrived(number, now), self._failed)

    def _arrived(self, number: int, now: Again) -> None:
        if self not in self._window.findChildren(SearchHistory):
            return
        change = now.hits - self.runs[number].hits
        said = tr("{n} ({change}; {new} received since)", n=now.hits, change=f"{change:+,}",
                  new=now.received_since)  # fmt: skip
        self._put(number, 4, said)

    def _failed(self, error: CaseKitError) -> None:
        self._window.refuse(error)

    def annotate(self) -> None:
        """Write a remark on the chosen search."""
        from casekit.ops import searches

        chosen, shell = self._chosen(), self._window.shell
        if chosen is None or shell is None:
            return
        number, run = chosen
        text = self._window.ask.text(tr("Remark on this search"), tr("Remark"), run.note)
        if text:
            self._put(number, 5, text)
            shell.do("annotate search", lambda s: searches.annotate_search(s, run.act, text))

    def save(self) -> None:
        """Save the chosen search under a name."""
        from casekit.ui import saved_searches

        chosen = self._chosen()
        if chosen is None:
            return
        _, run = chosen
        query = " ".join(t for t in (run.scope, f"({run.query})" if run.scope else run.query) if t)
        saved_searches.save(self._window, query, run.mode, run.query)


def show_history(window: Window) -> None:
    """Open the history beside the window."""
    if window.shell is None:
        return

    def query(s: Any) -> list[SearchRun]:
        from casekit.queries.search_history import history

        return history(s, _SHOWN)

    def arrived(runs: list[SearchRun]) -> None:
        if not runs:
            window.say(tr("Nothing was searched yet."))
            return
        SearchHistory(window, runs).show()

    window.shell.read("history", query, arrived)


def keep(workspace: Workspace, outcome: Outcome) -> None:
    """Write a finished search into the history, but not the same one again."""
    wanted, before = outcome.wanted, workspace.kept
    workspace.kept = outcome
    if not wanted.text.strip() or wanted.kind != "items":
        return
    if before is not None and (before.wanted.text, before.wanted.scope, before.wanted.mode) == (
        wanted.text, wanted.scope, wanted.mode,
    ):  # fmt: skip
        return
    shell = workspace.shell
    case = shell.case

    def work(_progress: object) -> int:
        from casekit.search.again import record_run

        return record_run(case, wanted.text, outcome.total, wanted.mode, wanted.scope)

    def kept(act: int) -> None:
        workspace.head_known = max(workspace.head_known, act)  # our own entry is no news

    shell.jobs.start("history", work, kept, shell.window.refuse, lane="write")

"""The search-term report in the window: a list of terms on the left, what each of them finds on the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from casekit.errors import Cancelled, CaseKitError
from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.pages import REVIEW
from casekit.ui.searching import REASONS
from casekit.ui.sidebar import EVERYTHING, Scope
from casekit.ui.tables import choosing_table

if TYPE_CHECKING:
    from casekit.progress import Progress
    from casekit.search.term_report import TermReport, TermRow
    from casekit.ui.jobs import Job
    from casekit.ui.window import Window

HEADS = ("Term", "Hits", "Unique hits", "With family", "Remark")
WIDTHS = (230, 80, 95, 95, 200)
LOOK_MS = 100


class TermReportDialog(QDialog):
    """A window beside the main one; `counted` is its last report."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setObjectName("term-report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Search-term report"))
        self.resize(1180, 620)
        self._window = window
        self._closed = False
        self._job: Job[TermReport] | None = None
        self.counted: TermReport | None = None
        self.terms = QPlainTextEdit()
        self.terms.setFont(fonts.mono())
        self.terms.setAccessibleName(tr("Terms, one on each line"))
        self.terms.setPlaceholderText(tr("One search on each line, as in the search field"))
        scope = window.workspace.scope.query if window.workspace is not None else ""
        self._scope = scope
        self.scoped = QCheckBox(tr("Only in what is listed: {scope}", scope=scope))
        self.scoped.setVisible(bool(scope))
        self.table = self._empty_table()
        self.said = Label()
        self.said.setProperty("quiet", True)
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.count = _button(tr("Count"), self._run)
        self.count.setProperty("primary", True)
        self.count.setDefault(True)
        self.stop = _button(tr("Stop"), self._cancel)
        self.stop.hide()
        self.save = _button(tr("Save as XLSX …"), self._save)
        self.save.setEnabled(False)
        self._lay_out()
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        if window.shell is not None:
            window.shell.ends.append(self._end)

    def _lay_out(self) -> None:
        head = Label(tr("Search-term report"))
        head.setFont(fonts.sans(17, fonts.SEMIBOLD))
        about = Label(
            tr("Exact counts by words, the same as the list shows: hits, hits that no other term has, and "
               "hits with all of their families. Double-click a term to list its hits.")
        )  # fmt: skip
        about.setProperty("quiet", True)
        about.setWordWrap(True)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.terms, 1)
        column.addWidget(self.scoped)
        row = QHBoxLayout()
        row.addWidget(_button(tr("From a file …"), self._load))
        row.addStretch(1)
        row.addWidget(self.stop)
        row.addWidget(self.count)
        column.addLayout(row)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setHandleWidth(1)
        panes.setChildrenCollapsible(False)
        panes.addWidget(left)
        panes.addWidget(right)
        panes.setStretchFactor(1, 1)
        panes.setSizes([260, 900])
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        buttons.addWidget(_button(tr("Close"), self.close))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 20, 24, 18)
        outer.setSpacing(12)
        outer.addWidget(head)
        outer.addWidget(about)
        outer.addWidget(panes, 1)
        outer.addLayout(buttons)

    def _empty_table(self) -> QTableWidget:
        table = choosing_table(tr("Terms with their counts"), 0, HEADS, WIDTHS)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.cellDoubleClicked.connect(lambda row, _column: self.open_row(row))
        table.cellActivated.connect(lambda row, _column: self.open_row(row))
        return table

    # -- counting ---------------------------------------------------------------------------------

    def _run(self) -> None:
        from casekit.search import term_report

        shell = self._window.shell
        if shell is None or self._job is not None:
            return
        try:
            terms = term_report.read_terms(self.terms.toPlainText())
        except CaseKitError as error:
            self._say(translated(error), bad=True)
            return
        case, scope = shell.case, self._scope if self.scoped.isChecked() else ""

        def work(progress: Progress) -> TermReport:
            return term_report.report(case, terms, scope=scope, progress=progress)

        self._busy(True)
        self._job = shell.jobs.start(
            tr("Counting terms"), work, self._arrived, self._failed, lane="long"
        )

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _busy(self, on: bool) -> None:
        self.stop.setVisible(on)
        self.count.setEnabled(not on)
        if on:
            self._look.start()
        else:
            self._look.stop()
            self._job = None

    def _show_progress(self) -> None:
        if self._job is not None and self._job.total:
            self._say(tr("{done} of {total} terms counted …", done=self._job.done,
                         total=self._job.total))  # fmt: skip

    def _failed(self, error: CaseKitError) -> None:
        if self._closed:
            return
        self._busy(False)
        said = tr("Stopped; nothing was counted.") if isinstance(error, Cancelled) else ""
        self._say(said or translated(error), bad=not said)

    def _arrived(self, report: TermReport) -> None:
        if self._closed:
            return
        self._busy(False)
        self.counted = report
        self.save.setEnabled(True)
        self.table.setRowCount(len(report.rows))
        for number, row in enumerate(report.rows):
            for column, (text, figure) in enumerate(_cells(row)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                if figure:
                    cell.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(number, column, cell)
        self._say(totals(report))

    def _say(self, text: str, *, bad: bool = False) -> None:
        if not self._closed:
            self.said.setText("▲ " + text if bad else text)

    # -- files and lists --------------------------------------------------------------------------

    def _load(self) -> None:
        from casekit.search import term_report

        path = self._window.ask.one_file()
        if path is None:
            return
        try:
            terms = term_report.read_terms(path.read_bytes())
        except OSError as error:
            self._say(
                tr("The file cannot be read: {why}", why=error.strerror or str(error)), bad=True
            )
            return
        except CaseKitError as error:
            self._say(translated(error), bad=True)
            return
        self.terms.setPlainText("\n".join(term.query for term in terms))

    def _save(self) -> None:
        shell, report = self._window.shell, self.counted
        if shell is None or report is None:
            return
        given = shell.case.folder.parent / "search-terms.xlsx"
        out = self._window.ask.save_file(tr("Save the report"), given, "XLSX (*.xlsx)")
        if out is None:
            return
        case = shell.case

        def work(_progress: Progress) -> Path:
            from casekit.jobs import term_report as job

            job.write(case, report, out)
            return out

        shell.jobs.start(
            tr("Saving the report"), work, lambda p: self._say(tr("Saved: {name}", name=p.name)),
            lambda error: self._say(translated(error), bad=True),
        )  # fmt: skip

    def open_row(self, row: int) -> None:
        """List the hits of one term in the main window."""
        report, workspace = self.counted, self._window.workspace
        if report is None or workspace is None or report.rows[row].error:
            return
        query, scope = report.rows[row].query, report.scope
        self._window.show_page(REVIEW)
        workspace.scope = Scope(scope, scope, scope) if scope else EVERYTHING
        workspace.sidebar.mark(workspace.scope.key)
        self._window.search.put(query, "words")
        workspace.run_search(query, "words")
        self._window.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is being counted is let go."""
        self._closed = True
        self._cancel()
        self._look.stop()
        shell = self._window.shell
        if shell is not None and self._end in shell.ends:
            shell.ends.remove(self._end)
        super().closeEvent(event)

    def _end(self) -> None:
        self.close()


def totals(report: TermReport) -> str:
    """What the report comes to, in sentences."""
    said = [
        tr_count("1 item searched.", "{n} items searched.", report.searched),
        tr("{n} have a hit of any term; with their families {m}.", n=report.total,
           m=report.total_with_family),
    ]  # fmt: skip
    if report.not_searched:
        reasons = ", ".join(
            f"{each.count:,} {tr(REASONS[each.reason])}" for each in report.not_searched
        )
        said.append(tr("Not searched: {reasons}.", reasons=reasons))
    said.append(tr("Set: SHA-256 {hash} …", hash=report.set_hash.hex()[:16]))
    return " ".join(said)


def _cells(row: TermRow) -> tuple[tuple[str, bool], ...]:
    if row.error:
        # the place stands in the line itself: a caret below would need a line of its own
        caret = f"{row.query[: row.position]}▸{row.query[row.position :]}"
        return (caret, False), *((("–", True),) * 3), (f"▲ {row.error}", False)
    figures = ((f"{n:,}", True) for n in (row.hits, row.unique, row.with_family))
    said = "▲ " + "; ".join(row.warnings) if row.warnings else ""
    return (row.query, False), *figures, (said, False)


def _button(text: str, do: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(do)
    return button


def show_term_report(window: Window) -> None:
    """Open the report beside the window."""
    if window.shell is not None:
        dialog = TermReportDialog(window)
        dialog.show()
        dialog.terms.setFocus()

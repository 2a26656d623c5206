"""The findings of a case: the list at the left, the one that is chosen to read, and new ones computed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui.chrome import ListBeside
from casekit.ui.finding_question import Question
from casekit.ui.finding_view import FindingView, FindingWants
from casekit.ui.new_finding import NewFinding

if TYPE_CHECKING:
    from casekit.errors import CaseKitError
    from casekit.jobs.finding import Again, Made
    from casekit.ops.journal import Changes
    from casekit.progress import Progress
    from casekit.queries.findings import FindingRow
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

WHAT = (
    "A finding answers one question about models by a published method, beside controls, with its error rate "
    "and the innocent explanations that remain. Every run is kept, also one that finds nothing."
)


def new_finding(window: Window) -> None:
    """Raise the page and ask for a question."""
    window.show_page("findings")
    if window.pages is not None:
        page = window.pages.page("findings")
        assert isinstance(page, FindingsPage)
        page.ask()


class FindingsPage(QWidget):
    """The page of findings."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.rows: dict[int, tuple[FindingRow, str]] = {}
        self._on_view: tuple[FindingRow, str] | None = None
        self.view = FindingView(FindingWants(self._query, self._pair, self._again, self._account))
        both = ListBeside(tr("Findings"), tr("New finding …"), self.ask, self._chosen, self.view)
        self.list, self._count = both.list, both.number
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(both)
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self.read)

    def shown(self) -> None:
        """Read the findings when the page is raised."""
        self.read()
        self.list.setFocus()

    def read(self, then: int | None = None) -> None:
        """Read all findings again; `then` is chosen, else what was."""

        def query(s: Any) -> list[tuple[FindingRow, str]]:
            from casekit.analysis import again
            from casekit.queries import findings

            return [(row, again.sentence(row.kind, row.body)) for row in findings.findings(s)]

        self._shell.read("findings", query, partial(self._show, then))

    def ask(self) -> None:
        """Ask for a question, and compute it."""

        def query(s: Any) -> tuple[list[str], list[str], list[str]]:
            from casekit.analysis import shipped
            from casekit.queries import canaries, facets

            models = [one.value for one in facets.models(s)]
            return models, shipped.originals(), [one.name for one in canaries.sets(s)]

        def arrived(found: tuple[list[str], list[str], list[str]]) -> None:
            models, originals, sets = found
            dialog = NewFinding(
                self._shell.window, models, self.compute, originals, sets, self._look
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self._shell.read("models", query, arrived)

    def compute(self, asked: Question) -> None:
        """Compute a question as a job that can be cancelled, keep the finding and show it."""
        case = self._shell.case

        def work(progress: Progress) -> Made:
            return asked.make(case, progress)

        def done(made: Made) -> None:
            self.read(then=made.id)
            self._shell.window.say(tr("Kept as finding F-{id}.", id=made.id))

        label = tr("Computing a finding")
        self._shell.jobs.start(label, work, done, self._shell.window.refuse, lane="long")

    # -- inside -----------------------------------------------------------------------------------

    def _look(
        self, work: Callable[[], str], done: Callable[[str], None],
        refused: Callable[[CaseKitError], None],
    ) -> None:  # fmt: skip
        """Read a table off the window's thread."""
        self._shell.jobs.start("table", lambda _progress: work(), done, refused, lane="page")

    def _show(self, then: int | None, found: list[tuple[FindingRow, str]]) -> None:
        item = self.list.currentItem()
        before = then if then is not None else item.data(Qt.ItemDataRole.UserRole) if item else None
        self.rows = {row.id: (row, sentence) for row, sentence in found}
        self._count.setText(tr_count("1 finding", "{n} findings", len(found)))
        self.list.blockSignals(True)
        self.list.clear()
        for row, _ in found:
            entry = QListWidgetItem(f"F-{row.id}  {translated(row.title)}", self.list)
            entry.setData(Qt.ItemDataRole.UserRole, row.id)
            if row.id == before:
                self.list.setCurrentItem(entry)
        self.list.blockSignals(False)
        if self.list.currentRow() < 0 and found:
            self.list.setCurrentRow(0)
        else:
            self._chosen(self.list.currentItem())

    def _chosen(self, item: QListWidgetItem | None) -> None:
        """Show the chosen finding, unless it is shown already: what is read keeps its place."""
        if item is None:
            self._on_view = None
            self.view.show_text(tr("No finding yet"), tr(WHAT))
            return
        wanted = self.rows[item.data(Qt.ItemDataRole.UserRole)]
        if wanted != self._on_view:
            self._on_view = wanted
            self.view.show_finding(*wanted)

    def _account(self, name: str) -> None:
        """Go to an account among all that appear, and so to the person it was united with."""
        from casekit.ui.people import PeoplePage

        pages = self._shell.window.pages
        page = pages.page("people") if pages is not None else None
        if isinstance(page, PeoplePage):
            page.go_to("account", name)
            self._shell.window.show_page("people")

    def _query(self, label: str, query: str) -> None:
        assert self._shell.window.workspace is not None
        self._shell.window.workspace.show_query(label, query)

    def _pair(self, label: str, ids: list[int]) -> None:
        assert self._shell.window.workspace is not None
        self._shell.window.workspace.show_items(label, ids)

    def _again(self, number: int) -> None:
        case, view = self._shell.case, self.view

        def work(progress: Progress) -> Again:
            from casekit.jobs import finding

            return finding.make_again(case, number, progress)

        def done(made: Again) -> None:
            same = tr("✓ The same bytes came out.")
            differs = tr("▲ It differs now in: {parts}.", parts=", ".join(made.differences))
            item = self.list.currentItem()
            if item is not None and item.data(Qt.ItemDataRole.UserRole) == number:
                view.again.setText(differs if made.differences else same)
            self._shell.window.say(f"F-{number}: {differs if made.differences else same}")

        self._shell.jobs.start(
            tr("Computing again"), work, done, self._shell.window.refuse, lane="long"
        )

    def _changed(self, changes: Changes) -> None:
        if "findings" in changes.kinds:
            self.read()

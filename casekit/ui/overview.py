"""The page that a case opens with again: how the matter stands, and what is to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from casekit import clock
from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui import theme
from casekit.ui.finding_parts import head, line
from casekit.ui.nav import NavRow
from casekit.ui.pages import REVIEW
from casekit.ui.sidebar import COLLECTIONS, Scope, quoted
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.findings import FindingRow
    from casekit.queries.overview import Overview, Step
    from casekit.ui.shell import Shell

NARROW = 880  # pixels; below them the two columns stand under each other
MOST = 8
STATE_WORDS = {
    "running": "running",
    "finished": "finished",
    "cancelled": "cancelled",
    "failed": "failed",
}
NOTHING = (
    "Nothing is here yet. Drop files or folders onto the window: model outputs, API logs, mail, documents. "
    "Each is copied, hashed and logged before anything reads it; yours stays as it is."
)
_ICONS = {"problems": "alert-outline", "broken-off": "alert-outline", "recall": "alert-outline"}


@dataclass(frozen=True, slots=True)
class Told:
    """What the page shows: the state of the matter, and of each finding the sentence that it comes to."""

    state: Overview
    findings: tuple[tuple[FindingRow, str], ...]


def read_state(s: Any) -> Told:
    """Everything for the page in one snapshot."""
    from casekit.analysis import again
    from casekit.queries.overview import overview

    state = overview(s)
    return Told(state, tuple((row, again.sentence(row.kind, row.body)) for row in state.findings))


class Share(QWidget):
    """A bar that is filled as far as something is done; the figures stand beside it in words."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self._part = done / total if total else 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the whole, and the part in it."""
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(10, 2, self.width() - 20, 5)
        painter.setBrush(QColor(t.line))
        painter.drawRoundedRect(whole, 2.5, 2.5)
        whole.setWidth(whole.width() * self._part)
        painter.setBrush(QColor(t.accent))
        painter.drawRoundedRect(whole, 2.5, 2.5)


class OverviewPage(QScrollArea):
    """Two columns: what is to do and what happened; how far everything is."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.told: Told | None = None
        self.rows: dict[str, NavRow] = {}
        self.setObjectName("overview")
        self.setAccessibleName(tr("Overview"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._columns: QBoxLayout | None = None
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self.read)

    def shown(self) -> None:
        """Read the state when the page is raised."""
        self.read()

    def read(self) -> None:
        """Read the state of the matter again."""
        self._shell.read("state", read_state, self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns beside each other where there is room."""
        super().resizeEvent(event)
        self._arrange()

    # -- inside -----------------------------------------------------------------------------------

    def _changed(self, _changes: Changes) -> None:
        if self.isVisible():
            self.read()

    def _arrange(self) -> None:
        if self._columns is not None:
            beside = self.viewport().width() >= NARROW
            way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
            self._columns.setDirection(way)

    def _show(self, told: Told) -> None:
        if told == self.told:
            return
        self.told = told
        focused = next((key for key, row in self.rows.items() if row.hasFocus()), None)
        place = self.verticalScrollBar().value()
        self.rows = {}
        inside = QWidget()
        inside.setObjectName("page")
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(24, 16, 24, 24)
        outer.setSpacing(0)
        outer.addWidget(line(shown(told.state.matter.name), size=17))
        outer.addWidget(line(self._what_there_is(told.state), quiet=True))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(40)
        self._columns.addLayout(self._left(told), 3)
        self._columns.addLayout(self._right(told), 2)
        outer.addLayout(self._columns)
        outer.addStretch(1)
        self._arrange()
        self.setWidget(inside)
        self.verticalScrollBar().setValue(place)
        if focused in self.rows:
            self.rows[focused].setFocus()

    def _what_there_is(self, state: Overview) -> str:
        about = [state.matter.number, state.matter.court] if state.items else []
        items = tr_count("1 item", "{n} items", state.items)
        files = tr_count("from 1 file", "from {n} files", state.originals)
        size = QLocale().formattedDataSize(state.bytes)
        return " · ".join(shown(part) for part in (*about, f"{items} {files}", size) if part)

    def _left(self, told: Told) -> QVBoxLayout:
        state = told.state
        column = _column()
        column.addWidget(head(tr("Next steps")))
        if not state.items and not state.arrivals:
            column.addWidget(line(tr(NOTHING)))
        elif not state.steps:
            column.addWidget(line(tr("Nothing is waiting."), quiet=True))
        for number, step in enumerate(state.steps):
            words = tr(step.template, n=step.count, name=shown(step.name))
            icon = _ICONS.get(step.key, "arrow-right")
            self._row(column, f"step:{number}", words, partial(self._go, step), icon=icon)
        if state.arrivals:
            column.addWidget(head(tr("What came in")))
        for one in state.arrivals[:MOST]:
            name = ", ".join(map(shown, one.sources)) or tr(
                "(not told: something of it is sequestered)"
            )
            count = tr_count("1 item", "{n} items", one.items)
            if one.state != "finished":
                count = f"▲ {tr(STATE_WORDS.get(one.state, one.state))} · {count}"
            elif one.problems:
                count = f"▲ {tr_count('1 problem', '{n} problems', one.problems)} · {count}"
            words = f"{clock.iso(one.started_us)[:10]}   {name}"
            self._row(column, f"run:{one.run_id}", words, self._reports, count)
        if state.unread:
            words = tr_count(
                "1 file is kept and not read", "{n} files are kept and not read", state.unread
            )
            self._row(column, "unread", words, self._problems, icon="alert-outline")
        if state.lately:
            column.addWidget(head(tr("Done last")))
        for act in state.lately:
            words = f"{act.at[:10]} {act.at[11:16]}   {shown(act.actor)}: {shown(translated(act.label))}"
            if act.count > 1:
                words += f" ({tr('and {n} alike', n=act.count - 1)})"
            column.addWidget(_quiet(words))
        column.addStretch(1)
        return column

    def _right(self, told: Told) -> QVBoxLayout:
        state = told.state
        column = _column()
        self._evidence(column, state)
        self._review(column, state)
        self._argument(column, told)
        column.addStretch(1)
        return column

    def _evidence(self, column: QVBoxLayout, state: Overview) -> None:
        if not state.items:
            return
        column.addWidget(head(tr("Evidence")))
        counts = {each.value: each.count for each in state.collections}
        for value, label, icon in COLLECTIONS:
            if counts.get(value):
                scope = Scope(f"in:{value}", tr(label), f"in:{value}")
                self._scope(column, scope, counts[value], icon)
        if state.custodians:
            column.addWidget(head(tr("Custodians")))
        for each in state.custodians[:MOST]:
            query = f"custodian:{quoted(each.value)}"
            self._scope(column, Scope(query, each.value, query), each.count, "account-outline")

    def _review(self, column: QVBoxLayout, state: Overview) -> None:
        decided = state.privilege["not-privileged"] + state.privilege["privileged"]
        asked = decided + state.privilege["undecided"]
        if not asked and not state.sets:
            return
        column.addWidget(head(tr("Review")))
        if asked:
            scope = Scope("privilege:undecided", tr("Privilege not decided"), "privilege:undecided")
            figure = f"{decided:,} / {asked:,}"
            self._scope(column, scope, figure, "shield-check-outline", tr("Privilege decided"))
            column.addWidget(Share(decided, asked))
        for row in state.sets[:MOST]:
            scope = Scope(f"review:{row.id}", row.name, kind="review", ids=(row.id,))
            self._scope(column, scope, f"{row.done:,} / {row.total:,}", "clipboard-list-outline")
            column.addWidget(Share(row.done, row.total))

    def _argument(self, column: QVBoxLayout, told: Told) -> None:
        state = told.state
        if told.findings:
            column.addWidget(head(tr("Findings")))
        for row, sentence in told.findings[-MOST:]:
            words = f"F-{row.id}  {shown(row.title)}"
            self._row(
                column,
                f"finding:{row.id}",
                words,
                partial(self._finding, row.id),
                icon="scale-balance",
            )
            told_line = line(shown(translated(sentence)), quiet=True, size=12)
            told_line.setContentsMargins(38, 0, 10, 4)
            column.addWidget(told_line)
        if state.claims or state.facts:
            column.addWidget(head(tr("Claims and facts")))
            facts = tr_count("1 fact", "{n} facts", state.facts)
            self._row(column, "facts", facts, lambda: self._facts(0), icon="notebook-check-outline")
        for each in state.claims:
            held = each.elements - each.gaps
            figure = tr("{n} of {m} elements rest on evidence", n=held, m=each.elements)
            self._row(column, f"claim:{each.id}", shown(each.name), lambda: self._facts(1), figure)
            column.addWidget(Share(held, each.elements))
        if state.exhibits or state.issued:
            column.addWidget(head(tr("Exhibits and dossiers")))
            scope = Scope("exhibits", tr("Exhibits"), kind="exhibits")
            self._scope(column, scope, state.exhibits, "certificate-outline")
        for version in state.issued[-MOST:]:
            words = f"{clock.iso(version.at_us)[:10]}   {shown(version.title)}"
            pages = tr_count("1 page", "{n} pages", version.pages)
            self._row(column, f"issued:{version.number}", words, self._issued, pages)

    def _row(
        self, column: QVBoxLayout, key: str, words: str, run: Callable[[], None],
        figure: str | int = "", icon: str = "",
    ) -> None:  # fmt: skip
        row = NavRow(words, run, icon=icon)
        row.setCheckable(False)
        row.setToolTip(words)
        if figure != "":
            row.set_count(figure)
        self.rows[key] = row
        column.addWidget(row)

    def _scope(
        self, column: QVBoxLayout, scope: Scope, figure: str | int, icon: str, words: str = ""
    ) -> None:
        text = words or shown(scope.label)
        self._row(column, scope.key, text, lambda: self._list(scope), figure, icon)

    # -- where a row leads ------------------------------------------------------------------------

    def _list(self, scope: Scope) -> None:
        window = self._shell.window
        window.show_page(REVIEW)
        if window.workspace is not None:
            window.workspace.show_scope(scope)

    def _problems(self) -> None:
        self._list(Scope("problems", tr("Problems"), kind="problems"))

    def _reports(self) -> None:
        self._shell.window.trigger("evidence.report")

    def _issued(self) -> None:
        self._shell.window.trigger("issued.list")

    def _facts(self, view: int) -> None:
        from casekit.ui.facts_page import FactsPage

        window = self._shell.window
        window.show_page("facts")
        page = window.pages.page("facts") if window.pages is not None else None
        if isinstance(page, FactsPage):
            page.show_view(view)

    def _finding(self, number: int) -> None:
        from casekit.ui.findings_page import FindingsPage

        window = self._shell.window
        window.show_page("findings")
        page = window.pages.page("findings") if window.pages is not None else None
        if isinstance(page, FindingsPage):
            page.read(then=number)

    def _sets(self, step: Step) -> None:
        from casekit.ui.review_page import CONFLICTS, ReviewPage

        window = self._shell.window
        window.show_page("sets")
        page = window.pages.page("sets") if window.pages is not None else None
        if isinstance(page, ReviewPage) and step.id:
            page.choose(step.id, CONFLICTS if step.key == "conflicts" else 0)

    def _go(self, step: Step) -> None:
        """Go where a step is done."""
        if step.key in ("conflicts", "unassigned", "recall"):
            self._sets(step)
        elif step.key == "left":
            self._list(Scope(f"review:{step.id}", step.name, kind="review", ids=(step.id,)))
        elif step.key in _ACTIONS:
            self._shell.window.trigger(_ACTIONS[step.key])
        elif step.key == "undecided":
            scope = Scope("privilege:undecided", tr("Privilege not decided"), "privilege:undecided")
            self._list(scope)
        elif step.key == "problems":
            self._problems()
        elif step.key in ("claim", "gap", "unsupported"):
            self._facts(1 if step.key == "gap" else 0)
        else:
            self._list(Scope("all", tr("Everything")))


_ACTIONS = {
    "begin": "evidence.import",
    "broken-off": "evidence.report",
    "times": "times.decide",
    "finding": "finding.new",
    "issue": "dossier.edit",
}
"""Steps that an action of the table leads to."""


def _column() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    return column


def _quiet(words: str) -> QLabel:
    label = line(words, quiet=True, size=12)
    label.setContentsMargins(10, 3, 10, 3)
    return label

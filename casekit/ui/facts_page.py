"""The facts of a case: the table, the elements with their gaps, and the chronology, with the chosen one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import fonts, in_force_forms, making_facts
from casekit.ui.basics import Choice, Label
from casekit.ui.chrome import choice
from casekit.ui.columns import Columns
from casekit.ui.fact_pages import lay_chronology, lay_element, lay_fact
from casekit.ui.fact_words import (
    STATE_SIGNS,
    STATE_WORDS,
    STATUS_WORDS,
    cite_label,
    facts_count,
    short,
)
from casekit.ui.facts_model import NEEDS, STATEMENT, WIDTHS, FactFilter, FactsModel
from casekit.ui.in_force_view import InForceView, Line, lay_line
from casekit.ui.pages import REVIEW
from casekit.ui.reading import ReadingPage
from casekit.ui.tables import choosing_table

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.claims import ClaimRow, MatrixRow
    from casekit.queries.facts import CiteRow, FactRow
    from casekit.queries.in_force import Document
    from casekit.ui.shell import Shell

VIEWS = ("Table", "Elements", "Chronology", "In force")
IN_FORCE = 3
MATRIX_HEADS = ("Element", "State", "For", "Against", "Evidence")
_MATRIX_WIDTHS = (420, 140, 60, 72, 170)
Matrix = list[tuple["ClaimRow", tuple["MatrixRow", ...]]]


class FactsPage(QWidget):
    """The page of facts."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.fact: FactRow | None = None
        self.matrix: Matrix = []
        self._lines: list[tuple[ClaimRow, MatrixRow | None]] = []
        self.model = FactsModel()
        self.table = self._make_table()
        self.elements = choosing_table(tr("Elements"), 0, MATRIX_HEADS, _MATRIX_WIDTHS)
        Columns(self.elements, 0, dict(enumerate(_MATRIX_WIDTHS[1:], 1)), needs={4: 560})
        self.elements.currentCellChanged.connect(lambda row, *_: self._show_line(row))
        self.chronology = ReadingPage(self._link)
        self.chronology.setAccessibleName(tr("Chronology"))
        self.chronology.measure = 1000
        self.views = QStackedWidget()
        self.in_force = InForceView(self._show_terms, ReadingPage(self._link))
        self.detail = ReadingPage(self._link)
        self.detail.setAccessibleName(tr("The chosen fact"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._panes())
        for widget in (self.table, self.elements, self.chronology, self.in_force):
            self.views.addWidget(widget)
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self.read)

    def shown(self) -> None:
        """Read the facts when the page is raised."""
        self.read()

    # -- layout -----------------------------------------------------------------------------------

    def _panes(self) -> QSplitter:
        both = QSplitter(Qt.Orientation.Horizontal, self)
        left = QWidget(both)
        left.setObjectName("centre")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        self.filters = QWidget()
        self.filters.setLayout(self._filters())
        column.addWidget(self.filters)
        column.addWidget(self.views, 1)
        right = QWidget(both)
        right.setObjectName("centre")
        right.setMinimumWidth(330)
        below = QVBoxLayout(right)
        below.setContentsMargins(0, 0, 0, 8)
        below.addWidget(self.detail, 1)
        below.addLayout(self._buttons())
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        both.addWidget(left)
        both.addWidget(right)
        both.setStretchFactor(0, 1)
        both.setSizes([900, 400])
        return both

    def _head(self) -> QHBoxLayout:
        self.count = Label()
        self.count.setFont(fonts.sans(13, fonts.MEDIUM))
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 12, 4)
        row.addWidget(self.count)
        row.addSpacing(12)
        self.tabs = [choice(tr(w), "mode", partial(self.show_view, n)) for n, w in enumerate(VIEWS)]
        self.tabs[0].setChecked(True)
        for button in self.tabs:
            row.addWidget(button)
        row.addStretch(1)
        self.add_claim = QPushButton(tr("Add claim"))
        self.add_claim.clicked.connect(lambda _on: self._claim_menu())
        new = QPushButton(tr("New fact …"))
        new.setProperty("primary", True)
        new.clicked.connect(lambda _on: making_facts.new_fact(self._shell.window))
        row.addWidget(self.add_claim)
        row.addSpacing(8)
        row.addWidget(new)
        return row

    def _filters(self) -> QHBoxLayout:
        self.text = QLineEdit()
        self.text.setPlaceholderText(tr("Words of the fact"))
        self.text.setAccessibleName(tr("Words of the fact"))
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(lambda _text: self._filter())
        self.status, self.element = Choice(), Choice()
        self.status.addItem(tr("Every status"), "")
        for status, words in STATUS_WORDS.items():
            self.status.addItem(tr(words), status)
        for box, name in ((self.status, tr("Status")), (self.element, tr("Element"))):
            box.setAccessibleName(name)
            box.activated.connect(lambda _n: self._filter())
        self.text.setMinimumWidth(120)
        for box in (self.status, self.element):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(11)
        self.uncited, self.unevaluated = QCheckBox(tr("No citation")), QCheckBox(tr("Unevaluated"))
        row = QHBoxLayout()
        row.setContentsMargins(16, 2, 12, 6)
        row.setSpacing(8)
        for widget in (self.text, self.status, self.element, self.uncited, self.unevaluated):
            row.addWidget(widget, 1 if widget is self.text else 0)
        for check in (self.uncited, self.unevaluated):
            check.toggled.connect(lambda _on: self._filter())
        return row

    def _buttons(self) -> QHBoxLayout:
        self.edit = QPushButton(tr("Edit …"))
        self.edit.clicked.connect(lambda _on: self._edit())
        self.link = QPushButton(tr("Elements …"))
        self.link.clicked.connect(lambda _on: self._link_menu())
        self.remove = QPushButton(tr("Take away"))
        self.remove.clicked.connect(lambda _on: self._remove())
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        for button in (self.edit, self.link, self.remove):
            button.setEnabled(False)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("Facts"))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setCornerButtonEnabled(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(32)
        header = table.horizontalHeader()
        header.setSortIndicator(1, Qt.SortOrder.AscendingOrder)
        header.setFixedHeight(32)
        header.setHighlightSections(False)
        Columns(table, STATEMENT, WIDTHS, NEEDS)
        table.setSortingEnabled(True)
        table.selectionModel().currentRowChanged.connect(self._current)
        table.doubleClicked.connect(lambda _index: self._edit())
        return table

    # -- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Read facts and elements again; what is chosen stays chosen."""

        def query(s: Any) -> tuple[list[FactRow], Matrix, list[Document]]:
            from casekit.queries import claims, facts, in_force

            rows = facts.facts(s, quotes=True)
            return rows, claims.matrix(s, rows), in_force.documents(s, quotes=True)

        self._shell.read("facts", query, self._show)

    def _show(self, found: tuple[list[FactRow], Matrix, list[Document]]) -> None:
        chosen = self.fact.id if self.fact is not None else 0
        rows, self.matrix, documents = found
        self.model.show_facts(rows)
        self.in_force.show_documents(documents)
        self._fill_elements()
        self._refilled(chosen)

    def _filter(self) -> None:
        chosen = self.fact.id if self.fact is not None else 0
        wanted = FactFilter(
            self.text.text(), self.status.currentData() or "", int(self.element.currentData() or 0),
            self.uncited.isChecked(), self.unevaluated.isChecked(),
        )  # fmt: skip
        self.model.show_filter(wanted)
        self._refilled(chosen)

    def _refilled(self, chosen: int) -> None:
        listed, every = len(self.model.rows), len(self.model.every)
        self.count.setText(
            facts_count(every) if listed == every else tr("{n} of {m} facts", n=listed, m=every)
        )
        lay_chronology(self.chronology, [r for r in self.model.every if self.model.filter.lets(r)])
        row = self.model.row_of(chosen)
        if listed:
            self.table.setCurrentIndex(self.model.index(max(row, 0), STATEMENT))
        else:
            self._show_fact(None)
        self._show_terms(self.in_force.line())

    def _fill_elements(self) -> None:
        chosen = self.element.currentData()
        self.element.clear()
        self.element.addItem(tr("Every element"), 0)
        self.element.addItem(tr("To no element"), -1)
        self._lines = []
        for claim, rows in self.matrix:
            self._lines += [(claim, None), *((claim, row) for row in rows)]
            for row in rows:
                self.element.addItem(short(row.element.name, 60), row.element.id)
        self.element.setCurrentIndex(max(0, self.element.findData(chosen)))
        self.elements.setRowCount(len(self._lines))
        for line, (claim, one) in enumerate(self._lines):
            _write(self.elements, line, claim, one)

    # -- choosing ---------------------------------------------------------------------------------

    def show_view(self, number: int) -> None:
        """Raise the table, the elements, the chronology or the documents in force."""
        self.tabs[number].setChecked(True)
        self.views.setCurrentIndex(number)
        self.filters.setVisible(number != IN_FORCE)
        if number == IN_FORCE:
            self._show_terms(self.in_force.line())

    def show_fact(self, fact_id: int) -> None:
        """Choose a fact, whatever the filters let through."""
        row = next((each for each in self.model.every if each.id == fact_id), None)
        self._show_fact(row)

    def _current(self, index: QModelIndex, _before: object = None) -> None:
        if index.isValid():
            self._show_fact(self.model.rows[index.row()])

    def _show_fact(self, row: FactRow | None) -> None:
        self.fact = row
        for button in (self.edit, self.link, self.remove):
            button.setEnabled(row is not None)
        if row is not None:
            lay_fact(self.detail, row)
            return
        self.detail.begin()
        self.detail.line(
            (tr("Mark text in an item and press F to make a fact that cites it."), "quiet"), above=8
        )
        self.detail.end()

    def _show_line(self, line: int) -> None:
        if 0 <= line < len(self._lines):
            self.fact = None
            for button in (self.edit, self.link, self.remove):
                button.setEnabled(False)
            lay_element(self.detail, *self._lines[line])

    def _show_terms(self, line: Line | None) -> None:
        if self.views.currentIndex() != IN_FORCE:
            return
        self.fact = None
        self.edit.setEnabled(line is not None and line.what == "version")
        self.link.setEnabled(False)
        self.remove.setEnabled(line is not None)
        lay_line(self.detail, line)

    def _link(self, href: str) -> None:
        kind, _, value = href.partition(":")
        if kind in ("item", "passage"):
            self._go(value)
            return
        number = int(value) if value.isdecimal() else 0
        if kind == "fact":
            self.show_fact(number)
        elif kind == "element":
            self.show_view(1)
            ids = [row.element.id if row else 0 for _, row in self._lines]
            self.elements.setCurrentCell(ids.index(number), 0)
        elif kind == "finding":
            self._shell.window.show_page("findings")
        elif self.fact is not None:
            cite = next((each for each in self.fact.cites if each.id == number), None)
            if cite is not None:
                (self._open if kind == "cite" else self._uncite)(cite)

    def _open(self, cite: CiteRow) -> None:
        """Raise the item that is cited at its passage."""
        workspace = self._shell.window.workspace
        if workspace is None or cite.item is None:
            return
        self._shell.window.show_page(REVIEW)
        if cite.start is not None and cite.stop is not None:
            workspace.open_passage(cite.item.id, (cite.part, cite.start, cite.stop))
        else:
            workspace.open_item(cite.item.id)

    def _go(self, value: str) -> None:
        """Raise an item, `ID`, or a passage of one, `ID:START:STOP:PART`."""
        workspace = self._shell.window.workspace
        item_id, _, place = value.partition(":")
        if workspace is None:
            return
        self._shell.window.show_page(REVIEW)
        if place:
            start, stop, part = place.split(":", 2)
            workspace.open_passage(int(item_id), (part, int(start), int(stop)))
        else:
            workspace.open_item(int(item_id))

    # -- changing ---------------------------------------------------------------------------------

    def _uncite(self, cite: CiteRow) -> None:
        from casekit.ops import facts

        self._do("uncite", lambda s: facts.uncite(s, cite.id))

    def _edit(self) -> None:
        line = self.in_force.line()
        if self.fact is not None:
            making_facts.edit_fact(self._shell.window, self.fact)
        elif line is not None and line.what == "version" and line.version is not None:
            in_force_forms.change_version(self._shell.window, line.version)

    def _remove(self) -> None:
        from casekit.ops import facts

        line = self.in_force.line() if self.views.currentIndex() == IN_FORCE else None
        if self.fact is not None:
            number = self.fact.id
            self._do("remove fact", lambda s: facts.delete_facts(s, [number]))
        elif line is not None:
            in_force_forms.take_away(self._shell.window, line.what, line.number)

    def _link_menu(self) -> None:
        """Offer every element with a mark where the fact goes to it; choosing one turns it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        linked = {link.element_id for link in self.fact.links} if self.fact is not None else set()
        for claim, rows in self.matrix:
            menu.addSection(short(claim.name, 60))
            for row in rows:
                made = menu.addAction(short(row.element.name, 70))
                made.setCheckable(True)
                made.setChecked(row.element.id in linked)
                made.triggered.connect(partial(self.turn, row.element.id))
        if not self.matrix:
            menu.addAction(tr("There is no claim yet: add one first.")).setEnabled(False)
        menu.popup(self.link.mapToGlobal(self.link.rect().topLeft()))

    def turn(self, element_id: int, on: bool) -> None:
        """Let the chosen fact support an element, or no longer."""
        from casekit.ops import facts

        if self.fact is not None:
            number, op = self.fact.id, facts.link if on else facts.unlink
            self._do("link fact", lambda s: op(s, [number], [element_id]))

    def _claim_menu(self) -> None:
        from casekit.queries import matter
        from casekit.queries.claims import templates

        def arrived(found: Any) -> None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            law = found.profile or "neutral"
            for each in templates():
                if each.law == law:
                    made = menu.addAction(each.name)
                    made.triggered.connect(lambda _on=False, kind=each.kind: self.claim(kind, law))
            menu.popup(self.add_claim.mapToGlobal(self.add_claim.rect().bottomLeft()))

        self._shell.read("matter", matter.get, arrived)

    def claim(self, kind: str, law: str) -> None:
        """Copy a claim with its elements into the case."""
        from casekit.ops import claims

        self._do("claim", lambda s: claims.add_claim(s, kind=kind, law=law)[1])
        self.show_view(1)

    def _do(self, label: str, op: Any) -> None:
        self._shell.do(label, op, lambda changes: self._shell.window.say(changes.label))

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & {"facts", "exhibits", "privilege", "findings", "terms"}:
            self.read()


def _write(table: QTableWidget, line: int, claim: ClaimRow, row: MatrixRow | None) -> None:
    """A line of the matrix: a claim, or one of its elements with a shape and a word for its state."""
    if row is None:
        texts: tuple[str, ...] = (claim.name, "", "", "", "")
    else:
        cites = [
            each for fact in row.supporting for each in fact.cites if each.stance == "supports"
        ]
        texts = (
            f"    {row.element.name}", f"{STATE_SIGNS[row.state]} {tr(STATE_WORDS[row.state])}",
            str(len(row.supporting)), str(len(row.against)),
            ", ".join(dict.fromkeys(cite_label(each) for each in cites)) or "▲ " + tr("none"),
        )  # fmt: skip
    for column, text in enumerate(texts):
        made = QTableWidgetItem(text)
        made.setToolTip(text.strip())
        if row is None:
            made.setFont(fonts.sans(13, fonts.SEMIBOLD))
        table.setItem(line, column, made)

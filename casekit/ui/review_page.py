"""The page of review sets: how far each is, batches, who agrees with whom, conflicts, packages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from casekit import clock
from casekit.i18n import tr, tr_count
from casekit.ui import fonts, review_packages, review_sets
from casekit.ui.basics import Label
from casekit.ui.chrome import choice, list_above
from casekit.ui.coding_fields import coded_value_words, coded_words
from casekit.ui.finding_parts import head, line
from casekit.ui.overview import Share
from casekit.ui.pages import REVIEW
from casekit.ui.sidebar import Scope
from casekit.ui.tables import choosing_table, put_row
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.agreement import Agreement, ConflictRow
    from casekit.queries.reviews import BatchRow, PackageRow, ReviewerRow, SetRow
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

VIEWS = ("Batches", "Reviewers", "Agreement", "Conflicts", "Packages")
CONFLICTS = VIEWS.index("Conflicts")
HEADS = ("Review set", "Progress", "Done", "Left", "Given to nobody", "Conflicts")
BATCH_HEADS = ("Batch", "Reviewer", "Progress", "Done")
REVIEWER_HEADS = ("Reviewer", "Given", "Done", "Items an hour", "Last")
AGREEMENT_HEADS = ("Second review", "Field", "Compared", "The same", "κ")
CONFLICT_HEADS = ("Item", "Title", "Field", "Ours", "Theirs")
PACKAGE_HEADS = ("Went out", "For", "Items", "What came back")
NOTHING = (
    "There are no review sets yet. In Review, search or filter until the list holds what is to be read, then "
    "make a set of it or of a seeded sample: it is dealt in batches, families and threads kept together."
)
_BAR = HEADS.index("Progress")


@dataclass(frozen=True, slots=True)
class Told:
    """All that the page shows of the chosen set, and of every set its row."""

    sets: tuple[SetRow, ...]
    chosen: int
    batches: tuple[BatchRow, ...]
    reviewers: tuple[ReviewerRow, ...]
    agreements: tuple[Agreement, ...]
    conflicts: tuple[ConflictRow, ...]
    packages: tuple[PackageRow, ...]


def read_sets(s: Any, chosen: int) -> Told:
    """The sets, and everything of the one with id `chosen`, or of the first where there is none."""
    from casekit.queries import agreement, reviews

    rows = reviews.sets(s)
    row = next((r for r in rows if r.id == chosen), rows[0] if rows else None)
    if row is None:
        return Told((), 0, (), (), (), (), ())
    first = row.second_of or row.id
    pairs = agreement.agreements(s, first)
    if row.second_of is not None:
        pairs = [p for p in pairs if p.second_name == row.name]
    return Told(
        tuple(rows), row.id, tuple(reviews.batches(s, row.id)), tuple(reviews.reviewers(s, row.id)),
        tuple(pairs), tuple(agreement.conflicts(s, row.id)),
        tuple(p for p in reviews.packages(s) if p.set_name == row.name),
    )  # fmt: skip


class ReviewPage(QWidget):
    """The page of review sets."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("centre")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shell = shell
        self.told = Told((), 0, (), (), (), (), ())
        self._wanted = 0
        self.sets = choosing_table(tr("Review sets"), 0, HEADS, (300, 220, 90, 90, 130, 90))
        self.sets.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.sets.currentCellChanged.connect(lambda row, *_: self._choose(row))
        self.sets.doubleClicked.connect(lambda _index: self.list_items())
        self.batches = choosing_table(tr("Batches"), 0, BATCH_HEADS, (80, 260, 220, 90))
        self.batches.setToolTip(tr("Choose batches to give only them out, or to pack only them"))
        self.reviewers = choosing_table(tr("Reviewers"), 0, REVIEWER_HEADS, (260, 90, 90, 120, 160))
        self.agreement = choosing_table(
            tr("Agreement"), 0, AGREEMENT_HEADS, (260, 240, 100, 140, 120)
        )
        self.conflicts = choosing_table(
            tr("Conflicts"), 0, CONFLICT_HEADS, (70, 320, 160, 170, 170)
        )
        self.conflicts.itemSelectionChanged.connect(self._show_conflict)
        self.conflicts.doubleClicked.connect(lambda _index: self.open_conflict())
        self.packages = choosing_table(tr("Packages"), 0, PACKAGE_HEADS, (120, 240, 90, 400))
        for table in (
            self.sets, self.batches, self.reviewers, self.agreement, self.conflicts, self.packages
        ):  # fmt: skip
            table.setShowGrid(False)
            table.horizontalHeader().setFixedHeight(32)
            table.horizontalHeader().setHighlightSections(False)
            table.horizontalHeader().setDefaultAlignment(
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            )
        self.views = QStackedWidget()
        self.empty = line(tr(NOTHING))
        self.empty.setContentsMargins(24, 16, 24, 16)
        self.panes = self._panes()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._head())
        outer.addWidget(self.empty)
        outer.addWidget(self.panes, 1)
        outer.addStretch()
        decide = self._decide_view()
        for widget in (self.batches, self.reviewers, self.agreement, decide, self.packages):
            self.views.addWidget(widget)
        self.panes.hide()
        shell.bus.changed.connect(self._changed)
        shell.bus.refreshed.connect(self.read)

    def shown(self) -> None:
        """Read the sets when the page is raised."""
        self.read()

    # -- layout -----------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        self.count = Label()
        self.count.setFont(fonts.sans(13, fonts.MEDIUM))
        take = QPushButton(tr("Take a return in …"))
        take.clicked.connect(lambda _on: self._shell.window.trigger("review.merge"))
        new = QPushButton(tr("Set of the list …"))
        new.setProperty("primary", True)
        new.setToolTip(tr("Of the items listed in Review, all or a seeded sample"))
        new.clicked.connect(lambda _on: self._shell.window.trigger("review.make"))
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.count, 1)
        row.addWidget(take)
        row.addWidget(new)
        return row

    def _panes(self) -> QSplitter:
        self.tabs = [choice(tr(w), "mode", partial(self.show_view, n)) for n, w in enumerate(VIEWS)]
        self.tabs[0].setChecked(True)
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 6, 12, 6)
        bar.setSpacing(4)
        for tab in self.tabs:
            bar.addWidget(tab)
        bar.addStretch(1)
        window = self._shell.window
        for words, run in (
            (tr("List"), self.list_items),
            (tr("Give out …"), lambda: window.trigger("review.assign")),
            (tr("Not done"), lambda: window.trigger("review.not_done")),
            (tr("Second review …"), lambda: window.trigger("review.second")),
            (tr("Pack …"), lambda: window.trigger("review.pack")),
        ):
            button = QPushButton(words)
            button.clicked.connect(lambda _on=False, run=run: run())
            bar.addWidget(button)
        return list_above(self, self.sets, bar, self.views, (190, 510))

    def _decide_view(self) -> QWidget:
        """The conflicts, and below them the two codings beside each other with what decides."""
        self.ours, self.theirs = line(""), line("")
        sides = QHBoxLayout()
        sides.setSpacing(32)
        for words, label in ((tr("Ours"), self.ours), (tr("Theirs"), self.theirs)):
            side = QVBoxLayout()
            side.setSpacing(0)
            side.addWidget(head(words))
            side.addWidget(label)
            side.addStretch(1)
            label.setMinimumHeight(40)
            sides.addLayout(side, 1)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("Because"))
        self.reason.setAccessibleName(tr("Because"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.reason, 1)
        self.deciding = []
        for words, run in (
            (tr("Open item"), self.open_conflict),
            (tr("Keep ours"), partial(self.decide, "ours")),
            (tr("Keep theirs"), partial(self.decide, "theirs")),
        ):
            button = QPushButton(words)
            button.clicked.connect(lambda _on=False, run=run: run())
            self.deciding.append(button)
            row.addWidget(button)
        inside = QWidget(self.views)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.conflicts, 1)
        below = QVBoxLayout()
        below.setContentsMargins(16, 0, 12, 12)
        below.setSpacing(12)
        below.addLayout(sides)
        below.addLayout(row)
        column.addLayout(below)
        return inside

    def minimumSizeHint(self) -> QSize:
        """May become small."""
        return QSize(400, 300)

    # -- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the sets again; the one that is chosen stays chosen."""
        wanted = self._wanted
        self._shell.read("review sets", lambda s: read_sets(s, wanted), self._show)

    def _changed(self, _changes: Changes) -> None:
        if self.isVisible():
            self.read()

    def _show(self, told: Told) -> None:
        ids = [row.id for row in told.sets]
        # Readers overtake each other: what was read of a set that is no longer wanted is let go.
        if self._wanted in ids and told.chosen != self._wanted:
            return
        self.count.setText(tr_count("1 review set", "{n} review sets", len(ids)))
        self.empty.setVisible(not ids)
        self.panes.setVisible(bool(ids))
        before, self.told = self.told, told
        self.sets.blockSignals(True)
        if told.sets != before.sets:
            self.sets.setRowCount(len(ids))
            for number, row in enumerate(told.sets):
                _put_set(self.sets, number, row, told.sets)
        if ids and self.sets.currentRow() != ids.index(told.chosen):
            self.sets.selectRow(ids.index(told.chosen))
        self.sets.blockSignals(False)
        if told != before:
            self._fill()

    def _fill(self) -> None:
        told = self.told
        self.batches.setRowCount(len(told.batches))
        for n, b in enumerate(told.batches):
            put_row(self.batches, n, (str(b.no), _who(b.reviewer), "", f"{b.done:,} / {b.items:,}"))
            self.batches.setCellWidget(n, 2, _bar(b.done, b.items))
        self.reviewers.setRowCount(len(told.reviewers))
        for n, p in enumerate(told.reviewers):
            rate = "" if p.per_hour is None else f"{p.per_hour:,.0f}"
            last = "" if p.last_us is None else clock.iso(p.last_us)[:16].replace("T", " ") + " UTC"
            put_row(self.reviewers, n, (_who(p.name), f"{p.assigned:,}", f"{p.done:,}", rate, last))
        lines = [cells for pair in told.agreements for cells in _agreement(pair)]
        self.agreement.setRowCount(len(lines))
        for n, cells in enumerate(lines):
            put_row(self.agreement, n, cells)
        open_row = max(0, self.conflicts.currentRow())
        self.conflicts.setRowCount(len(told.conflicts))
        for n, c in enumerate(told.conflicts):
            values = [coded_value_words(c.field, each) for each in (c.ours, c.theirs)]
            cells = (str(c.item_id), shown(c.title), coded_words(c.field), *values)
            put_row(self.conflicts, n, cells)
        self.tabs[CONFLICTS].setText(
            f"{tr('Conflicts')} ▲ {len(told.conflicts):,}" if told.conflicts else tr("Conflicts")
        )
        if told.conflicts:
            self.conflicts.selectRow(min(open_row, len(told.conflicts) - 1))
        self._show_conflict()
        self.packages.setRowCount(len(told.packages))
        for n, one in enumerate(told.packages):
            put_row(self.packages, n, _package(one))

    # -- choosing ---------------------------------------------------------------------------------

    @property
    def row(self) -> SetRow | None:
        """The chosen set."""
        return next((row for row in self.told.sets if row.id == self.told.chosen), None)

    def chosen_batches(self) -> list[int]:
        """Numbers of the batches that are chosen while they are shown."""
        if self.views.currentIndex() != 0:
            return []
        rows = sorted({index.row() for index in self.batches.selectedIndexes()})
        return [self.told.batches[n].no for n in rows]

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self.told.sets):
            self.choose(self.told.sets[number].id)

    def choose(self, set_id: int, view: int | None = None) -> None:
        """Show a set, and one of its views."""
        if view is not None:
            self.show_view(view)
        self.batches.clearSelection()
        self._wanted = set_id
        self.read()

    def show_view(self, number: int) -> None:
        """Raise batches, reviewers, agreement, conflicts or packages."""
        self.tabs[number].setChecked(True)
        self.views.setCurrentIndex(number)

    def list_items(self) -> None:
        """List the chosen set in Review."""
        row, window = self.row, self._shell.window
        if row is not None and window.workspace is not None:
            window.show_page(REVIEW)
            window.workspace.show_scope(
                Scope(f"review:{row.id}", row.name, kind="review", ids=(row.id,))
            )

    def _chosen_conflicts(self) -> list[ConflictRow]:
        numbers = sorted({index.row() for index in self.conflicts.selectedIndexes()})
        return [self.told.conflicts[n] for n in numbers if n < len(self.told.conflicts)]

    def _show_conflict(self) -> None:
        rows = self._chosen_conflicts()
        for widget in (*self.deciding, self.reason):
            widget.setEnabled(bool(rows))
        none = "" if self.told.conflicts else tr("There are no conflicts.")
        self.ours.setText("\n".join(_side(r, r.ours, r.ours_by, len(rows)) for r in rows) or none)
        self.theirs.setText("\n".join(_side(r, r.theirs, r.theirs_by, len(rows)) for r in rows))

    def open_conflict(self) -> None:
        """Open the item that was coded differently."""
        rows, window = self._chosen_conflicts(), self._shell.window
        if rows and window.workspace is not None:
            window.show_page(REVIEW)
            window.workspace.open_item(rows[0].item_id)

    def decide(self, keep: str) -> None:
        """Decide the chosen conflicts for `ours` or `theirs`; both versions stay on record."""
        ids = [row.id for row in self._chosen_conflicts()]
        reason = self.reason.text()
        if not ids:
            return

        def work(s: Any) -> Any:
            from casekit.ops import reviews

            return reviews.decide(s, ids, keep, reason)

        def done(changes: Changes) -> None:
            self.reason.clear()
            self._shell.window.say(changes.label)

        self.conflicts.setFocus()  # a button that goes off with the keys sends them far away
        for button in self.deciding:  # so that a second click does not decide what moves up
            button.setEnabled(False)
        self._shell.do("review decide", work, done, failed=lambda _error: self._show_conflict())


def page_shown(window: Window) -> ReviewPage | None:
    """The page of review sets, where it is what is looked at."""
    if window.pages is None or window.pages.current != "sets":
        return None
    page = window.pages.page("sets")
    return page if isinstance(page, ReviewPage) else None


def assign(window: Window) -> None:
    """Give out batches of the set that is looked at: those chosen, or those that nobody has."""
    page = page_shown(window)
    if page is None:
        review_sets.assign(window)
    elif page.row is not None:
        review_sets.give_out(window, page.row.id, page.chosen_batches())


def pack(window: Window) -> None:
    """Pack the set that is looked at, or the batches of it that are chosen."""
    page = page_shown(window)
    if page is not None and page.row is not None:
        review_packages.pack(window, page.row.id, page.chosen_batches())
    else:
        review_packages.pack(window)


def show_conflicts(window: Window) -> None:
    """Raise the page with the first set in which codings differ."""
    if window.shell is None:
        return

    def query(s: Any) -> list[SetRow]:
        from casekit.queries import reviews

        return [row for row in reviews.sets(s) if row.conflicts]

    def arrived(sets: list[SetRow]) -> None:
        if not sets or window.pages is None:
            window.say(tr("No coding differs between reviewers."))
            return
        window.show_page("sets")
        page = window.pages.page("sets")
        assert isinstance(page, ReviewPage)
        page.choose(sets[0].id, CONFLICTS)

    window.shell.read("conflicts", query, arrived)


def _put_set(table: QTableWidget, number: int, row: SetRow, every: tuple[SetRow, ...]) -> None:
    name = shown(row.name)
    tip = name
    if row.sample is not None:
        tip += "\n" + tr("drawn from {n} with seed {seed}", n=f"{row.population:,}", seed=row.seed)
    first = next((r.name for r in every if r.id == row.second_of), "")
    if first:
        tip += "\n" + tr("Second review of “{name}”", name=shown(first))
    cells = (
        name, "", f"{row.done:,} / {row.total:,}", f"{row.left:,}",
        f"{row.unassigned:,}" if row.unassigned else "",
        f"▲ {row.conflicts:,}" if row.conflicts else "",
    )  # fmt: skip
    put_row(table, number, cells, tip)
    table.setCellWidget(number, _BAR, _bar(row.done, row.total))


def _bar(done: int, total: int) -> QWidget:
    """The bar of a row, on its own ground: on that of a chosen row a part of it would not be seen."""
    inside = QWidget()
    inside.setObjectName("centre")
    inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.addStretch(1)
    column.addWidget(Share(done, total))
    column.addStretch(1)
    return inside


def _who(name: str) -> str:
    return shown(name) if name else tr("nobody yet")


def _side(row: ConflictRow, value: str | None, by: str, together: int) -> str:
    """One coding of a conflict; where several are decided together, each on a line with its item."""
    said = f"{coded_words(row.field)}: {coded_value_words(row.field, value)}"
    return f"{said}\n{_who(by)}" if together == 1 else f"{row.item_id}  {said} ({_who(by)})"


def _agreement(pair: Agreement) -> list[tuple[str, ...]]:
    name = shown(pair.second_name)
    compared = f"{pair.n:,} / {pair.drawn:,}"
    whole = f"{pair.same / pair.n:.0%}" if pair.n else ""
    lines: list[tuple[str, ...]] = [(name, tr("every field"), compared, whole, "")]
    for f in pair.fields:
        kappa = tr("not defined") if f.kappa is None else f"{f.kappa:.2f}"
        lines.append((name, coded_words(f.field), f"{f.n:,}", f"{f.raw:.0%}", kappa))
    return lines


def _package(one: PackageRow) -> tuple[str, ...]:
    back = tr("something came back") if one.merged else tr("nothing came back yet")
    if one.sequestered:
        back += " · ▲ " + tr(
            "{n} of them are sequestered since: have it returned or destroyed", n=one.sequestered
        )
    return clock.iso(one.at_us)[:10], shown(one.recipient), f"{one.items:,}", back

"""The table of the timeline's events and dated facts, with what can be done with the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.ui.basics import Label
from casekit.ui.columns import Columns
from casekit.ui.events import KIND_WORDS, change, drop
from casekit.ui.tables import choosing_table, put_row

if TYPE_CHECKING:
    from casekit.queries.events import EventRow
    from casekit.ui.shell import Shell

HEADS = ("When", "Zone", "Kind", "Event", "Item")
WIDTHS = (130, 60, 84, 210, 64)
EVENT = 3
NEEDS = {
    4: 460,
    1: 400,
}  # below so many pixels it is not shown: the button opens the item all the same


def button_of(text: str, help_: str, run: Callable[[], object]) -> QPushButton:
    """A button that does something, with its tool tip and a name for those who hear it."""
    button = QPushButton(text)
    button.setToolTip(help_)
    button.setAccessibleName(text if len(text) > 1 else help_)
    button.clicked.connect(lambda _checked=False: run())
    return button


class EventsPane(QWidget):
    """Events in order of time; a fact is changed among the facts, not here."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell
        self.rows: Sequence[EventRow] = ()
        self.table = choosing_table(tr("Events"), 0, HEADS, WIDTHS)
        Columns(self.table, EVENT, {n: w for n, w in enumerate(WIDTHS) if n != EVENT}, NEEDS)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.itemSelectionChanged.connect(self._selected)
        self.table.itemActivated.connect(lambda _cell: self.change())
        self.edit = button_of(tr("Change …"), tr("Change this event"), self.change)
        self.remove = button_of(tr("Take off"), tr("Take this event off the timeline"), self.drop)
        self.source = button_of(tr("Open item"), tr("Open the item that tells of it"), self.open)
        self.said = Label()
        self.said.setProperty("quiet", True)
        self.said.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 6, 12, 6)
        buttons.setSpacing(6)
        buttons.addWidget(self.said, 1)
        for button in (self.source, self.remove, self.edit):
            button.setEnabled(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(buttons)
        column.addWidget(self.table, 1)

    def show_events(self, rows: Sequence[EventRow]) -> None:
        """Fill the table anew."""
        self.rows = rows
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            source = "" if row.item_id is None else str(row.item_id)
            words = (row.when, row.zone, tr(KIND_WORDS[row.kind]), row.title, source)
            put_row(self.table, number, words, row.note)
        none = tr("No event yet: add a release, a letter or a change of terms.")
        number = len(rows)
        self.said.setText(tr_count("1 event", "{n} events", number) if number else none)
        self._selected()

    def choose(self, row: EventRow) -> None:
        """Select an event in the table."""
        if row in self.rows:
            self.table.selectRow(self.rows.index(row))
            self.table.setFocus()

    def chosen(self) -> EventRow | None:
        """The event that is selected."""
        places = sorted({index.row() for index in self.table.selectedIndexes()})
        return self.rows[places[0]] if places and places[0] < len(self.rows) else None

    def change(self) -> None:
        """Ask what is other of the event."""
        row = self.chosen()
        if row is not None and row.fact_id is None:
            change(self.shell.window, row)

    def drop(self) -> None:
        """Take the event off."""
        row = self.chosen()
        if row is not None and row.fact_id is None:
            drop(self.shell.window, row)

    def open(self) -> None:
        """Open the item that tells of the event in Review."""
        row, workspace = self.chosen(), self.shell.window.workspace
        if row is not None and row.item_id is not None and workspace is not None:
            workspace.show_items(row.title, [row.item_id])

    def _selected(self) -> None:
        row = self.chosen()
        for button in (self.edit, self.remove):
            button.setEnabled(row is not None and row.fact_id is None)
        self.source.setEnabled(row is not None and row.item_id is not None)

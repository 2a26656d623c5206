"""The table of facts: what each cell says, in which order, and which facts the filters let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.fact_words import (
    MATERIAL_WORDS,
    STATUS_SIGNS,
    cites_text,
    date_text,
    elements_text,
    status_text,
)
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.facts import FactRow

HEADS = ("No.", "Date", "Statement", "Status", "Weight", "Citations", "Elements", "Who")
DATE, STATEMENT = 1, 2
WIDTHS = {
    0: 48,
    DATE: 150,
    3: 160,
    4: 92,
    5: 110,
    6: 200,
    7: 130,
}  # the statement takes what is left
NEEDS = {3: 560, 5: 660, 4: 880, 7: 1_080, 6: 1_280}  # the chosen fact shows all of it at the right
_SHOWN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts are listed; what is empty lets all through.

    Attributes:
        element: Number of an element, 0 for all, -1 for facts that go to none.
    """

    text: str = ""
    status: str = ""
    element: int = 0
    uncited: bool = False
    unevaluated: bool = False

    def lets(self, row: FactRow) -> bool:
        """Whether a fact is listed."""
        words = " ".join((row.text, row.disputed_by, *row.people)).casefold()
        linked = {link.element_id for link in row.links}
        return (
            (not self.status or row.status == self.status)
            and (self.element <= 0 or self.element in linked)
            and (self.element >= 0 or not linked)
            and not (self.uncited and row.is_supported)
            and not (self.unevaluated and not row.is_unevaluated)
            and all(word in words for word in self.text.casefold().split())
        )


class FactsModel(QAbstractTableModel):
    """Facts that a filter lets through, in order of time until another order is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.every: Sequence[FactRow] = ()
        self.rows: list[FactRow] = []
        self.filter = FactFilter()
        self._order: tuple[int, bool] = (DATE, False)

    def show_facts(self, every: Sequence[FactRow]) -> None:
        """Take all facts of the case."""
        self.every = every
        self._fill()

    def show_filter(self, wanted: FactFilter) -> None:
        """List what a filter lets through."""
        self.filter = wanted
        self._fill()

    def row_of(self, fact_id: int) -> int:
        """Where a fact stands; -1 if it is not listed."""
        return next((n for n, row in enumerate(self.rows) if row.id == fact_id), -1)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Another order; equal cells stay in order of time."""
        self._order = (column, order == Qt.SortOrder.DescendingOrder)
        self._fill()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of facts that are listed."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """See `HEADS`."""
        return 0 if parent.isValid() else len(HEADS)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Text of a cell."""
        if not index.isValid() or role not in _SHOWN:
            return None
        return cell(self.rows[index.row()], index.column())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Heads of the columns."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            return fonts.sans(12, fonts.SEMIBOLD)
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(HEADS[section])
        return None

    def _fill(self) -> None:
        column, backwards = self._order
        self.beginResetModel()
        listed = [row for row in self.every if self.filter.lets(row)]
        if column == DATE and backwards:
            listed.reverse()
        elif column != DATE:
            listed.sort(key=lambda row: _key(row, column), reverse=backwards)
        self.rows = listed
        self.endResetModel()


def cell(row: FactRow, column: int) -> str:
    """What a cell says."""
    made = (
        str(row.id),
        date_text(row.when),
        shown(row.text),
        status_text(row),
        tr(MATERIAL_WORDS[row.material]),
        cites_text(row),
        elements_text(row),
        ", ".join(shown(name) for name in row.people),
    )
    return made[column]


def _key(row: FactRow, column: int) -> tuple[int, str]:
    """What rows are sorted by: numbers as numbers, states as they are listed, the rest by their words."""
    if column == 0:
        return row.id, ""
    if column == 3:
        return list(STATUS_SIGNS).index(row.status), row.disputed_by
    if column == 4:
        return list(MATERIAL_WORDS).index(row.material), ""
    if column == 5:
        return len(row.cites), ""
    return 0, cell(row, column).casefold()

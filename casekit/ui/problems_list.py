"""Trouble with single files, as a table; a double click goes to the item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.reading import shown

if TYPE_CHECKING:
    from casekit.queries.problems import ProblemRow

HEADS = ("Kind", "What happened", "File", "Line")


class ProblemsModel(QAbstractTableModel):
    """Rows of problems in the order in which they were met."""

    def __init__(self, rows: Sequence[ProblemRow] = ()) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of problems."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Kind, sentence, file, line."""
        return 0 if parent.isValid() else len(HEADS)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Text of a cell."""
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return None
        row = self.rows[index.row()]
        cells = (
            "▲ " + row.kind,
            shown(row.text),
            shown(row.path),
            "" if row.line is None else f"{row.line:,}",
        )
        return cells[index.column()]

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


class ProblemsList(QTableView):
    """The table; `on_item` is told the item of the row that is opened."""

    def __init__(self, on_item: Callable[[int], None]) -> None:
        super().__init__()
        self._on_item = on_item
        self._rows: Sequence[ProblemRow] = ()
        self._model = ProblemsModel()
        self.setModel(self._model)
        self.setAccessibleName(tr("Problems"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        header = self.horizontalHeader()
        header.setFont(fonts.sans(12, fonts.SEMIBOLD))
        header.setFixedHeight(32)
        header.setHighlightSections(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 190), (2, 240), (3, 80)):
            self.setColumnWidth(column, width)
        self.activated.connect(self._open)
        self.clicked.connect(self._open)

    def show_rows(self, rows: Sequence[ProblemRow]) -> None:
        """Show these problems."""
        self._model.beginResetModel()
        self._model.rows = rows
        self._model.endResetModel()

    def _open(self, index: QModelIndex) -> None:
        item_id = self._model.rows[index.row()].item_id
        if item_id is not None:
            self._on_item(item_id)

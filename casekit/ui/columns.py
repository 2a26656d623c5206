"""The columns of a list: drawn by the lines between their heads, sorted by a click on a head."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHeaderView, QTableView

LEAST, LEAST_FREE, MOST = 40, 120, 2_000  # pixels of a column, of the one that takes what is left


class Columns(QObject):
    """Widths of columns of which one takes what the others leave.

    A line between two heads is drawn as in every table: what one column gains its neighbour loses.

    Attributes:
        drawn: By column the pixels that somebody gave it; the others have their usual ones.
        on_sort: Told the column whose head was clicked.
        without: Columns that are not shown however wide the table is; `follow` heeds a change.
    """

    def __init__(
        self, table: QTableView, free: int, usual: Mapping[int, int],
        needs: Mapping[int, int] | None = None,
    ) -> None:  # fmt: skip
        """Take the columns of a table over.

        Args:
            table: Whose.
            free: The column that takes what is left.
            usual: Pixels of the others.
            needs: Of columns that may be done without, below how many pixels of the table they are not shown.
                The columns then follow the table's width by themselves; None: who has them calls `fit`.
        """
        super().__init__(table)
        self._table, self._free, self._needs = table, free, needs
        self.usual = dict(usual)
        self.drawn: dict[int, int] = {}
        self.on_sort: Callable[[int], None] | None = None
        self.without: frozenset[int] = frozenset()
        self._fitting = False
        header = table.horizontalHeader()
        header.setMinimumSectionSize(LEAST)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        header.setSectionsClickable(True)
        header.sectionPressed.disconnect()  # Qt would choose every row
        header.sectionEntered.disconnect()
        header.sectionClicked.connect(self._clicked)
        header.sectionResized.connect(self._resized)
        if needs is not None:
            table.viewport().installEventFilter(self)
        self.fit()

    def fit(self, hidden: Mapping[int, bool] | None = None) -> None:
        """Give every column its width, and what is left to the free one.

        Args:
            hidden: Columns to be hidden or shown first.
        """
        before, self._fitting = self._fitting, True
        for column, hide in (hidden or {}).items():
            self._table.setColumnHidden(column, hide)
        widths = self.usual | self.drawn
        if self._left(widths) < LEAST_FREE:
            widths = self.usual  # what was drawn in a wider list has no room here, and is kept
        for column, width in widths.items():
            if not self._table.isColumnHidden(column):
                self._table.setColumnWidth(column, width)
        self._table.setColumnWidth(self._free, max(LEAST_FREE, self._left(widths)))
        self._fitting = before

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A table that became wider or narrower shows what it has room for."""
        if event.type() == QEvent.Type.Resize:
            self.follow()
        return super().eventFilter(watched, event)

    def follow(self) -> None:
        """Show the columns that the table has room for, as `needs` says."""
        width = self._table.viewport().width()
        needs = (self._needs or {}).items()
        self.fit({column: column in self.without or width < least for column, least in needs})

    def put(self, drawn: Any) -> None:
        """Give the columns the widths that `told` once told; what makes no sense is passed over."""
        given = drawn.items() if isinstance(drawn, dict) else ()
        self.drawn = {
            int(column): width
            for column, width in given
            if str(column).isdecimal() and int(column) in self.usual
            if isinstance(width, int) and LEAST <= width <= MOST
        }
        self.fit()

    def told(self) -> dict[str, int]:
        """The widths that were drawn, to be kept."""
        return {str(column): width for column, width in self.drawn.items()}

    def mark(self, column: int, *, falling: bool = False) -> None:
        """Show by which column the list is sorted; -1: by none."""
        header = self._table.horizontalHeader()
        order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(column, order)
        header.setSortIndicatorShown(column >= 0)

    def _left(self, widths: Mapping[int, int]) -> int:
        taken = sum(w for c, w in widths.items() if not self._table.isColumnHidden(c))
        return self._table.viewport().width() - taken

    def _clicked(self, column: int) -> None:
        if self.on_sort is not None:
            self.on_sort(column)

    def _resized(self, column: int, old: int, new: int) -> None:
        """A line was drawn: the next column in sight gives or takes the difference."""
        if self._fitting:
            return
        self._fitting = True
        count = self._table.horizontalHeader().count()
        seen = [c for c in range(count) if not self._table.isColumnHidden(c)]
        after = next((c for c in seen if c > column), None)
        if after is not None:
            both = old + self._table.columnWidth(after)
            new = max(self._least(column), min(new, both - self._least(after)))
            self._table.setColumnWidth(column, new)
            self._table.setColumnWidth(after, both - new)
            for one, width in ((column, new), (after, both - new)):
                if one != self._free:
                    self.drawn[one] = width
        self._fitting = False
        self.fit()

    def _least(self, column: int) -> int:
        return LEAST_FREE if column == self._free else LEAST

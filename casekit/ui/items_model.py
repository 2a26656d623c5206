"""A list of a million items of which only the pages that are looked at are ever read.

The model holds the ids; rows come by pages from a background query and are kept in a small cache.
`data` answers from the cache and never asks the database.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.clearing import UNDECIDED, review_words
from casekit.ui.time_words import row_when, zone_words

if TYPE_CHECKING:
    from casekit.queries.ids import ItemIds
    from casekit.queries.items import ItemRow

Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[list[int], Callable[[Sequence["ItemRow"]], None]], None]
PAGE = 128
PAGES_KEPT = 64
STATUS, TITLE, WHO, TAGS, EXHIBIT, WHEN = range(6)
COLUMNS = 6
ROW_ROLE = Qt.ItemDataRole.UserRole


class ItemsModel(QAbstractTableModel):
    """Rows of items in the order of the ids it is given.

    Args:
        fetch: Reads the rows of some ids off the window's thread and calls back on it.
    """

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._ids: ItemIds = np.empty(0, np.int64)
        self._pages: OrderedDict[int, dict[int, ItemRow]] = OrderedDict()
        self._asked: set[int] = set()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._generation = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._ask)

    # -- what it shows ----------------------------------------------------------------------------

    @property
    def ids(self) -> ItemIds:
        """All ids in the list's order; not to be changed."""
        return self._ids

    def set_ids(self, ids: ItemIds, rows: Sequence[ItemRow] = ()) -> None:
        """Show these items; where the list only grew at its end, the view keeps its place.

        Args:
            ids: In the list's order.
            rows: Of the first page of them, where they are read already.
        """
        old = len(self._ids)
        if old and len(ids) > old and np.array_equal(ids[:old], self._ids):
            self.beginInsertRows(QModelIndex(), old, len(ids) - 1)
            self._ids = ids
            self._pages.pop(old // PAGE, None)
            self._asked.discard(old // PAGE)
            self.endInsertRows()
            return
        if np.array_equal(ids, self._ids):
            if rows:
                self._keep(0, rows)
            return
        self.beginResetModel()
        self._ids = ids
        self._forget()
        if rows:
            self._pages[0] = {row.id: row for row in rows}
        self.endResetModel()

    def id_at(self, row: int) -> int | None:
        """The id in a row, None outside the list."""
        return int(self._ids[row]) if 0 <= row < len(self._ids) else None

    def position(self, item_id: int) -> int | None:
        """The row of an item, None if the list does not hold it."""
        found = np.flatnonzero(self._ids == item_id)
        return int(found[0]) if len(found) else None

    def row_at(self, row: int) -> ItemRow | None:
        """The row's data if it has been read; asks for its page if not."""
        page = row // PAGE
        rows = self._pages.get(page)
        if rows is None:
            if page not in self._asked:
                self._wanted[page] = None
                if not self._timer.isActive():
                    self._timer.start()
            return None
        return rows.get(int(self._ids[row]))

    def refresh(self, ids: Iterable[int] | None = None) -> None:
        """Read items again whose rows have changed; None: all that is kept."""
        if ids is None:
            stale = list(self._pages)
        else:
            changed = set(ids)
            stale = [page for page, rows in self._pages.items() if not changed.isdisjoint(rows)]
        self._request(stale)

    # -- Qt ---------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of items."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Status, title, who, tags, exhibit, when."""
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text for screen readers and copying; the delegate paints from `row_at`."""
        if role == Qt.ItemDataRole.ToolTipRole and index.isValid() and index.column() == WHEN:
            row = self.row_at(index.row())
            return None if row is None else zone_words(row.time) or None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, ROW_ROLE):
            return None
        if not index.isValid():
            return None
        row = self.row_at(index.row())
        if role == ROW_ROLE:
            return row
        return "" if row is None else _text(row, index.column())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Heads of the columns."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            return fonts.sans(12, fonts.SEMIBOLD)
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        heads = ("", tr("Title"), tr("From or model"), tr("Tags"), tr("Exhibit"), tr("When (UTC)"))
        return heads[section] if section < COLUMNS else None

    # -- reading ----------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._generation += 1
        self._pages.clear()
        self._asked.clear()
        self._wanted.clear()

    def _ask(self) -> None:
        # The pages asked for last are those on screen; what was scrolled past is not read at all.
        pages = list(self._wanted)[-4:]
        self._wanted.clear()
        self._request(pages)

    def _request(self, pages: list[int]) -> None:
        generation = self._generation
        for page in pages:
            ids = self._ids[page * PAGE : (page + 1) * PAGE].tolist()
            if not ids:
                continue
            self._asked.add(page)

            def arrived(rows: Sequence[ItemRow], page: int = page) -> None:
                if generation == self._generation:
                    self._keep(page, rows)

            self._fetch(ids, arrived)

    def _keep(self, page: int, rows: Sequence[ItemRow]) -> None:
        self._asked.discard(page)
        self._pages[page] = {row.id: row for row in rows}
        self._pages.move_to_end(page)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        first = page * PAGE
        last = min(first + PAGE, len(self._ids)) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, COLUMNS - 1))


def who_text(row: ItemRow) -> str:
    """Whose item it is: the model, the sender, or the account."""
    return row.model or row.sender or row.account


def status_words(row: ItemRow, hot: frozenset[str] = frozenset()) -> list[str]:
    """The states of an item in words, in the order in which their shapes are drawn."""
    words = []
    if not hot.isdisjoint(row.tags):
        words.append(tr("hot"))
    if row.privileged:
        words.append(tr("withheld as privileged"))
    elif row.review == UNDECIDED:
        words.append(review_words(row))
    if row.problems:
        words.append(tr("problem"))
    if row.done:
        words.append(tr("done"))
    return words


def _text(row: ItemRow, column: int) -> str:
    match column:
        case 0:
            return ", ".join(status_words(row))
        case 1:
            return row.title or row.name
        case 2:
            return who_text(row)
        case 3:
            return ", ".join(row.tags)
        case 4:
            return row.exhibit
        case _:
            return row_when(row)

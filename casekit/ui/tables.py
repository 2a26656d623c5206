"""Tables in dialogs, in which rows are chosen whole and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from casekit.i18n import tr

_ROW_HEIGHT = 32
COUNT_WIDTH = 90
"""Pixels of a column of counts: room for some millions."""


def choosing_table(
    name: str, count: int, heads: Sequence[str], widths: Sequence[int]
) -> QTableWidget:
    """A table of `count` empty rows, of which several can be chosen.

    Args:
        name: What it is called for those who hear it, translated.
        count: How many rows.
        heads: Of its columns, not yet translated.
        widths: Of its columns in pixels; the last takes what is left.
    """
    table = QTableWidget(count, len(heads))
    table.setHorizontalHeaderLabels([tr(head) for head in heads])
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    # Else a text is cut at its last blank or hyphen, half a column too early.
    table.setWordWrap(False)
    table.setShowGrid(False)  # the style draws one line under each row
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setStretchLastSection(True)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setFixedHeight(_ROW_HEIGHT)
    header.setHighlightSections(False)
    for column, width in enumerate(widths):
        table.setColumnWidth(column, width)
    return table


def put_row(table: QTableWidget, row: int, texts: Sequence[str], tip: str = "") -> None:
    """Fill a row of a table with one text a column.

    Args:
        table: Where.
        row: From 0; it has to be there.
        texts: Of the first columns, already translated.
        tip: What the pointer shows; without it each cell shows its own text whole.
    """
    for column, text in enumerate(texts):
        cell = QTableWidgetItem(text)
        cell.setToolTip(tip or text)
        table.setItem(row, column, cell)

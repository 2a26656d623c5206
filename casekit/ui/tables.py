"""Tables in dialogs, in which rows are chosen whole and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget

from casekit.i18n import tr

_ROW_HEIGHT = 32


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
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setStretchLastSection(True)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    for column, width in enumerate(widths):
        table.setColumnWidth(column, width)
    return table

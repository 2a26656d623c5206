"""A worksheet of strings under one fixed line of heads: nothing in it becomes a formula, a link or a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LONGEST_CELL = 32_767  # characters that a cell of a workbook holds
CUT = " …"
BOOK = {"strings_to_urls": False}


class PlainSheet:
    """A sheet that takes rows one after the other.

    Args:
        book: An `xlsxwriter.Workbook` made with the options `BOOK`.
        name: Of the sheet.
        heads: Of the columns.
        widths: Of the columns, in characters.
        fixed: Columns that stay in sight at the left.
        cut: What the end of a cell says that a workbook cannot hold whole.
    """

    def __init__(
        self, book: Any, name: str, heads: Sequence[str], widths: Sequence[float], *,
        fixed: int = 0, cut: str = CUT,
    ) -> None:  # fmt: skip
        self.sheet = book.add_worksheet(name)
        self.rows = 0
        self._cut = cut
        bold = book.add_format({"bold": True})
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            self.sheet.write_string(0, column, head, bold)
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(1, fixed)

    def add(self, cells: Sequence[str]) -> None:
        """Write one more row."""
        self.rows += 1
        for column, cell in enumerate(cells):
            self.sheet.write_string(self.rows, column, fitting(cell, self._cut))


def fitting(cell: str, cut: str = CUT) -> str:
    """A cell that a workbook can hold, which says so if it is not whole."""
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - len(cut)] + cut

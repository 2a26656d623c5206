"""A load file's table as CSV or XLSX too, for those who read it in a spreadsheet; nothing in it computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Literal

from casekit import clock
from casekit.dossier.load_file import NEW_LINE
from casekit.dossier.plain_sheet import BOOK, PlainSheet

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CUT = " … (whole in the .DAT)"


def table_bytes(
    kind: Literal["csv", "xlsx"], fields: Sequence[str], rows: Sequence[Mapping[str, str]], at_us: int
) -> bytes:  # fmt: skip
    """The table as a file, equal for equal input.

    Args:
        kind: `csv` (UTF-8 with its mark, as spreadsheets expect) or `xlsx`.
        fields: The columns.
        rows: Values as they stand in the DAT file.
        at_us: The date that a workbook bears.
    """
    table = [[row.get(name, "").replace(NEW_LINE, "\n") for name in fields] for row in rows]
    return csv_bytes(fields, table) if kind == "csv" else _xlsx(fields, table, at_us)


def csv_bytes(fields: Sequence[str], table: Sequence[Sequence[str]]) -> bytes:
    """A table as CSV under a line of its columns: UTF-8 with its mark, no cell of which computes."""
    room = io.StringIO(newline="")
    writer = csv.writer(room)
    writer.writerow(fields)
    writer.writerows([[_no_formula(cell) for cell in row] for row in table])
    return room.getvalue().encode("utf-8-sig")


def _xlsx(fields: Sequence[str], table: Sequence[Sequence[str]], at_us: int) -> bytes:
    import xlsxwriter

    room = io.BytesIO()
    with xlsxwriter.Workbook(room, {**BOOK, "in_memory": True}) as book:
        book.set_properties({"created": clock.from_us(at_us).replace(tzinfo=None)})
        made = PlainSheet(book, "Load file", fields, [20] * len(fields), fixed=1, cut=_CUT)
        made.sheet.autofilter(0, 0, max(1, len(table)), len(fields) - 1)
        for row in table:
            made.add(row)
    return room.getvalue()


def _no_formula(cell: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe before what would begin a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

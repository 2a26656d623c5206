import io

import xlsxwriter
from python_calamine import CalamineWorkbook

from casekit.dossier.plain_sheet import BOOK, LONGEST_CELL, PlainSheet, fitting


def test_every_cell_is_a_string_and_a_long_one_says_that_it_is_cut() -> None:
    room = io.BytesIO()
    with xlsxwriter.Workbook(room, BOOK) as book:
        sheet = PlainSheet(book, "List", ("Name", "Text"), (10, 20))
        sheet.add(("=1+1", "https://aurora.example"))
        sheet.add(("12", "x" * (LONGEST_CELL + 1)))
        assert sheet.rows == 2
    room.seek(0)
    rows = CalamineWorkbook.from_filelike(room).get_sheet_by_name("List").to_python()
    assert rows[:2] == [["Name", "Text"], ["=1+1", "https://aurora.example"]]
    assert (rows[2][0], len(rows[2][1]), rows[2][1][-3:]) == ("12", LONGEST_CELL, "x …")
    assert fitting("x" * LONGEST_CELL) == "x" * LONGEST_CELL

import csv
import io
import zipfile

from python_calamine import CalamineWorkbook

from casekit.jobs.load_tables import table_bytes

ROWS = [{"A": "®=2+2", "B": ""}, {"A": "=1+1", "B": "two®lines"}, {"A": "-x", "B": "模"}]


def test_nothing_in_a_table_computes() -> None:
    text = table_bytes("csv", ["A", "B"], ROWS, 0).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["A", "B"],
        ["'\n=2+2", ""],
        ["'=1+1", "two\nlines"],
        ["'-x", "模"],
    ]
    data = table_bytes("xlsx", ["A", "B"], ROWS, 1_700_000_000_000_000)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    assert sheet.to_python() == [["A", "B"], ["\n=2+2", ""], ["=1+1", "two\nlines"], ["-x", "模"]]
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert data == table_bytes("xlsx", ["A", "B"], ROWS, 1_700_000_000_000_000)


def test_a_cell_that_is_not_whole_says_so() -> None:
    data = table_bytes("xlsx", ["A"], [{"A": "x" * 40_000}], 0)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    cell = str(sheet.to_python()[1][0])
    assert (len(cell), cell.endswith("x … (whole in the .DAT)")) == (32_767, True)

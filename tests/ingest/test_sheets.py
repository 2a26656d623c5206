from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from casekit.ingest import sheets
from casekit.ingest.sheets import (
    cells,
    is_locked,
    is_workbook,
    open_book,
    row_at,
    sheet_names,
    table_in,
)
from tests.ingest.ole_case import ole

ANSWERS = [
    ["Model outputs, May 2026", "", ""],
    [],
    ["question", "answer", "model", "date", "answer"],
    ["Why?", "So.", "m", dt.date(2026, 5, 1), 3.0],
    [],
    ["How much?", 42, "m", "", True],
]
OTHER = [["Name", "Sum"], ["A", 1.5]]


def xlsx(hidden: str = "", **tables: list[list[Any]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(at, column, value, day)
                elif value != "":
                    sheet.write(at, column, value)
        if name == hidden:
            sheet.hide()
    book.close()
    return made.getvalue()


def ods(rows: list[list[str]]) -> bytes:
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{each}</text:p></table:table-cell>'
            for each in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<x/>")
    return made.getvalue()


def test_a_table_is_known_by_the_names_of_its_columns() -> None:
    data = xlsx(hidden="Other", Out=ANSWERS, Other=OTHER)
    book = open_book(data)
    assert sheet_names(book) == [("Out", False), ("Other", True)]
    assert table_in(book, "Other") is None
    table = table_in(book, "Out")
    assert table is not None
    assert (table.header, table.columns) == (
        2,
        ["question", "answer", "model", "date", "answer (2)"],
    )
    first = {
        "question": "Why?",
        "answer": "So.",
        "model": "m",
        "date": "2026-05-01",
        "answer (2)": "3",
    }
    last = {"question": "How much?", "answer": "42", "model": "m", "date": "", "answer (2)": "TRUE"}
    assert list(table.records()) == [(3, first), (5, last)]
    assert row_at(data, "Out", 5) == last
    for number in (2, 6):
        with pytest.raises(ValueError, match="no such row"):
            row_at(data, "Out", number)
    with pytest.raises(ValueError, match="damaged"):
        row_at(data, "Gone", 3)


def test_cells_that_lie_too_far_apart_are_not_given_room() -> None:
    far = io.BytesIO()
    book = xlsxwriter.Workbook(far)
    sheet = book.add_worksheet("S")
    sheet.write(0, 0, "question")
    sheet.write(1_048_575, 16_383, "answer")
    book.close()
    with pytest.raises(ValueError, match="too far apart"):
        open_book(far.getvalue())
    assert not is_workbook(far.getvalue())
    assert is_workbook(xlsx(S=ANSWERS))


def test_a_sector_of_four_thousand_million_bytes_is_not_given_room() -> None:
    data = bytearray(ole({"Workbook": bytes(100)}))
    data[30:32] = (32).to_bytes(2, "little")
    with pytest.raises(ValueError, match="damaged"):
        open_book(bytes(data))


def test_a_chain_that_leads_in_a_circle_is_not_followed() -> None:
    data = bytearray(ole({"Workbook": bytes(5000)}))
    fat = int.from_bytes(data[76:80], "little")
    first = int.from_bytes(data[48:52], "little")
    for sector in range(128):
        if sector not in (fat, first):
            at = 512 * (fat + 1) + 4 * sector
            data[at : at + 4] = sector.to_bytes(4, "little")
    with pytest.raises(ValueError, match="damaged"):
        open_book(bytes(data))


def test_which_workbooks_are_read_here() -> None:
    assert is_workbook(xlsx(Other=OTHER, Out=ANSWERS))
    assert not is_workbook(xlsx(Other=OTHER))
    assert is_workbook(ods([["prompt", "output"], ["a", "b"]]))
    assert not is_workbook(ods([["a", "b"], ["c", "d"]]))
    assert not is_workbook(b"PK\x03\x04")
    assert not is_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


def test_an_old_workbook_is_told_by_its_directory() -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    entry = "Workbook".encode("utf-16-le").ljust(128, b"\0")
    assert is_workbook(head + entry)
    assert not is_workbook(head + b"text" + entry)
    word = "WordDocument".encode("utf-16-le").ljust(128, b"\0")
    assert not is_workbook(head + entry + word)
    assert not is_locked(head + entry)


def test_a_damaged_workbook_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx(Out=ANSWERS)
    for broken in (data[: len(data) // 2], b"", b"PK\x03\x04" + bytes(100)):
        with pytest.raises(ValueError, match="damaged"):
            open_book(broken)
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 100)
    with pytest.raises(ValueError, match="unfolds"):
        open_book(data)


@pytest.mark.corpus
def test_real_workbooks_show_their_cells(corpus: Path) -> None:
    folder = corpus / "office" / "tika" / "resources" / "test-documents"
    found = {
        ending: cells(open_book((folder / f"test-columnar.{ending}").read_bytes()), "testing")[1:3]
        for ending in ("xls", "xlsx", "xlsb", "ods")
    }
    assert found["xls"] == found["xlsx"] == found["xlsb"]
    assert (
        [row[:2] for row in found["ods"]]
        == [row[:2] for row in found["xls"]]
        == [["0", "0"], ["1", "1"]]
    )
    assert is_locked((folder / "testEXCEL_protected_passtika.xls").read_bytes())

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest import extent
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.reading import format_of, read_any
from casekit.ingest.sheets import cells, open_book
from tests.ingest.binary_book import record, sheet_part, xlsb
from tests.ingest.ole_case import ole
from tests.ingest.test_sheets import ods, xlsx


def test_a_full_sheet_is_not_refused_for_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extent, "_MOST_ROOM", 10)
    monkeypatch.setattr(extent, "_PIECE", 7)  # every tag is cut somewhere
    (found,) = extent.extents(xlsx(S=[["a", "b", "c"]] * 30))
    assert (found.rows, found.columns, found.cells) == (30, 3, 90)
    assert not found.is_sparse
    open_book(xlsx(S=[["a", "b", "c"]] * 30))


@pytest.mark.parametrize("kind", [0x0203, 0x00FD, 0x0006])
def test_cells_of_an_old_workbook_that_lie_far_apart_are_refused(kind: int) -> None:
    cell = struct.pack("<HHHH", kind, 14, 0xFFFF, 0xFFFF) + bytes(10)
    with pytest.raises(ValueError, match="too far apart"):
        open_book(ole({"Workbook": struct.pack("<HH", 0x0809, 4) + bytes(4) + cell}))


def test_so_is_one_that_says_it_has_more_rows_than_there_are() -> None:
    stated = struct.pack("<HHIIHHH", 0x0200, 14, 0, 0xFFFFFFFF, 0, 0xFFFF, 0)
    start = struct.pack("<HH", 0x0809, 4) + bytes(4)
    with pytest.raises(ValueError, match="too far apart"):
        open_book(ole({"Workbook": start + stated}))
    usual = struct.pack("<HHIIHHH", 0x0200, 14, 0, 65_536, 0, 256, 0)
    (found,) = extent.extents(ole({"Workbook": start + usual}))
    assert (found.rows, found.columns, found.is_sparse) == (65_536, 256, False)


@pytest.mark.parametrize(
    "stated",
    [
        struct.pack("<HHIIHHH", 0x0200, 14, 0x94395316, 4, 0, 1, 0),  # found by fuzzing
        struct.pack("<HHIIHHH", 0x0200, 14, 0, 4, 9, 8, 0),
        struct.pack("<HHHHHHH", 0x0200, 10, 7, 6, 0, 1, 0),
        struct.pack("<HHHHHHH", 0x0200, 10, 0, 0xFFFF, 0, 0xFFFF, 0),
    ],
)
def test_so_is_one_whose_first_cell_comes_after_its_last(stated: bytes) -> None:
    """The library would ask for terabytes and end the process."""
    start = struct.pack("<HH", 0x0809, 4) + bytes(4)
    with pytest.raises(ValueError, match="too far apart"):
        open_book(ole({"Workbook": start + stated}))
    empty = struct.pack("<HHIIHHH", 0x0200, 14, 5, 0, 0, 0, 0)
    (found,) = extent.extents(ole({"Workbook": start + empty}))
    assert not found.is_sparse


def test_what_is_no_workbook_with_places_has_no_extent() -> None:
    assert list(extent.extents(b"PK\x03\x04")) == list(extent.extents(b"text")) == []


# -- binary workbooks -----------------------------------------------------------------------------


@pytest.mark.parametrize("piece", [1, 7, 1024 * 1024])
def test_cells_of_a_binary_workbook_are_found_whatever_stands_between(
    monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(extent, "_PIECE", piece)
    part = sheet_part([(0, 0, "a"), (2, 1, "b" * 300), (2, 4, "c")])
    part = record(0x94, bytes(20_000)) + part  # a long record of no interest
    (found,) = extent.extents(xlsb([], part))
    assert (found.rows, found.columns, found.cells, found.is_sparse) == (3, 5, 3, False)


def test_cells_of_a_binary_workbook_that_lie_far_apart_are_refused() -> None:
    far = xlsb([(0, 0, "a"), (1_048_575, 16_383, "b")])
    with pytest.raises(ValueError, match="too far apart"):
        open_book(far)
    near = open_book(xlsb([(0, 0, "a"), (1, 1, "b")]))
    assert cells(near, "S") == [["a", ""], ["", "b"]]
    (item,) = [
        each
        for each in read_any(far, Context(name="far.xlsb"), "workbook")
        if isinstance(each, Parsed)
    ]
    assert [each.text for each in item.problems] == [
        "The workbook cannot be read: its cells lie too far apart."
    ]


def test_a_full_binary_workbook_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extent, "_MOST_ROOM", 10)
    book = open_book(xlsb([(row, column, "x") for row in range(20) for column in range(3)]))
    assert len(cells(book, "S")) == 20


@given(st.binary(max_size=300), st.integers(0, 120))
def test_no_bytes_stop_the_look_at_a_binary_part(junk: bytes, cut: int) -> None:
    whole = sheet_part([(0, 0, "a"), (5, 7, "b")])
    for part in (junk, whole[:cut], whole[:cut] + junk):
        for found in extent.extents(xlsb([], part)):
            assert found.cells >= 0


# -- OpenDocument ---------------------------------------------------------------------------------

VALUE = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'
EMPTY = "<table:table-cell{}/>"


def again(what: str, number: int) -> str:
    return f' table:number-{what}-repeated="{number}"'


def sheet_of(rows: str) -> bytes:
    """An OpenDocument sheet whose rows are this XML."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ods([["x"]]))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "content.xml":
                start, stop = data.index(b"<table:table-row>"), data.index(b"</table:table>")
                data = data[:start] + rows.encode() + data[stop:]
            new.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    "rows",
    [
        f"<table:table-row{again('rows', 1_048_576)}>{VALUE.format('') * 100}</table:table-row>",
        f"<table:table-row{again('rows', 9_999_999_999)}>{VALUE.format(again('columns', 16_384))}"
        "</table:table-row>",
        f"<table:table-row>{EMPTY.format(again('columns', 16_000))}{VALUE.format('')}</table:table-row>"
        f"<table:table-row{again('rows', 1_000_000)}>{EMPTY.format('')}</table:table-row>"
        f"<table:table-row>{VALUE.format('')}</table:table-row>",
        f"<table:table-row table:style-name='a>\"<' {again('rows', 1_048_576)}>{VALUE.format('') * 99}"
        "</table:table-row>",
        "<table:table-row " + " " * 9_000_000 + ">",
    ],
)
@pytest.mark.parametrize("piece", [257 * 1024, 1024 * 1024])
def test_repeated_cells_that_ask_for_much_room_are_refused(
    monkeypatch: pytest.MonkeyPatch, rows: str, piece: int
) -> None:
    monkeypatch.setattr(extent, "_PIECE", piece)
    with pytest.raises(ValueError, match="too far apart"):
        open_book(sheet_of(rows))


def test_such_a_sheet_is_still_read_as_a_document() -> None:
    data = sheet_of(
        f"<table:table-row{again('rows', 1_048_576)}>{VALUE.format('') * 100}</table:table-row>"
    )
    form = format_of(data, "a.ods")
    (item,) = [
        each for each in read_any(data, Context(name="a.ods"), form) if isinstance(each, Parsed)
    ]
    assert (form, item.kind, "x" in item.texts[0][1]) == ("odf", "document", True)


@pytest.mark.parametrize("piece", [64, 1024 * 1024])
def test_what_an_office_program_repeats_to_the_sheet_s_end_takes_no_room(
    monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(extent, "_PIECE", piece)
    rows = (
        f"<table:table-row>{VALUE.format(again('columns', 3))}{EMPTY.format(again('columns', 16_381))}"
        f"</table:table-row><table:table-row{again('rows', 1_048_575)}>"
        f"{EMPTY.format(again('columns', 16_384))}</table:table-row>"
    )
    (found,) = extent.extents(sheet_of(rows))
    assert (found.rows, found.columns, found.cells) == (1, 3, 1)
    assert cells(open_book(sheet_of(rows)), "S") == [["x", "x", "x"]]


def test_each_table_of_a_document_has_its_extent_and_one_that_breaks_off_too() -> None:
    row = f"<table:table-row>{VALUE.format('')}</table:table-row>"
    two = sheet_of(row * 3 + "</table:table><table:table table:name='T'>" + row)
    assert [(e.rows, e.columns, e.cells) for e in extent.extents(two)] == [(3, 1, 3), (1, 1, 1)]
    (cut,) = extent.extents(
        sheet_of(row + "<table:table-row><table:table-cell office:value-type='str")
    )
    assert cut.cells == 1

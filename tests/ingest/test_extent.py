from __future__ import annotations

import struct

import pytest

from casekit.ingest import extent
from casekit.ingest.sheets import open_book
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


def test_what_is_no_workbook_with_places_has_no_extent() -> None:
    assert list(extent.extents(ods([["a"]]))) == []
    assert list(extent.extents(b"PK\x03\x04")) == list(extent.extents(b"text")) == []

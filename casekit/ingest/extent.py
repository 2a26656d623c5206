"""How far the cells of a workbook reach, told before a library makes room for every cell up to the farthest."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from casekit.ingest.containers import Data, open_zip
from casekit.ingest.olefiles import open_ole

_MOST_ROOM = 20_000_000
_SPARSE = 100
_PIECE = 1024 * 1024
_TAIL = 256
"""Bytes of a tag, cut in two by the end of a piece, that are kept for the next one."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]{0,100}?\br\s*=\s*["\']([A-Z]{1,3})(\d{1,7})["\']')
_RECORDS = frozenset(
    {0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E}
)
"""Records of an old workbook that begin with row and column of a cell ([MS-XLS] 2.5.13)."""

_DIMENSIONS = 0x0200
_STATED = struct.Struct("<4xI2xH2x")
"""What an old workbook itself says: rows and columns, for which room is made ([MS-XLS] 2.4.90)."""


@dataclass(slots=True)
class Extent:
    """Of one sheet: its farthest row and column, from 1, and how many cells are filled."""

    rows: int = 0
    columns: int = 0
    cells: int = 0

    def add(self, row: int, column: int, cells: int = 1) -> None:
        """Count cells, by the farthest row and column among them."""
        self.cells += cells
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)

    @property
    def is_sparse(self) -> bool:
        """Whether much room is asked for, and nearly all of it for nothing."""
        room = self.rows * self.columns
        return room > _MOST_ROOM and room > _SPARSE * self.cells


def extents(untrusted_data: Data) -> Iterator[Extent]:
    """The extent of each sheet of an XLSX file, and of all sheets of an XLS file together.

    Other workbooks have none; what cannot be unpacked is passed over, for no library unpacks it either.
    """
    if untrusted_data[:2] != b"PK":
        with open_ole(untrusted_data) as ole:
            if ole is not None:
                yield _of_records(ole.stream("Workbook") or ole.stream("Book"))
        return
    try:
        directory = open_zip(untrusted_data)
    except zipfile.BadZipFile:
        return
    for _, name, entry in directory.files:
        if _SHEET.fullmatch(name):
            found = Extent()
            with suppress(zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError):
                _add_cells(found, directory.archive, entry)
            yield found


def _add_cells(found: Extent, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    held = b""
    with archive.open(entry) as file:
        while piece := file.read(_PIECE):
            held += piece
            whole = held.rfind(b">") + 1
            places = _CELL.findall(held, 0, whole)
            if places:
                columns, rows = map(set, zip(*places, strict=True))
                found.add(max(map(int, rows)), max(map(_number_of, columns)), len(places))
            held = held[max(whole, len(held) - _TAIL) :]


def _number_of(letters: bytes) -> int:
    """A column's number, from 1, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _of_records(untrusted_stream: bytes) -> Extent:
    found, at = Extent(), 0
    while at + 8 <= len(untrusted_stream):
        kind, length, row, column = struct.unpack_from("<HHHH", untrusted_stream, at)
        if kind in _RECORDS and length >= 4:
            found.add(row + 1, column + 1)
        elif kind == _DIMENSIONS and length >= _STATED.size and at + 18 <= len(untrusted_stream):
            rows, columns = _STATED.unpack_from(untrusted_stream, at + 4)
            found.add(rows, columns, cells=0)
        at += 4 + length
    return found

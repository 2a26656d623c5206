"""How far the cells of a workbook reach, told before a library makes room for every cell up to the farthest."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
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

_TABLE = b"<table:"
_TABLE_TAG = re.compile(rb"""<table:([^\s/>"']*+)((?:[^>"']|"[^"]*"|'[^']*')*+)>""")
_TABLE_CELLS = (b"table-cell", b"covered-table-cell")
_AGAIN = re.compile(rb"table:number-(columns|rows)-repeated\s*=\s*[\"']\s*\+?(\d{1,20})")
_FILLED = (b"value-type", b"formula")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""As often as a row or a cell may come again; what says more comes no more often."""
_LONGEST_TAG = 4 * _PIECE

_CELLS_BEGIN, _CELLS_END = 0x0091, 0x0092
_ROW = 0x0000
_CELLS = frozenset(range(0x0001, 0x000C))
"""Records of a binary workbook that are cells and begin with their column ([MS-XLSB] 2.1.7.62)."""

_DIMENSIONS = 0x0200
_STATED = {14: struct.Struct("<IIHH"), 10: struct.Struct("<HHHH")}
"""What an old workbook itself says, by the record's length: first row, rows, first column, columns, for which
room is made ([MS-XLS] 2.4.90; the shorter one is of Excel 5)."""


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
    """The extent of each sheet of an XLSX, XLSB or ODS file, and of all sheets of an XLS file together.

    Other files have none; what cannot be unpacked is passed over, for no library unpacks it either.
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
        kind = next((read for form, read in _PARTS if form.fullmatch(name)), None)
        if kind is not None:
            found: list[Extent] = []
            with suppress(zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError):
                kind(found, _pieces(directory.archive, entry))
            yield from found


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as file:
        while piece := file.read(_PIECE):
            yield piece


def _add_cells(found: list[Extent], pieces: Iterator[bytes]) -> None:
    """The cells of a sheet in XML, each of which says its place."""
    sheet, held = Extent(), b""
    found.append(sheet)
    for piece in pieces:
        held += piece
        whole = held.rfind(b">") + 1
        places = _CELL.findall(held, 0, whole)
        if places:
            columns, rows = map(set, zip(*places, strict=True))
            sheet.add(max(map(int, rows)), max(map(_number_of, columns)), len(places))
        held = held[max(whole, len(held) - _TAIL) :]


def _add_repeated(found: list[Extent], pieces: Iterator[bytes]) -> None:
    """The cells of an OpenDocument's tables, which say how often they and their rows come again.

    A cell counts once, however often it is repeated: what is repeated costs room and no bytes.
    """
    held = b""
    row = more = column = 0
    for piece in pieces:
        held += piece
        at = 0
        while (at := held.find(_TABLE, at)) >= 0 and (tag := _TABLE_TAG.match(held, at)):
            at = tag.end()
            kind, attributes = tag.groups()
            again = dict(_AGAIN.findall(attributes))
            if kind == b"table":
                found.append(Extent())
                row = more = column = 0
            elif kind == b"table-row":
                row, more = row + more, min(int(again.get(b"rows", 1)), _MOST_ROWS)
                column = 0
            elif kind in _TABLE_CELLS and found:
                column += min(int(again.get(b"columns", 1)), _MOST_COLUMNS)
                if any(word in attributes for word in _FILLED):
                    found[-1].add(row + max(more, 1), column)
        held = held[at if at >= 0 else -len(_TABLE) :]
        if len(held) > _LONGEST_TAG:
            found.append(Extent(_MOST_ROOM, _MOST_ROOM))  # what cannot be told is not trusted
            return


def _add_binary(found: list[Extent], pieces: Iterator[bytes]) -> None:
    """The cells of a sheet in records: a row's number stands before its cells, a column in each of them.

    Source: [MS-XLSB] 2.1.4; a part without cells has no extent.
    """
    sheet, row, held, skip = Extent(), 0, b"", 0
    inside = False
    for piece in pieces:
        held += piece[skip:]
        skip = max(0, skip - len(piece))
        at = 0
        while (record := _record(held, at)) is not None:
            kind, start, length = record
            if start + min(length, 4) > len(held):
                break
            if kind in (_CELLS_BEGIN, _CELLS_END):
                inside = kind == _CELLS_BEGIN
                if inside and not found:
                    found.append(sheet)
            elif inside and length >= 4:
                number = int.from_bytes(held[start : start + 4], "little")
                if kind == _ROW:
                    row = number
                elif kind in _CELLS:
                    sheet.add(row + 1, number + 1)
            at = start + length
        skip += max(0, at - len(held))
        held = held[at:]


def _record(held: bytes, at: int) -> tuple[int, int, int] | None:
    """Kind, first byte of the content and length of the record at `at`; None where its head is cut."""
    values = []
    for longest in (2, 4):  # bytes of seven bits, the lowest first
        value = 0
        for place in range(longest):
            if at >= len(held):
                return None
            byte, at = held[at], at + 1
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                break
        values.append(value)
    return values[0], at, values[1]


_PARTS: tuple[tuple[re.Pattern[str], Callable[[list[Extent], Iterator[bytes]], None]], ...] = (
    (_SHEET, _add_cells),
    (re.compile(r"content\.xml", re.IGNORECASE), _add_repeated),
    (re.compile(r"xl/.*\.bin", re.IGNORECASE | re.DOTALL), _add_binary),
)


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
        elif kind == _DIMENSIONS and length in _STATED and at + 4 + length <= len(untrusted_stream):
            first, rows, left, columns = _STATED[length].unpack_from(untrusted_stream, at + 4)
            if rows and columns and (first > rows or left > columns):  # room for less than nothing
                rows, columns = _MOST_ROOM, _MOST_ROOM
            found.add(rows, columns, cells=0)
        at += 4 + length
    return found

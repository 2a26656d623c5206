"""Sheets out of a workbook of any kind (XLSX, XLSM, XLSB, XLS, ODS): their cells as text, row by row."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casekit.ingest import olefiles
from casekit.ingest.containers import Data, Directory, open_zip
from casekit.ingest.dialects import mapped, recognise
from casekit.ingest.extent import extents
from casekit.ingest.limits import MAX_UNPACKED
from casekit.ingest.rows import Row, unlike

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
"""Bytes of an entry in the directory of an OLE file; it begins with the name in UTF-16."""
_NAMES = ("Workbook", "WORKBOOK", "Book", "BOOK")
_OTHERS = ("WordDocument", "PowerPoint Document", "__properties_version1.0", "EncryptedPackage")
_LOCK = b"\x2f\x00"
_HEAD = 4096
_PROBED = 30
"""Rows in which the names of the columns and the first record are looked for."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is a table of records.

    Attributes:
        name: As the workbook calls it.
        header: Row of the columns' names, from 0.
        columns: Their names, made different.
        rows: Cells of all rows as text, from the workbook's first row.
    """

    name: str
    header: int
    columns: list[str]
    rows: list[list[str]]

    def records(self) -> Iterator[tuple[int, Row]]:
        """Number (from 0) and cells by column of each row below the header that is not empty."""
        for number in range(self.header + 1, len(self.rows)):
            if any(self.rows[number]):
                yield number, dict(zip(self.columns, self.rows[number], strict=False))


def open_book(untrusted_data: Data, directory: Directory | None = None) -> Any:
    """The workbook; `directory` is its zip's where that is open already.

    Raises:
        ValueError: It cannot be read; the message says why, in a few words.
    """
    from python_calamine import CalamineWorkbook

    if untrusted_data[:2] == b"PK" and _unfolded(untrusted_data, directory) > MAX_UNPACKED:
        raise ValueError("it unfolds too far")
    if untrusted_data[:8] == _OLE and not olefiles.is_sound(untrusted_data):
        raise ValueError("it is damaged")
    if any(extent.is_sparse for extent in extents(untrusted_data)):
        raise ValueError("its cells lie too far apart")
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(untrusted_data[:]))
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise ValueError("it is damaged or locked") from error


def _unfolded(untrusted_data: Data, directory: Directory | None) -> int:
    try:
        directory = directory or open_zip(untrusted_data)
        return sum(entry.file_size for _, _, entry in directory.files)
    except zipfile.BadZipFile as error:
        raise ValueError("it is damaged") from error


def sheet_names(book: Any) -> list[tuple[str, bool]]:
    """Name of each sheet of cells, and whether it is hidden; charts and macros are none."""
    found = []
    for each in book.sheets_metadata:
        if str(each.typ).endswith("WorkSheet"):
            found.append((str(each.name), not str(each.visible).endswith(".Visible")))
    return found


def cells(book: Any, name: str, most: int | None = None) -> list[list[str]]:
    """The cells of a sheet as text, from its first row and column on.

    Args:
        book: From `open_book`.
        name: Of the sheet.
        most: Rows at most.

    Raises:
        ValueError: The sheet cannot be read.
    """
    try:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=most)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise ValueError("the sheet is damaged") from error
    return [list(map(_text, row)) for row in rows]


def _text(value: Any) -> str:
    """A cell as text: whole numbers without a fraction, times in ISO 8601, as CSV would have it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return "" if value is None else str(value)


def table_in(book: Any, name: str) -> Sheet | None:
    """The sheet as a table of records, if its columns are those of a known kind of record."""
    header = _header_of(cells(book, name, _PROBED))
    if header is None:
        return None
    rows = cells(book, name)
    return Sheet(name, header, unlike(rows[header]), rows)


def _header_of(rows: list[list[str]]) -> int | None:
    """The first row with several different names, if the rows below it are records under them."""
    for number, row in enumerate(rows):
        named = [each for each in row if each.strip()]
        if len(named) < 2:
            continue
        columns = unlike(row)
        for below in rows[number + 1 :]:
            record = dict(zip(columns, below, strict=False))
            if any(below) and (recognise(record) or mapped.guess(record) is not None):
                return number
        return None
    return None


def row_at(untrusted_data: Data, name: str, number: int) -> Row:
    """The record in a row of a sheet.

    Raises:
        ValueError: There is none.
    """
    sheet = table_in(open_book(untrusted_data), name)
    if sheet is None or not sheet.header < number < len(sheet.rows):
        raise ValueError("there is no such row")
    return dict(zip(sheet.columns, sheet.rows[number], strict=False))


# -- which workbooks are read here ----------------------------------------------------------------


def is_workbook(untrusted_data: Data, directory: Directory | None = None) -> bool:
    """Whether a zip or OLE file is a workbook that holds records, or one of a kind that has no XML.

    Workbooks in XML without records are documents like Word's. `directory` is the zip's where it is open.
    """
    if untrusted_data[:8] == _OLE:
        names = {name for name in (*_NAMES, *_OTHERS) if _has_entry(untrusted_data, name)}
        return not names.isdisjoint(_NAMES) and names.isdisjoint(_OTHERS)
    try:
        directory = directory or open_zip(untrusted_data)
        parts = {name.lower() for _, name, _ in directory.files}
        if "xl/workbook.bin" in parts:
            return True
        if not any(part.startswith("xl/") for part in parts) and "content.xml" not in parts:
            return False
        book = open_book(untrusted_data, directory)
        return any(_holds_records(book, name) for name, _ in sheet_names(book))
    except (zipfile.BadZipFile, ValueError):
        return False


def _holds_records(book: Any, name: str) -> bool:
    try:
        return _header_of(cells(book, name, _PROBED)) is not None
    except ValueError:
        return False


def _has_entry(untrusted_data: Data, name: str) -> bool:
    """Whether the directory of an OLE file has an entry of that name ([MS-CFB] 2.6.1)."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = untrusted_data.find(wanted, 512)
    while at >= 0:
        if at % _ENTRY == 0:
            return True
        at = untrusted_data.find(wanted, at + 1)
    return False


def is_locked(untrusted_data: Data) -> bool:
    """Whether an old workbook says among its first records that it is encrypted ([MS-XLS] 2.4.117)."""
    with olefiles.open_ole(untrusted_data) as ole:
        records = b"" if ole is None else ole.stream("Workbook") or ole.stream("Book")
    head = records[:_HEAD]
    at = 0
    while at + 4 <= len(head):
        if head[at : at + 2] == _LOCK:
            return True
        at += 4 + int.from_bytes(head[at + 2 : at + 4], "little")
    return False

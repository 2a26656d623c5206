"""A small binary workbook (XLSB), built record by record."""

from __future__ import annotations

import io
import struct
import zipfile

RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
)


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind >= 0x80 else bytes([kind])
    size, left = b"", len(body)
    while True:
        size += bytes([left & 0x7F | (0x80 if left >> 7 else 0)])
        left >>= 7
        if not left:
            return head + size + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def sheet_part(cells: list[tuple[int, int, str]]) -> bytes:
    """The part of a sheet with cells of (row, column, text), rows in order."""
    made = record(0x81) + record(0x94, bytes(16)) + record(0x91)
    before = None
    for row, column, text in cells:
        if row != before:
            made += record(0x00, struct.pack("<I", row) + bytes(13))
        made += record(0x06, struct.pack("<II", column, 0) + _text(text))
        before = row
    return made + record(0x92) + record(0x82)


def xlsb(cells: list[tuple[int, int, str]], part: bytes | None = None) -> bytes:
    """A workbook with one sheet `S`."""
    sheet = record(0x9C, struct.pack("<II", 0, 1) + _text("rId1") + _text("S"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.bin", record(0x83) + record(0x8F) + sheet + record(0x90) + record(0x84)
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet_part(cells) if part is None else part)
        archive.writestr("xl/_rels/workbook.bin.rels", RELATIONS)
    return out.getvalue()

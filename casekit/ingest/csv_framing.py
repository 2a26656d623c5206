"""Where each record of a CSV file begins and ends, quoted line breaks and all, and what its fields are."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from casekit.ingest.containers import Data
from casekit.ingest.framing import BOM, MAX_RECORD, MAX_RESCUES, Fault, Ledger

DELIMITERS = (",", ";", "\t", "|")

DELIMITER_LINE = re.compile(rb'"?sep=(.)"?(?=\r|\n|$)', re.IGNORECASE)
"""A first line by which Excel is told the delimiter; it is no record."""

_END = re.compile(rb"\r\n|\n|\r")

csv.field_size_limit(MAX_RECORD)


class Row(NamedTuple):
    """One CSV record: its exact bytes without the line end, its place, its fields."""

    raw: bytes
    offset: int
    line: int
    fields: list[str]


def csv_rows(
    untrusted_data: Data, delimiter: str, charset: str, ledger: Ledger
) -> Iterator[Row | Fault]:
    """The records of a CSV file, the header's among them.

    A quote counts as one only where a field begins. A record whose quote never closes is a fault of one
    line, and the next line is a record again. Blank lines and line ends are separators.

    Args:
        untrusted_data: The file's bytes.
        delimiter: One of `DELIMITERS`.
        charset: Python's name of the encoding, one that contains ASCII.
        ledger: Counts the separators.

    Source: RFC 4180.
    """
    pattern, size = _record_pattern(delimiter, quoted=True), len(untrusted_data)
    at = 3 if untrusted_data[:3] == BOM else 0
    ledger.separators += at
    line, rescues = 1, 0
    while at < size:
        match = pattern.match(untrusted_data, at, min(size, at + MAX_RECORD + 1))
        end = match.end() if match else at
        start = at
        if end - start > MAX_RECORD:
            at = _next_line(untrusted_data, end)
            yield Fault("too-long", "The record is too long to be read.", start, at - start, line)
            line += 1
            continue
        raw = untrusted_data[start:end]
        stop = _END.match(untrusted_data, end)
        at = stop.end() if stop else end
        ledger.separators += at - end
        if raw.strip():
            found = _row(raw, start, line, delimiter, charset)
            if isinstance(found, Fault) and raw.count(b'"') % 2:
                rescues += 1
                if rescues > MAX_RESCUES:
                    pattern = _record_pattern(delimiter, quoted=False)
            yield found
        else:
            ledger.separators += len(raw)
        line += 1 + _line_ends(raw)


def _row(raw: bytes, start: int, line: int, delimiter: str, charset: str) -> Row | Fault:
    try:
        text = raw.decode(charset)
        return Row(raw, start, line, split_row(text, delimiter))
    except UnicodeDecodeError:
        problem = ("bad-utf8", "The record's bytes are no valid text.")
    except csv.Error:
        problem = ("bad-csv", "The record's quotes do not fit together.")
    return Fault(*problem, start, len(raw), line)


def split_row(text: str, delimiter: str) -> list[str]:
    """The fields of one record.

    Raises:
        csv.Error: The quotes do not fit together.
    """
    return next(csv.reader((text,), delimiter=delimiter, strict=True))


@cache
def _record_pattern(delimiter: str, *, quoted: bool) -> re.Pattern[bytes]:
    """One whole record; with `quoted` a quoted field may hold line ends, else none may."""
    mark = re.escape(delimiter.encode())
    plain = rb"[^" + mark + rb"\r\n]*+"
    inner = rb'[^"]*+' if quoted else rb'[^"\r\n]*+'
    field = rb'(?:"' + inner + rb'(?:""' + inner + rb')*+"' + plain + rb"|" + plain + rb")"
    return re.compile(field + rb"(?:" + mark + field + rb")*+")


def record_bytes(untrusted_head: bytes) -> bytes:
    """A file's first bytes without the line that its end cuts through, if there are whole ones before."""
    end = untrusted_head.rfind(b"\n")
    return untrusted_head[: end + 1] if end > 0 else untrusted_head


def _next_line(untrusted_data: Data, start: int) -> int:
    found = untrusted_data.find(b"\n", start)
    return len(untrusted_data) if found < 0 else found + 1


def _line_ends(raw: bytes) -> int:
    """Line breaks inside a record: LF, CRLF or CR each once."""
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")

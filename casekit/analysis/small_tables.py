"""Small tables that a person brings as CSV (prices, kinds of networks, a population), read whole.

UTF-8, the first line names the columns, in any case and order; columns are parted by commas, semicolons or tabs
(RFC 4180 otherwise). Rows without any value, which a spreadsheet leaves below its table, are passed over.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casekit.errors import CaseKitError

MOST_BYTES = 64_000_000
MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its last line in the file, from 1, and its values by column, trimmed; none is missing."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table: the name and SHA-256 of its file, its columns in lower case, its rows; at least one."""

    name: str
    sha256: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(
    path: Path, needed: Sequence[str], *, known: Sequence[str] = (), most: int = MOST_ROWS,
    spare: bool = False,
) -> Table:  # fmt: skip
    """The table of a file.

    Args:
        path: The file.
        needed: Columns that it must have, in lower case.
        known: Further columns that mean something: they too are not to stand there twice.
        most: Rows.
        spare: Whether values behind the last column are passed over instead of refused.

    Raises:
        CaseKitError: The file cannot be read, is too large, no UTF-8, no CSV, lacks a column or names one
            twice, has no rows, too many, or one with more values than columns; the sentence names the file
            and, of a row, its line.
    """
    raw = _content(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseKitError(
            "The table “{name}” is not in UTF-8: save it as CSV UTF-8.", name=path.name
        ) from error
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_mark(text), strict=True)
    try:
        columns = next((tuple(c.strip().lower() for c in row) for row in lines if any(row)), ())
        _check(columns, needed, known, path.name)
        rows = []
        for row in lines:
            if not any(map(str.strip, row)):
                continue
            if len(row) > len(columns) and not spare:
                raise CaseKitError(
                    "Line {line} of the table “{name}” has more values than columns: put values that hold "
                    "“{mark}” into quotes.",
                    line=lines.line_num, name=path.name, mark=lines.dialect.delimiter,
                )  # fmt: skip
            values = dict.fromkeys(columns, "") | dict(
                zip(columns, map(str.strip, row), strict=False)
            )
            rows.append(Row(lines.line_num, values))
            if len(rows) > most:
                raise CaseKitError(
                    "The table “{name}” has more than {most:,} rows: keep those that the case needs.",
                    name=path.name, most=most,
                )  # fmt: skip
    except csv.Error as error:
        raise CaseKitError(
            "The table “{name}” is not CSV after line {line} ({why}).",
            name=path.name, line=lines.line_num, why=str(error),
        ) from error  # fmt: skip
    if not rows:
        raise CaseKitError("The table “{name}” has no rows.", name=path.name)
    return Table(path.name, hashlib.sha256(raw).hexdigest(), columns, tuple(rows))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CaseKitError(
            "The table “{name}” cannot be read: {why}.", name=path.name, why=error.strerror
        ) from error
    if len(raw) > MOST_BYTES:
        raise CaseKitError(
            "The file “{name}” is larger than {most:,} bytes: it is no small table.",
            name=path.name, most=MOST_BYTES,
        )  # fmt: skip
    return raw


def _mark(text: str) -> str:
    """What parts the columns of a table: the mark that its first line has most often."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=head.count)


def _check(columns: Sequence[str], needed: Sequence[str], known: Sequence[str], name: str) -> None:
    if missing := [column for column in needed if column not in columns]:
        raise CaseKitError(
            "The table “{name}” has no column {columns}: its first line must name the columns, such as "
            "“{all}”.",
            name=name, columns=", ".join(missing), all=", ".join(needed),
        )  # fmt: skip
    if twice := [column for column in (*needed, *known) if columns.count(column) > 1]:
        raise CaseKitError(
            "The table “{name}” names the column {column} twice.", name=name, column=twice[0]
        )

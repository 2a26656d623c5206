"""Rows of tables that are no text (Parquet, workbooks): each one as canonical JSON with a `row` step.

The bytes of such a row are its values as JSON in UTF-8: keys in order, no white space, times in ISO 8601,
numbers that JSON cannot write (NaN, infinity, decimals) and bytes as text. They can be made again from
the file by anyone; `take_row` does.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import orjson

from casekit.ingest.containers import Data
from casekit.ingest.framing import MAX_RECORD, Fault, Ledger, Record, too_long
from casekit.ingest.limits import MAX_RATIO, RATIO_FLOOR, LimitReached
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step
from casekit.ingest.records import read_records

Row = dict[str, Any]
Unknown = Callable[[tuple[Problem, ...]], Iterator[Parsed | Problem | Books]]

_MEDIA_TYPE = "application/json"


def row_bytes(row: Row) -> bytes:
    """The row's canonical JSON."""
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)


def unlike(names: Iterable[str]) -> list[str]:
    """Column names, made different where one is given twice, and named where they are empty."""
    made: dict[str, None] = {}
    tried: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        plain = name or f"column {number}"
        fresh, count = plain, tried.get(plain, 1)
        while fresh in made:
            count += 1
            fresh = f"{plain} ({count})"
        tried[plain] = count
        made[fresh] = None
    return list(made)


def number_of(value: float) -> float | str:
    """A number, as text where JSON has no word for it."""
    return value if math.isfinite(value) else {"nan": "NaN", "inf": "Infinity"}.get(
        str(value), "-Infinity"
    )  # fmt: skip


_TOO_MANY = f"Its rows unfold to more than {MAX_RATIO} times its size; those before that were read."


def text_of(value: bytes) -> str:
    """Bytes as the text they are, or in Base64 behind `base64:`."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(value).decode()


def read_rows(
    untrusted_data: Data,
    context: Context,
    rows: Iterable[tuple[int, Row]],
    sheet: str,
    unknown: Unknown,
) -> Iterator[Parsed | Problem]:
    """One item for each row of a table whose rows somebody knows.

    Args:
        untrusted_data: The file.
        context: What the user said of it.
        rows: Number (from 0) and values of each row.
        sheet: Name of the table in the file, or empty.
        unknown: Makes the items of a table that nobody knows.

    Raises:
        LimitReached: The rows are far more than the file: equal values are stored once.
    """

    def framing(_data: Data, _ledger: Ledger) -> Iterator[Record | Fault]:
        given = 0
        for number, row in rows:
            raw = row_bytes(row)
            given += len(raw)
            if given > RATIO_FLOOR and given > len(untrusted_data) * MAX_RATIO:
                raise LimitReached("ratio", _TOO_MANY)
            if len(raw) > MAX_RECORD:
                yield Fault("too-long", too_long(), number, len(raw), 0)
            else:
                yield Record(raw, number, 0, row, "")

    def otherwise(
        _data: Data, _context: Context, _media_type: str, problems: tuple[Problem, ...]
    ) -> Iterator[Parsed | Problem | Books]:
        return unknown(problems)

    found = read_records(untrusted_data, context, framing, _MEDIA_TYPE, otherwise)
    for each in found:
        if isinstance(each, Problem):
            yield _placed(each, sheet)
        elif isinstance(each, Parsed):
            first = each.steps[0] if each.steps else None
            if first is None or first.how != "slice":
                yield each
                continue
            step = Step("row", sheet, first.offset, 0, first.length, None, "", b"", first.sha256)
            yield msgspec.structs.replace(each, steps=(step, *each.steps[1:]))


def _placed(problem: Problem, sheet: str) -> Problem:
    """A problem of a row, named by its number: rows have no bytes of their own in the file."""
    if problem.offset is None:
        return msgspec.structs.replace(problem, path=sheet)
    where = f"row {problem.offset}"
    return msgspec.structs.replace(
        problem, line=None, offset=None, length=None, path=f"{sheet}/{where}" if sheet else where
    )


def take_row(untrusted_data: Data, step: Step) -> bytes:
    """The canonical JSON of the row that a step names.

    Raises:
        ValueError: The file has no such row any more.
    """
    if untrusted_data[:4] == b"PAR1":
        from casekit.ingest import parquet_rows

        return row_bytes(parquet_rows.row_at(untrusted_data, step.number))
    from casekit.ingest import sqlite_tables

    if untrusted_data[:16] == sqlite_tables.MAGIC:
        return row_bytes(sqlite_tables.row_at(untrusted_data, step.name, step.number))
    from casekit.ingest import sheets

    return row_bytes(sheets.row_at(untrusted_data, step.name, step.number))

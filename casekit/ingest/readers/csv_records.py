"""Reads CSV and TSV: one record a row, each an exchange of its own with its place in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from casekit.ingest.containers import Data
from casekit.ingest.csv_framing import DELIMITER_LINE, DELIMITERS, Row, csv_rows, record_bytes
from casekit.ingest.framing import BOM, Fault, Ledger, Record
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.records import read_records
from casekit.ingest.wide import is_wide

_HEAD = 1024 * 1024


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Exchanges of a CSV file whose first row names the columns; the header counts as a separator.

    A row with more or fewer fields than columns is quarantined with its place. A file that is not UTF-8
    is read as Windows-1252, and a problem says so; one in UTF-16 is read as that.

    Source: RFC 4180; text/csv with the delimiters comma, semicolon, tab and bar.
    """
    if not is_wide(untrusted_data) and charset_of(untrusted_data[:_HEAD]) != "utf-8":
        said = "The file is not UTF-8 and was read as Windows-1252."
        yield Problem("parse", "assumed-charset", said, length=0)
    yield from read_records(untrusted_data, context, split, "text/csv")


def split(untrusted_data: Data, ledger: Ledger) -> Iterator[Record | Fault]:
    """The rows of a CSV file as records, by the charset and the delimiter that its head shows."""
    head = untrusted_data[:_HEAD]
    return _records(untrusted_data, delimiter_of(head), charset_of(head), ledger)


def charset_of(untrusted_head: bytes) -> str:
    """`utf-8` unless more of its bytes beyond ASCII are no UTF-8 than are; then `cp1252`."""
    text = untrusted_head[: max(len(untrusted_head) - 3, 0)].decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(map("\x7f".__lt__, text)) - bad
    return "cp1252" if bad > good else "utf-8"


def delimiter_of(untrusted_head: bytes) -> str:
    """The delimiter that the first line names, or that splits the first rows into the most equal fields."""
    told = DELIMITER_LINE.match(untrusted_head.removeprefix(BOM))
    if told and told.group(1).decode("latin-1") in DELIMITERS:
        return told.group(1).decode()
    best, most = ",", 1
    for delimiter in DELIMITERS:
        counts = Counter(
            len(each.fields) if isinstance(each, Row) else 0
            for each, _ in zip(
                csv_rows(record_bytes(untrusted_head), delimiter, "latin-1", Ledger()),
                range(50),
                strict=False,
            )
        )
        if not counts:
            continue
        fields, times = counts.most_common(1)[0]
        if fields > most and times * 10 >= counts.total() * 6:
            best, most = delimiter, fields
    return best


def _records(
    untrusted_data: Data, delimiter: str, charset: str, ledger: Ledger
) -> Iterator[Record | Fault]:
    """Rows as records: a dict by column name."""
    columns: list[str] | None = None
    for row in csv_rows(untrusted_data, delimiter, charset, ledger):
        if isinstance(row, Fault):
            yield row
        elif columns is None and row.line == 1 and DELIMITER_LINE.match(row.raw):
            ledger.separators += len(row.raw)
        elif columns is None:
            columns = _unlike(row.fields)
            ledger.separators += len(row.raw)
        elif len(row.fields) != len(columns):
            said = f"The record has {len(row.fields)} fields where the header has {len(columns)}."
            yield Fault("field-count", said, row.offset, len(row.raw), row.line)
        else:
            value = dict(zip(columns, row.fields, strict=True))
            yield Record(row.raw, row.offset, row.line, value, "")


def _unlike(names: list[str]) -> list[str]:
    """Column names, made different where the header repeats one."""
    seen: Counter[str] = Counter()
    made = []
    for name in names:
        seen[name] += 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return made

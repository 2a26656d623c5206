"""Reads Parquet files, as data sets of model outputs are published: each row an exchange of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from casekit.ingest.containers import Data
from casekit.ingest.parquet_rows import group_rows, open_parquet
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.rows import Row, read_rows, row_bytes
from casekit.ingest.strict_json import encode

if TYPE_CHECKING:
    import pyarrow.parquet as pq

MAX_TABLE = 16 * 1024 * 1024
"""Characters of a table that become the text of one document."""


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """Exchanges of a Parquet file, or one document with its rows if they are of no known kind.

    Row groups are read one after the other, some rows at a time. A damaged one is quarantined.

    Source: Apache Parquet format 2; Hugging Face dataset cards.
    """
    size = len(untrusted_data)
    if untrusted_data[:4] == b"PARE":
        yield Problem("open", "encrypted", "The Parquet file is encrypted; its key is needed.")
        return
    try:
        file = open_parquet(untrusted_data)
    except ValueError:
        yield Problem("open", "bad-archive", "The Parquet file is damaged or cut off.")
        return
    table = _Table(file)

    def unknown(problems: tuple[Problem, ...]) -> Iterator[Parsed | Problem | Books]:
        return _document(untrusted_data, context, file, problems)

    yield from read_rows(untrusted_data, context, table.rows(), "", unknown)
    yield from table.problems
    yield Books(size - min(table.lost, size), min(table.lost, size))


class _Table:
    """The rows of a file, with what was lost on the way."""

    def __init__(self, file: pq.ParquetFile) -> None:
        self.file = file
        self.lost = 0
        self.problems: list[Problem] = []

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Number and values of each row that can be read."""
        before = 0
        for group in range(self.file.metadata.num_row_groups):
            about = self.file.metadata.row_group(group)
            try:
                yield from enumerate(group_rows(self.file, group), before)
            except ValueError as error:
                self._lose(group, "histogram" not in str(error.__cause__))
            before += about.num_rows

    def _lose(self, group: int, described: bool) -> None:
        """Note a row group that cannot be read.

        Args:
            group: Its number.
            described: Whether the footer describes its columns soundly: asking for one that it does not would
                end the process (found by fuzzing, pyarrow 26). The bytes unpacked stand for those packed then.
        """
        about = self.file.metadata.row_group(group)
        columns = [about.column(number) for number in range(about.num_columns) if described]
        packed = sum(max(0, column.total_compressed_size) for column in columns)
        packed = packed if described else max(0, about.total_byte_size)
        self.lost += packed
        said = f"Row group {group} of {about.num_rows:,} rows is damaged; the rows before the damage were read."
        self.problems.append(Problem("frame", "damaged", said, length=packed))


def _document(
    untrusted_data: Data, context: Context, file: pq.ParquetFile, problems: tuple[Problem, ...]
) -> Iterator[Parsed | Problem | Books]:
    """The table as one document: its columns in the facts, its rows as lines of JSON."""
    table = _Table(file)
    pieces: list[str] = []
    length = count = 0
    for count, (_, row) in enumerate(table.rows(), 1):  # noqa: B007 - the last one is the number of rows
        pieces.append(row_bytes(row).decode())
        length += len(pieces[-1]) + 1
        if length > MAX_TABLE:
            break
    text = "\n".join(pieces)[:MAX_TABLE]
    told = [*problems, *table.problems]
    if length > MAX_TABLE:
        said = f"Only its first {MAX_TABLE:,} characters, some {count:,} rows, can be searched."
        told.append(Problem("limits", "text-cut", said))
    meta = file.metadata
    columns = [f"{field.name}: {field.type}" for field in islice(file.schema_arrow, 1000)]
    facts = {
        "rows": meta.num_rows,
        "row_groups": meta.num_row_groups,
        "columns": columns,
        "created_by": _maker(meta),
    }
    yield Parsed(
        "document", "documents", context.name or "table", (), hashlib.sha256(untrusted_data).digest(),
        len(untrusted_data), name=context.name, media_type="application/vnd.apache.parquet",
        texts=(("body", text),) if text else (), facts=encode(facts), problems=tuple(told),
    )  # fmt: skip


def _maker(meta: Any) -> str:
    """The program that the file names; a name that is no text is left out."""
    try:
        return str(meta.created_by)
    except UnicodeDecodeError:
        return ""

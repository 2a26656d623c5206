"""Reads SQLite databases: rows that are records of a known kind as items, the other tables as one text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from casekit.ingest.containers import Data
from casekit.ingest.dialects import cursor
from casekit.ingest.parsed import Books, Context, Parsed, Problem
from casekit.ingest.rows import Row, read_rows, row_bytes
from casekit.ingest.sqlite_tables import Database, Table
from casekit.ingest.strict_json import encode

MAX_TABLES = 16 * 1024 * 1024
"""Characters of the tables that become the text of one document."""


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One item for each row of the tables whose rows somebody knows, and one document with the others.

    Facts of the document: `tables` (name, columns, rows), `free_pages`. What was deleted, and changes that
    stand in a log beside the database, are not read, and that is said.

    Source: sqlite.org, Database File Format 3.
    """
    size = len(untrusted_data)
    try:
        base = Database(untrusted_data)
    except ValueError:
        yield Problem("open", "bad-archive", "The database is damaged or cut off.")
        return
    yield from _told(base)
    rest = _Rest()
    nameless = msgspec.structs.replace(context, name="")  # a database is not called after a model
    for table in base.tables:
        rows = _Rows(base, table)
        known, others = rows.sorted()
        if known:
            yield from read_rows(untrusted_data, nameless, rows.at(known), table.name, rows.unknown)
        if rows.left is not None:
            rest.add(table, rows.at(rows.left))
        elif others or not known:
            rest.add(table, rows.at(others))
    lost = 0
    for number in base.damaged:
        said = "A page of the database is damaged; rows on it, or below it, were not read."
        start = max(0, number - 1) * base.page
        length = min(base.page, max(0, size - start))
        lost += length
        yield Problem("frame", "damaged", said, None, start, length)
    if rest.tables:
        yield rest.document(untrusted_data, context, base)
    yield Books(size - lost, lost)


def _told(base: Database) -> Iterator[Problem]:
    if base.short:
        said = f"{base.short:,} pages that the database should have are not there."
        yield Problem("open", "truncated", said)
    if base.ahead:
        said = "Changes not yet written into the database may stand in a file beside it (-wal)."
        yield Problem("open", "write-ahead", said)
    if base.free:
        said = f"{base.free:,} pages of the database are free; deleted rows that may stand there were not read."
        yield Problem("open", "free-pages", said)
    if base.unread:
        said = f"Tables of a kind that is not read: {', '.join(base.unread[:20])}."
        yield Problem("parse", "tables-unread", said)


class _Rows:
    """The rows of one table.

    Attributes:
        left: Numbers of those that nobody knows, if the table's records are of no known kind.
    """

    def __init__(self, base: Database, table: Table) -> None:
        self._base, self._table = base, table
        self._places = list(base.places(table.root))
        self._known: list[int] = []
        self.left: list[int] | None = None

    def sorted(self) -> tuple[list[int], list[int]]:
        """Numbers of the rows to be read as records, in that order, and of those that are none."""
        self._known, others = [*range(len(self._places))], list[int]()
        if cursor.is_kept(self._table.columns):
            rows = ((number, self._row(number)) for number in self._known)
            self._known, others = cursor.reading_order(rows)
        return self._known, others

    def at(self, numbers: list[int]) -> Iterator[tuple[int, Row]]:
        """Number and values of these rows, as far as they can be read."""
        for number in numbers:
            if (row := self._row(number)) is not None:
                yield number, row

    def unknown(self, _problems: tuple[Problem, ...]) -> Iterator[Parsed | Problem | Books]:
        """Leave the table to the document of the others."""
        self.left = [*range(len(self._places))]
        return iter(())

    def _row(self, number: int) -> Row | None:
        return self._base.row(self._table, self._places[number])


class _Rest:
    """The tables that hold no records of a known kind, as text."""

    def __init__(self) -> None:
        self.tables: list[dict[str, object]] = []
        self._pieces: list[str] = []
        self._length = 0

    def add(self, table: Table, rows: Iterator[tuple[int, Row]]) -> None:
        """Take up rows of a table, as far as there is room."""
        count = 0
        for count, (_, row) in enumerate(rows, 1):  # noqa: B007 - the last one is the number of rows
            if self._length <= MAX_TABLES:
                line = row_bytes(row).decode()
                self._pieces.append(line[:MAX_TABLES])
                self._length += len(line) + 1
        self.tables.append({"name": table.name, "columns": table.columns, "rows": count})

    def document(self, untrusted_data: Data, context: Context, base: Database) -> Parsed:
        """All of them as one document."""
        text = "\n".join(self._pieces)[:MAX_TABLES]
        told: tuple[Problem, ...] = ()
        if self._length > MAX_TABLES:
            said = f"Only its first {MAX_TABLES:,} characters can be searched."
            told = (Problem("limits", "text-cut", said),)
        facts = {"tables": self.tables, "free_pages": base.free}
        return Parsed(
            "document", "documents", context.name or "database", (),
            hashlib.sha256(untrusted_data).digest(), len(untrusted_data), name=context.name,
            media_type="application/vnd.sqlite3", texts=(("body", text),) if text else (),
            facts=encode(facts), problems=told,
        )  # fmt: skip

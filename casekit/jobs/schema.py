"""The schema that the database of this version must have, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from casekit.store.tables import EXPRESSION_INDEXES, TRIGGERS, metadata

_STORED = {
    "text": "text", "large_binary": "blob", "integer": "integer", "big_integer": "integer", "float": "real",
}  # fmt: skip
"""How SQLite stores the values of a column, by the name of the column's type."""


def expected_schema() -> dict[str, str]:
    """Name and statement, white space squeezed, of every table, index and trigger of this version."""
    dialect = sqlite.dialect()
    statements = [
        str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables
    ]
    for table in metadata.sorted_tables:
        statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
    found = {}
    for statement in [*statements, *EXPRESSION_INDEXES.values(), *TRIGGERS.values()]:
        words = statement.replace('"', "").split()
        name = words[3] if words[1] == "UNIQUE" else words[2]
        found[name] = squeezed(statement)
    return found


def squeezed(sql: str) -> str:
    """A statement with single spaces for all white space."""
    return " ".join(sql.split())


def of_other_types(s: Connection) -> Iterator[tuple[str, str, int]]:
    """Table, column and number of values that are stored as another type than the column's.

    No digest tells an empty text from no bytes, nor bytes from the text of their hex.
    """
    for table in metadata.sorted_tables:
        columns = list(table.columns)
        numbers = [
            func.count().filter(func.typeof(c).not_in((_STORED[c.type.__visit_name__], "null")))
            for c in columns
        ]
        row = s.execute(select(*numbers).select_from(table)).one()
        yield from (
            (table.name, column.name, number)
            for column, number in zip(columns, row, strict=True)
            if number
        )

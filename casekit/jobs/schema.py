"""The schema that the database of this version must have, statement by statement."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from casekit.store.tables import EXPRESSION_INDEXES, TRIGGERS, metadata

_STORED = {
    "text": "text", "large_binary": "blob", "integer": "integer", "big_integer": "integer", "float": "real",
}  # fmt: skip
"""How SQLite stores the values of a column, by the name of the column's type."""


@functools.cache
def expected_schema() -> Mapping[str, str]:
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
    for table, columns, sql in _counted():
        row = s.exec_driver_sql(sql).one()
        yield from (
            (table, column, number) for column, number in zip(columns, row, strict=True) if number
        )


@functools.cache
def _counted() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Table, columns, and the statement that counts; put into words once a process."""
    made = []
    for table in metadata.sorted_tables:
        numbers = [
            func.count().filter(func.typeof(c).not_in((_STORED[c.type.__visit_name__], "null")))
            for c in table.columns
        ]
        sql = select(*numbers).select_from(table).compile(
            dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
        )  # fmt: skip
        made.append((table.name, tuple(table.columns.keys()), str(sql)))
    return tuple(made)

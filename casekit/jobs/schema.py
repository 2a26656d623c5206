"""The schema that the database of this version must have, statement by statement."""

from __future__ import annotations

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from casekit.store.tables import EXPRESSION_INDEXES, TRIGGERS, metadata


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

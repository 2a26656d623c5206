"""SQLAlchemy's words for SQLite, found once a process for all cases and for reading and writing alike.

SQLAlchemy keeps a compiled statement for the engine that it was compiled for. A case has an engine that reads
and one that writes, and whoever opens one case after the other would compile everything for each.
"""

from __future__ import annotations

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

NAME = "sqlite+casekit"
"""What the URL of an engine says before its path."""
MOST_COMPILED = 1000


class Dialect(SQLiteDialect_pysqlite):
    """Any two are equal, as they say the same: what is compiled for one serves the other."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


compiled: LRUCache[object, object] = LRUCache(MOST_COMPILED)
"""The statements, by what SQLAlchemy knows them by; those longest unused are forgotten."""

registry.register("sqlite.casekit", __name__, Dialect.__name__)

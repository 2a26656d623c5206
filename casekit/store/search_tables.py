"""Tables of saved searches: the query, what is said of it, and what it found whenever it was counted."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from casekit.store.columns import id_column as _id
from casekit.store.columns import metadata
from casekit.store.columns import text_column as _text

saved_search = Table(
    "saved_search", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    _text("query", null=False), _text("mode", null=False),
)  # fmt: skip

saved_search_about = Table(  # apart, because a count or a note must not stand in the way of an undo
    "saved_search_about", metadata,
    Column("search_id", Integer, primary_key=True, autoincrement=False),
    _text("note", null=False), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

saved_search_count = Table(  # of a saved search as it was written then: another query has no count yet
    "saved_search_count", metadata, _id(), Column("search_id", Integer, nullable=False, index=True),
    Column("query_sha256", LargeBinary(32), nullable=False),
    _text("resolved", null=False),  # the query with every saved search in it put in its place
    Column("hits", Integer, nullable=False), Column("with_family", Integer, nullable=False),
    Column("hits_sha256", LargeBinary(32), nullable=False),  # over the digests of the hits, by their ids
    Column("head", Integer, nullable=False),  # the custody entry after which it was counted
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

SEARCH_TABLES = (saved_search, saved_search_about, saved_search_count)

"""The table of canary sets: a secret key each, from which every sentence follows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from casekit.store.columns import id_column as _id
from casekit.store.columns import metadata
from casekit.store.columns import text_column as _text

canary_set = Table(
    "canary_set", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    Column("key", LargeBinary(32), nullable=False),  # secret: it never leaves the case
    Column("served", Integer, nullable=False), Column("decoys", Integer, nullable=False),
    Column("version", Integer, nullable=False),  # of the lists of words
    _text("by", null=False), Column("made_us", BigInteger, nullable=False),
)  # fmt: skip

CANARY_TABLES = (canary_set,)

"""The tables of coding: what is to be coded, the presets, and what was coded of items."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from casekit.store.columns import id_column as _id
from casekit.store.columns import metadata
from casekit.store.columns import text_column as _text

coding_template = Table(  # what is to be coded of one kind of evidence
    "coding_template", metadata, _id(), Column("collection", Text, nullable=False, unique=True),
    _text("body", null=False),  # JSON of `queries.templates.Template`
    _text("bound", null=False),  # its fields that are tags, as `flag:hot`, a line each
)  # fmt: skip

coding_preset = Table(  # codes that one key or one choice sets
    "coding_preset", metadata, _id(), Column("name", Text, nullable=False, unique=True), _text("key"),
    _text("codes", null=False),  # FIELD=VALUE, a line each
)  # fmt: skip

coding = Table(  # what was coded of an item, but for what has tables of its own: tags, privilege, tier
    "coding", metadata, Column("field", Text, primary_key=True),
    Column("item_id", ForeignKey("item.id"), primary_key=True, index=True),
    _text("value", null=False),  # of several chosen options a line each
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

CODING_TABLES = (coding_template, coding_preset, coding)

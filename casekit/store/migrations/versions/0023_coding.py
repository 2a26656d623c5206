"""Tables of coding templates and presets, and of what was coded of items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "coding_template",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("collection", sa.Text, nullable=False, unique=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("bound", sa.Text, nullable=False),
    )
    op.create_table(
        "coding_preset",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("key", sa.Text),
        sa.Column("codes", sa.Text, nullable=False),
    )
    op.create_table(
        "coding",
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("field", "item_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_coding_item_id", "coding", ["item_id"])

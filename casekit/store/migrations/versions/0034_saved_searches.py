"""Tables of what is said of saved searches, and of what they found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "saved_search_about",
        sa.Column("search_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "saved_search_count",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("search_id", sa.Integer, nullable=False),
        sa.Column("query_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("resolved", sa.Text, nullable=False),
        sa.Column("hits", sa.Integer, nullable=False),
        sa.Column("with_family", sa.Integer, nullable=False),
        sa.Column("hits_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("head", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_saved_search_count_search_id", "saved_search_count", ["search_id"])

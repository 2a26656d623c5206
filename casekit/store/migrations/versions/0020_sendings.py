"""A table of to whom an issued version went, when and how."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "sending",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("production_id", sa.Integer, sa.ForeignKey("production.id"), nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("sent", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )

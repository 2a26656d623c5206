"""Tables of notices, of what is sequestered on them, and of what this side takes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("dated", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id")),
        sa.Column("named", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sequester",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("notice_id", sa.Integer, sa.ForeignKey("notice.id"), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("released_by", sa.Text),
        sa.Column("released_reason", sa.Text),
        sa.Column("released_us", sa.BigInteger),
    )
    op.create_index("ix_sequester_item_id", "sequester", ["item_id"])
    op.create_table(
        "clawback",
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("item_id"),
    )

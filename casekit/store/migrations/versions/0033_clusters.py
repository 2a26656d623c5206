"""Tables of named clusters: what a person called a group of items, and which items those were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "named_cluster",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("made", sa.Text, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("items_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("gone_us", sa.BigInteger),
    )
    op.create_table(
        "named_cluster_item",
        sa.Column("cluster_id", sa.Integer, sa.ForeignKey("named_cluster.id"), primary_key=True),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), primary_key=True),
    )
    op.create_index("ix_named_cluster_item_item_id", "named_cluster_item", ["item_id"])

"""Which exchanges are parts of one, though they stand in different files; what is there stays as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("ALTER TABLE exchange ADD COLUMN joint TEXT")
    connection.exec_driver_sql(
        "CREATE INDEX exchange_by_joint ON exchange (joint, request_id, item_id) WHERE joint IS NOT NULL"
    )
    op.create_table(
        "exchange_join",
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("join_id", sa.Integer, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
    )
    op.create_index("ix_exchange_join_join_id", "exchange_join", ["join_id"])

"""Tables for what a person decides of times without a zone; what is there already stays as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "time_decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("original_id", sa.Integer, sa.ForeignKey("original.id"), nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("reading", sa.Text, nullable=False),
        sa.Column("swapped", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "time_decision_by_rule", "time_decision", ["original_id", "field", "rule"], unique=True
    )
    op.create_table(
        "time_shift",
        sa.Column("decision_id", sa.Integer, sa.ForeignKey("time_decision.id"), nullable=False),
        sa.Column("from_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
        sa.Column("shift_us", sa.BigInteger, nullable=False),
        sa.Column("wide_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", "from_us"),
        sqlite_with_rowid=False,
    )

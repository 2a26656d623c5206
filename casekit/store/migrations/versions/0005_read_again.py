"""A table of its own for originals read again from the vault; what is there already stays as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "reread",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("original_id", sa.Integer, sa.ForeignKey("original.id"), nullable=False),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("ingest_run.id"), nullable=False),
    )
    op.create_index("ix_reread_original_id", "reread", ["original_id"])

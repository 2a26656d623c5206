"""A table of what the trial exhibit list says of each exhibit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "trial_exhibit",
        sa.Column("exhibit_id", sa.Integer, sa.ForeignKey("exhibit.id"), primary_key=True),
        sa.Column("witness", sa.Text),
        sa.Column("purpose", sa.Text),
        sa.Column("basis", sa.Text),
        sa.Column("objected_by", sa.Text),
        sa.Column("objection", sa.Text),
        sa.Column("response", sa.Text),
        sa.Column("stipulated", sa.Text),
        sa.Column("offered", sa.Text),
        sa.Column("admitted", sa.Text),
    )

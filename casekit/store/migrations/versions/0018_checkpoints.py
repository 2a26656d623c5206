"""A table of states of the custody log that were signed or time-stamped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("statement", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary),
        sa.Column("stamp", sa.LargeBinary),
        sa.Column("signer", sa.Text),
        sa.Column("certificate_sha256", sa.Text),
        sa.Column("authority", sa.Text),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )

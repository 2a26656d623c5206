"""A table of which item is the translation of which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("translation_id", sa.Integer, sa.ForeignKey("item.id")),
        sa.Column("made", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("translator", sa.Text),
        sa.Column("certificate", sa.Text),
        sa.Column("certificate_id", sa.Integer, sa.ForeignKey("item.id")),
        sa.Column("dated", sa.Text),
        sa.Column("reason", sa.Text),
    )
    op.create_index("ix_translation_item_id", "translation", ["item_id"])
    op.create_index("ix_translation_translation_id", "translation", ["translation_id"])

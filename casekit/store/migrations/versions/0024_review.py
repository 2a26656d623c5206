"""Tables of review sets, of who is done with what, of packages that went out and of codings that differ."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "review_set",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("population", sa.Integer, nullable=False),
        sa.Column("population_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("seed", sa.Integer),
        sa.Column("sample", sa.Integer),
        sa.Column("batch_size", sa.Integer, nullable=False),
        sa.Column("second_of", sa.Integer, sa.ForeignKey("review_set.id")),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "review_batch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("set_id", sa.Integer, sa.ForeignKey("review_set.id"), nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("reviewer", sa.Text),
    )
    op.create_index("review_batch_by_set", "review_batch", ["set_id", "no"], unique=True)
    op.create_table(
        "review_item",
        sa.Column("set_id", sa.Integer, sa.ForeignKey("review_set.id"), nullable=False),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("review_batch.id"), nullable=False),
        sa.PrimaryKeyConstraint("set_id", "item_id"),
    )
    op.create_index("review_item_by_position", "review_item", ["set_id", "position"])
    op.create_index("review_item_by_batch", "review_item", ["batch_id", "item_id"])
    op.create_table(
        "review_done",
        sa.Column("set_id", sa.Integer, sa.ForeignKey("review_set.id"), nullable=False),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("coding", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("set_id", "item_id", "reviewer"),
    )
    _packages()


def _packages() -> None:
    op.create_table(
        "review_package",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("uuid", sa.Text, nullable=False),
        sa.Column("set_id", sa.Integer, sa.ForeignKey("review_set.id"), nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("head", sa.Integer, nullable=False),
        sa.Column("head_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("merged", sa.Integer, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "review_package_item",
        sa.Column("package_id", sa.Integer, sa.ForeignKey("review_package.id"), nullable=False),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        sa.PrimaryKeyConstraint("package_id", "item_id"),
    )
    op.create_table(
        "review_conflict",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("set_id", sa.Integer, sa.ForeignKey("review_set.id"), nullable=False),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("ours", sa.Text),
        sa.Column("ours_by", sa.Text),
        sa.Column("theirs", sa.Text),
        sa.Column("theirs_by", sa.Text, nullable=False),
        sa.Column("package_id", sa.Integer, sa.ForeignKey("review_package.id")),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("decided", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_us", sa.BigInteger),
    )
    op.create_index("ix_review_conflict_item_id", "review_conflict", ["item_id"])

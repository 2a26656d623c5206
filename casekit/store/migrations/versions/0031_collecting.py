"""Tables of collecting by protocol."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "prompt_set",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        *_text("body"),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        *_text("by"),
        sa.Column("made_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "endpoint",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("set_id", sa.Integer, sa.ForeignKey("prompt_set.id"), nullable=False),
        *_text("url", "protocol", "model", "role", "account_holder"),
        sa.Column("terms_id", sa.Integer, sa.ForeignKey("item.id"), nullable=False),
        *_text("terms_accepted", "counsel", "operator", "price_input", "price_output", "currency"),
        *_text("price_source", "most", "by"),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_index("endpoint_by_set", "endpoint", ["set_id", "model"], unique=True)
    op.create_table(
        "asking",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("endpoint_id", sa.Integer, sa.ForeignKey("endpoint.id"), nullable=False),
        sa.Column("prompt_no", sa.Integer, nullable=False),
        sa.Column("sample", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        *_text("state"),
        sa.Column("status", sa.Integer),
        sa.Column("sent_us", sa.BigInteger, nullable=False),
        sa.Column("ended_us", sa.BigInteger),
        sa.Column("clock_us", sa.BigInteger),
        sa.Column("clock_error_us", sa.BigInteger),
        sa.Column("input_tokens", sa.Integer),
        sa.Column("output_tokens", sa.Integer),
        sa.Column("certificate_sha256", sa.LargeBinary(32)),
        sa.Column("error", sa.Text),
        *_text("tape"),
    )
    op.create_index(
        "asking_by_question",
        "asking",
        ["endpoint_id", "prompt_no", "sample", "attempt"],
        unique=True,
    )

"""Tables of claims, elements, facts with their citations, and documents in force by date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def _key(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True)


def _text(name: str, *, null: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _to(name: str, column: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(column), nullable=null)


def upgrade() -> None:
    _claims()
    _facts()
    _documents()
    for table, column in (
        ("element", "claim_id"), ("fact_cite", "fact_id"), ("fact_cite", "item_id"),
        ("fact_element", "element_id"), ("terms_version", "document_id"), ("terms_version", "item_id"),
        ("terms_clause", "version_id"), ("terms_assent", "version_id"), ("terms_assent", "item_id"),
    ):  # fmt: skip
        op.create_index(f"ix_{table}_{column}", table, [column])


def _claims() -> None:
    op.create_table(
        "claim", _key(), _text("name", null=False), _text("kind", null=False), _text("law", null=False),
        _text("note"), sa.Column("position", sa.Integer, nullable=False),
    )  # fmt: skip
    op.create_table(
        "element", _key(), _to("claim_id", "claim.id"), _text("name", null=False), _text("note"),
        sa.Column("position", sa.Integer, nullable=False),
    )  # fmt: skip


def _facts() -> None:
    op.create_table(
        "fact", _key(), _text("text", null=False), _text("status", null=False), _text("disputed_by"),
        _text("material", null=False), _text("date_kind", null=False), _text("date_from", null=False),
        _text("date_to", null=False), _text("zone", null=False), sa.Column("from_us", sa.BigInteger),
        sa.Column("until_us", sa.BigInteger), _text("by", null=False),
        sa.Column("at_us", sa.BigInteger, nullable=False), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "fact_person", _to("fact_id", "fact.id"), _text("name", null=False),
        sa.PrimaryKeyConstraint("fact_id", "name"),
    )  # fmt: skip
    op.create_table(
        "fact_cite", _key(), _to("fact_id", "fact.id"), _to("item_id", "item.id", null=True), _text("part"),
        sa.Column("start", sa.Integer), sa.Column("stop", sa.Integer),
        sa.Column("quote_sha256", sa.LargeBinary(32)), sa.Column("page", sa.Integer),
        _to("finding_id", "finding.id", null=True), _text("stance", null=False), _text("note"),
        _text("by", null=False), sa.Column("at_us", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "fact_element", _to("fact_id", "fact.id"), _to("element_id", "element.id"),
        _text("stance", null=False), sa.PrimaryKeyConstraint("fact_id", "element_id"),
    )  # fmt: skip


def _documents() -> None:
    op.create_table(
        "terms_document", _key(), sa.Column("name", sa.Text, nullable=False, unique=True),
        _text("kind", null=False), _text("party"),
    )  # fmt: skip
    op.create_table(
        "terms_version", _key(), _to("document_id", "terms_document.id"), _text("label", null=False),
        _to("item_id", "item.id"), _text("published", null=False), _text("withdrawn", null=False),
        _text("zone", null=False), sa.Column("from_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger), _text("by", null=False),
        sa.Column("at_us", sa.BigInteger, nullable=False), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "terms_clause", _key(), _to("version_id", "terms_version.id"), _text("label", null=False),
        _text("part", null=False), sa.Column("start", sa.Integer, nullable=False),
        sa.Column("stop", sa.Integer, nullable=False),
        sa.Column("quote_sha256", sa.LargeBinary(32), nullable=False),
    )  # fmt: skip
    op.create_table(
        "terms_assent", _key(), _to("version_id", "terms_version.id"), _text("kind", null=False),
        _text("account", null=False), _to("item_id", "item.id"), _text("dated", null=False),
        _text("zone", null=False), sa.Column("from_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False), _text("note"), _text("by", null=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )  # fmt: skip

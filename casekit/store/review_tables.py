"""The tables of review: sets of items, their batches, who is done with what, packages, codings that differ."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from casekit.store.columns import id_column as _id
from casekit.store.columns import metadata
from casekit.store.columns import text_column as _text

review_set = Table(  # items to be read in a fixed order, given out in batches
    "review_set", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    _text("query", null=False),  # what found its population, as it was asked
    Column("population", Integer, nullable=False),
    Column("population_sha256", LargeBinary(32), nullable=False),  # over its items' digests, sorted
    Column("seed", Integer), Column("sample", Integer),  # of a sample: what drew how many
    Column("batch_size", Integer, nullable=False),
    Column("second_of", ForeignKey("review_set.id")),  # the set that it reviews again, blind
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

review_batch = Table(
    "review_batch", metadata, _id(), Column("set_id", ForeignKey("review_set.id"), nullable=False),
    Column("no", Integer, nullable=False), _text("reviewer"),
)  # fmt: skip
Index("review_batch_by_set", review_batch.c.set_id, review_batch.c.no, unique=True)

review_item = Table(
    "review_item", metadata, Column("set_id", ForeignKey("review_set.id"), primary_key=True),
    Column("item_id", ForeignKey("item.id"), primary_key=True), Column("position", Integer, nullable=False),
    Column("batch_id", ForeignKey("review_batch.id"), nullable=False),
)  # fmt: skip
Index("review_item_by_position", review_item.c.set_id, review_item.c.position)
Index("review_item_by_batch", review_item.c.batch_id, review_item.c.item_id)

review_done = Table(  # a reviewer is done with an item, which was coded like this at that moment
    "review_done", metadata, Column("set_id", ForeignKey("review_set.id"), primary_key=True),
    Column("item_id", ForeignKey("item.id"), primary_key=True), Column("reviewer", Text, primary_key=True),
    _text("coding", null=False),  # canonical JSON, field to value
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

review_package = Table(  # what went out to be coded elsewhere, and how far it has come back
    "review_package", metadata, _id(), _text("uuid", null=False),  # of the case inside
    Column("set_id", ForeignKey("review_set.id"), nullable=False), _text("recipient", null=False),
    Column("head", Integer, nullable=False), Column("head_sha256", LargeBinary(32), nullable=False),
    Column("merged", Integer, nullable=False),  # its last custody entry that was brought back
    _text("about", null=False),  # canonical JSON: what it holds
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

review_package_item = Table(
    "review_package_item", metadata, Column("package_id", ForeignKey("review_package.id"), primary_key=True),
    Column("item_id", ForeignKey("item.id"), primary_key=True),
)  # fmt: skip

review_conflict = Table(  # two codings of one field of an item, both kept until one is decided for
    "review_conflict", metadata, _id(), Column("set_id", ForeignKey("review_set.id"), nullable=False),
    Column("item_id", ForeignKey("item.id"), nullable=False, index=True), _text("field", null=False),
    _text("ours"), _text("ours_by"), _text("theirs"), _text("theirs_by", null=False),
    Column("package_id", ForeignKey("review_package.id")), Column("at_us", BigInteger, nullable=False),
    _text("decided"),  # ours, theirs
    _text("reason"), _text("decided_by"), Column("decided_us", BigInteger),
)  # fmt: skip

REVIEW_TABLES = (
    review_set, review_batch, review_item, review_done, review_package, review_package_item, review_conflict,
)  # fmt: skip

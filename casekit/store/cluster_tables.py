"""Tables of named clusters: what a person called a group of items, and which items those were."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table

from casekit.store.columns import id_column as _id
from casekit.store.columns import metadata
from casekit.store.columns import text_column as _text

named_cluster = Table(  # a group that was computed and then named: it stays as it was at that moment
    "named_cluster", metadata, _id(), _text("name", null=False),
    _text("kind", null=False),  # near, topic
    _text("made", null=False),  # canonical JSON: by what, with which parameters, when
    Column("items", Integer, nullable=False),
    Column("items_sha256", LargeBinary(32), nullable=False),  # over its items' digests, sorted
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
    Column("gone_us", BigInteger),  # when a person took it away again
)  # fmt: skip

named_cluster_item = Table(
    "named_cluster_item", metadata, Column("cluster_id", ForeignKey("named_cluster.id"), primary_key=True),
    Column("item_id", ForeignKey("item.id"), primary_key=True, index=True),
)  # fmt: skip

CLUSTER_TABLES = (named_cluster, named_cluster_item)

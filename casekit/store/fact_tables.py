"""The tables of what is argued: claims and their elements, facts with their citations, documents in force.

Facts, citations and versions are numbered once and for good, as their numbers are cited on paper.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table, Text

from casekit.store.columns import id_column as _id
from casekit.store.columns import metadata
from casekit.store.columns import text_column as _text

claim = Table(
    "claim", metadata, _id(), _text("name", null=False),
    _text("kind", null=False),  # the template it was made from, or empty
    _text("law", null=False),  # the wording it was taken from, or empty
    _text("note"), Column("position", Integer, nullable=False),
)  # fmt: skip

element = Table(  # what a claim must prove
    "element", metadata, _id(), Column("claim_id", ForeignKey("claim.id"), nullable=False, index=True),
    _text("name", null=False), _text("note"), Column("position", Integer, nullable=False),
)  # fmt: skip

fact = Table(
    "fact", metadata, Column("id", Integer, primary_key=True), _text("text", null=False),
    _text("status", null=False),  # undisputed, disputed-by-them, disputed-by-us, prospective, unsure
    _text("disputed_by"),  # who disputes it, in words
    _text("material", null=False),  # yes, no, unsure
    _text("date_kind", null=False),  # none, on, before, after, about, range
    _text("date_from", null=False), _text("date_to", null=False),  # as written, such as 2026-03-14 09:30
    _text("zone", null=False),  # in which they are read: UTC, an offset or a zone
    Column("from_us", BigInteger),  # the first instant that it may be; null: open
    Column("until_us", BigInteger),  # the first instant that it can no longer be; null: open
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

fact_person = Table(  # who is in it
    "fact_person", metadata, Column("fact_id", ForeignKey("fact.id"), primary_key=True),
    Column("name", Text, primary_key=True),
)  # fmt: skip

fact_cite = Table(  # on what a fact rests: a passage or page of an item, or a finding
    "fact_cite", metadata, Column("id", Integer, primary_key=True),
    Column("fact_id", ForeignKey("fact.id"), nullable=False, index=True),
    Column("item_id", ForeignKey("item.id"), index=True), _text("part"), Column("start", Integer),
    Column("stop", Integer), Column("quote_sha256", LargeBinary(32)),  # of the passage in UTF-8
    Column("page", Integer), Column("finding_id", ForeignKey("finding.id")),
    _text("stance", null=False),  # supports, contradicts
    _text("note"), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

fact_element = Table(  # to which elements a fact goes, and which way
    "fact_element", metadata, Column("fact_id", ForeignKey("fact.id"), primary_key=True),
    Column("element_id", ForeignKey("element.id"), primary_key=True, index=True),
    _text("stance", null=False),
)  # fmt: skip

terms_document = Table(  # what was in force in versions: terms of service, a policy, a contract
    "terms_document", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    _text("kind", null=False),  # terms, policy, contract, other
    _text("party"),  # whose document it is
)  # fmt: skip

terms_version = Table(
    "terms_version", metadata, Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("terms_document.id"), nullable=False, index=True),
    _text("label", null=False), Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    _text("published", null=False), _text("withdrawn", null=False),  # as written; empty: until the next
    _text("zone", null=False), Column("from_us", BigInteger, nullable=False), Column("until_us", BigInteger),
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

terms_clause = Table(
    "terms_clause", metadata, _id(),
    Column("version_id", ForeignKey("terms_version.id"), nullable=False, index=True),
    _text("label", null=False), _text("part", null=False), Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False), Column("quote_sha256", LargeBinary(32), nullable=False),
)  # fmt: skip

terms_assent = Table(  # evidence that a version was made known to an account, or accepted by it
    "terms_assent", metadata, _id(),
    Column("version_id", ForeignKey("terms_version.id"), nullable=False, index=True),
    _text("kind", null=False),  # notice, acceptance
    _text("account", null=False), Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    _text("dated", null=False), _text("zone", null=False), Column("from_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False), _text("note"), _text("by", null=False),
    Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

FACT_TABLES = (
    claim, element, fact, fact_person, fact_cite, fact_element, terms_document, terms_version, terms_clause,
    terms_assent,
)  # fmt: skip

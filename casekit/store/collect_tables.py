"""The tables of collecting by protocol: prompt sets, approved endpoints, and every time a question was sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from casekit.store.columns import id_column as _id
from casekit.store.columns import metadata
from casekit.store.columns import text_column as _text

prompt_set = Table(  # what will be asked, registered before it is
    "prompt_set", metadata, _id(), Column("name", Text, nullable=False, unique=True),
    _text("body", null=False),  # canonical JSON
    Column("sha256", LargeBinary(32), nullable=False),  # of it
    _text("by", null=False), Column("made_us", BigInteger, nullable=False),
)  # fmt: skip

endpoint = Table(  # whom it is asked, on whose account, and who approved that
    "endpoint", metadata, _id(), Column("set_id", ForeignKey("prompt_set.id"), nullable=False),
    _text("url", null=False), _text("protocol", null=False), _text("model", null=False),
    _text("role", null=False), _text("account_holder", null=False),
    Column("terms_id", ForeignKey("item.id"), nullable=False), _text("terms_accepted", null=False),
    _text("counsel", null=False), _text("operator", null=False),
    _text("price_input", null=False), _text("price_output", null=False),  # a million tokens, as written
    _text("currency", null=False), _text("price_source", null=False), _text("most", null=False),
    _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip
Index("endpoint_by_set", endpoint.c.set_id, endpoint.c.model, unique=True)

asking = Table(
    "asking", metadata, _id(), Column("endpoint_id", ForeignKey("endpoint.id"), nullable=False),
    Column("prompt_no", Integer, nullable=False), Column("sample", Integer, nullable=False),
    Column("attempt", Integer, nullable=False), _text("state", null=False), Column("status", Integer),
    Column("sent_us", BigInteger, nullable=False), Column("ended_us", BigInteger),
    Column("clock_us", BigInteger),  # the server's clock less ours
    Column("clock_error_us", BigInteger), Column("input_tokens", Integer), Column("output_tokens", Integer),
    Column("certificate_sha256", LargeBinary(32)), _text("error"), _text("tape", null=False),
)  # fmt: skip
Index(
    "asking_by_question", asking.c.endpoint_id, asking.c.prompt_no, asking.c.sample, asking.c.attempt,
    unique=True,
)  # fmt: skip

COLLECT_TABLES = (prompt_set, endpoint, asking)

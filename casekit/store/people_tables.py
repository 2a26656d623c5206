"""Tables of the timeline and of people: the events that are put there, and who is who."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table

from casekit.store.columns import id_column as _id
from casekit.store.columns import metadata
from casekit.store.columns import text_column as _text

timeline_event = Table(  # what a person puts on the timeline, with its day as written and the zone of that
    "timeline_event", metadata, _id(), _text("kind", null=False), _text("title", null=False),
    _text("starts", null=False), _text("ends"),  # 2026, 2026-03, 2026-03-14 or 2026-03-14 09:30
    _text("zone", null=False), Column("start_us", BigInteger, nullable=False),
    Column("stop_us", BigInteger, nullable=False),  # the first instant that no longer belongs to it
    Column("item_id", ForeignKey("item.id"), index=True),  # the item that tells of it
    _text("note"), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
)  # fmt: skip

person = Table(  # somebody, or an organisation, as people have decided who is who
    "person", metadata, Column("id", Integer, primary_key=True), _text("name", null=False),
    _text("kind", null=False),  # person, organisation, shared
    _text("note"), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

person_alias = Table(  # what a person appears as, or uses, with what says so
    "person_alias", metadata, Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    _text("kind", null=False),  # address, name, account, key, ip, organisation, agent
    _text("value", null=False), Column("item_id", ForeignKey("item.id"), index=True),
    _text("reason", null=False), _text("by", null=False), Column("at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

PEOPLE_TABLES = (timeline_event, person, person_alias)

"""Conversations: which one a message belongs to, and what was said in it before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from casekit.queries.times import TIME_COLUMNS, Instant, by_instant, instant_of, with_times
from casekit.store.tables import CONVERSATION, exchange, item, item_party, item_text, receipt

NAME: ColumnElement[str] = literal_column(CONVERSATION.replace("(facts", "(item.facts"))
"""The conversation of a message, as the index `item_by_conversation` has it."""

IS_MESSAGE: ColumnElement[bool] = literal_column("item.kind = 'message'")
"""Written out, since an index of some rows is used only where the query says which in the same words."""

ANY_NAME: ColumnElement[str] = case((IS_MESSAGE, NAME), else_=exchange.c.conversation_id)
"""The conversation of a message or exchange, where `exchange` is joined to `item`."""

SHOWN_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation.

    Attributes:
        sent_us: Microseconds since 1970 UTC as decided, or as assumed; None without a time.
        time: How far that can be relied on.
        sender: Display name or address, empty where nobody said it.
        text: At most `SHOWN_CHARACTERS` of its body.
        facts: As its service gives them.
    """

    id: int
    title: str
    sent_us: int | None
    time: Instant
    sent_resolution_us: int | None
    sent_zone: str
    sender: str
    text: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Around:
    """A message's neighbours in reading order, itself left out.

    Attributes:
        name: The conversation.
        position: The message's place in it, from 1.
        total: Messages of it in the same custodians' hands.
    """

    name: str
    before: tuple[Said, ...]
    after: tuple[Said, ...]
    position: int
    total: int


def name_of(s: Connection, item_id: int) -> str:
    """The conversation of a message or exchange, empty if it names none."""
    query = select(ANY_NAME).select_from(item.outerjoin(exchange, exchange.c.item_id == item.c.id))
    return str(s.execute(query.where(item.c.id == item_id)).scalar() or "")


def around(s: Connection, item_id: int, *, before: int, after: int) -> Around | None:
    """A message's neighbours, or None for what is no message of a conversation.

    They are read from the same custodians' files, so that chats of the same name that two people had are
    never mixed, and stand in order of time, those of one instant in order of receipt. Messages without a
    time come last.
    """
    us = by_instant(s)
    mine = select(us.label("sent_us"), item.c.original_id, NAME.label("name"))
    row = s.execute(mine.where(item.c.id == item_id, IS_MESSAGE)).first()
    if row is None or not row.name:
        return None
    within = and_(IS_MESSAGE, row.name == NAME, _held(s, row.original_id))
    earlier, later = _beside(us, row.sent_us, item_id)
    above = select(item.c.id).where(within, earlier).order_by(*_newest(us)).limit(before)
    below = select(item.c.id).where(within, later).order_by(*_oldest(us)).limit(after)
    first = list(s.execute(above).scalars())[::-1]
    last = list(s.execute(below).scalars())
    known = {each.id: each for each in said(s, [*first, *last])}
    counted = select(func.count()).select_from(item).where(within)
    return Around(
        row.name, tuple(known[i] for i in first), tuple(known[i] for i in last),
        int(s.execute(counted.where(earlier)).scalar() or 0) + 1, int(s.execute(counted).scalar() or 0),
    )  # fmt: skip


def _oldest(us: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return item.c.sent_us.is_(None), us, item.c.id


def _newest(us: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return item.c.sent_us.is_not(None), us.desc(), item.c.id.desc()


def _beside(
    us: ColumnElement[Any], sent_us: int | None, item_id: int
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What stands before and what behind a message."""
    if sent_us is None:
        timeless = item.c.sent_us.is_(None)
        return (
            or_(item.c.sent_us.is_not(None), and_(timeless, item.c.id < item_id)),
            and_(timeless, item.c.id > item_id),
        )
    place, here = tuple_(us, item.c.id), tuple_(literal(sent_us), literal(item_id))
    return place < here, or_(place > here, item.c.sent_us.is_(None))


def _held(s: Connection, original_id: int) -> ColumnElement[bool]:
    """That an item's original came from one of the custodians of this one; without any, from nobody named."""
    query = select(receipt.c.custodian_id).where(receipt.c.original_id == original_id).distinct()
    known = list(s.execute(query).scalars())
    if not known:
        return true()
    named = [each for each in known if each is not None]
    by: ColumnElement[bool] = receipt.c.custodian_id.in_(named)
    if None in known:
        by = or_(by, receipt.c.custodian_id.is_(None))
    return exists(select(receipt.c.id).where(receipt.c.original_id == item.c.original_id, by))


def said(s: Connection, ids: list[int]) -> list[Said]:
    """What was said in those messages, in no order."""
    sender = case((item_party.c.name != "", item_party.c.name), else_=item_party.c.address)
    query = (
        select(
            item.c.id, item.c.title, item.c.sent_us, item.c.sent_resolution_us, item.c.sent_zone,
            item.c.facts, *TIME_COLUMNS,
            select(sender)
            .where(item_party.c.item_id == item.c.id, item_party.c.role == "from")
            .order_by(item_party.c.no).limit(1).correlate(item).scalar_subquery().label("sender"),
            select(func.substr(item_text.c.text, 1, SHOWN_CHARACTERS))
            .where(item_text.c.item_id == item.c.id, item_text.c.part == "body")
            .order_by(item_text.c.no).limit(1).correlate(item).scalar_subquery().label("text"),
        )
        .where(item.c.id.in_(ids))
    )  # fmt: skip
    found = [(r, instant_of(r)) for r in s.execute(with_times(query))]
    return [
        Said(r.id, r.title, time.us, time, r.sent_resolution_us, r.sent_zone or "", r.sender or "",
             r.text or "", orjson.loads(r.facts))
        for r, time in found
    ]  # fmt: skip

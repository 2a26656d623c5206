"""What items can be narrowed by: counts behind each choice, and the items that have a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    Text,
    cast,
    column,
    distinct,
    func,
    select,
    table,
)

from casekit.queries import unseen
from casekit.queries.conversations import IS_MESSAGE, NAME
from casekit.store import hiding
from casekit.store.tables import (
    custodian,
    exchange,
    exchange_join,
    item,
    item_tag,
    receipt,
    tag,
)

INDEXED = ("account", "conversation_id", "ip")
"""Columns of `exchange` whose values the index of words keeps apart, to be filtered by at once."""

HIDDEN = "hidden"
"""The facet of the kinds of hidden characters in an item."""
LANGUAGE = "language"
"""The facet of an item's language: the one its source states, or the one its text was found to be in."""

MOST_CONVERSATIONS = 500
"""Conversations listed beside the others' count; a search finds any of them."""

_facet = table("facet", column("value_id"), column("item_id", Integer), schema="words")
_value = table("facet_value", column("id"), column("field"), column("value", Text), schema="words")
_names = table("sqlite_master", column("name"), schema="words")
_meta = table("meta", column("key"), column("value"), schema="words")


@dataclass(frozen=True, slots=True)
class Count:
    """A value and how many items have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag, its look and how many items carry it."""

    id: int
    name: str
    colour: str
    key: str
    count: int


def having(
    name: str, test: Callable[[ColumnElement[Any]], ColumnElement[bool]]
) -> CompoundSelect[tuple[int]]:
    """The select of the ids of items whose value in a field of `INDEXED`, or language, passes a test.

    Of what the index has not come to yet, the items themselves are looked through.
    """
    values = select(_value.c.id).where(_value.c.field == name, test(_value.c.value))
    indexed = select(_facet.c.item_id).where(_facet.c.value_id.in_(values))
    if name == LANGUAGE:
        late = select(item.c.id).where(item.c.id > _done("languages"), test(item.c.language))
    else:
        late = select(exchange.c.item_id).where(
            exchange.c.item_id > _done("done"), test(exchange.c[name])
        )
    return indexed.union_all(late)


def hidden(kind: str) -> Select[tuple[int]]:
    """The select of the ids of items with a kind of hidden characters, or with `unseen.ANY`, as indexed."""
    values = select(_value.c.id).where(_value.c.field == HIDDEN)
    if kind != unseen.ANY:
        values = values.where(_value.c.value == kind)
    return select(_facet.c.item_id).where(_facet.c.value_id.in_(values))


def hidden_by_item(s: Connection) -> Iterator[tuple[str, list[int]]]:
    """Each kind of hidden characters with the ids of the items that have it."""
    known = select(_value.c.id, _value.c.value).where(_value.c.field == HIDDEN)
    for value_id, value in s.execute(known).all():
        query = select(_facet.c.item_id).where(_facet.c.value_id == value_id)
        yield value, list(s.execute(query).scalars())


def _done(key: str) -> ColumnElement[int]:
    """How far the index has come in something; 0 where it has not begun."""
    value = select(cast(_meta.c.value, Integer)).where(_meta.c.key == key).scalar_subquery()
    return func.coalesce(value, 0)


def languages(s: Connection) -> list[Count]:
    """Indexed items by language, most first; none before there is an index."""
    if s.execute(select(_names.c.name).where(_names.c.name == _value.name)).first() is None:
        return []
    query = (
        select(_value.c.value, func.count())
        .join(_facet, _facet.c.value_id == _value.c.id)
        .where(_value.c.field == LANGUAGE)
        .group_by(_value.c.id)
        .order_by(func.count().desc(), _value.c.value)
    )
    if hiding.is_hiding(s):
        query = query.where(_facet.c.item_id.in_(select(item.c.id)))
    return [Count(value, number) for value, number in s.execute(query)]


def languages_by_item(s: Connection) -> Iterator[tuple[int, str]]:
    """(item id, language) of every item that has one in the index."""
    known = select(_value.c.id, _value.c.value).where(_value.c.field == LANGUAGE)
    for value_id, value in s.execute(known).all():
        query = select(_facet.c.item_id).where(_facet.c.value_id == value_id)
        for item_id in s.execute(query).scalars():
            yield item_id, value


def language_of(s: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The language of each of those items that has one in the index."""
    known = dict(
        map(tuple, s.execute(select(_value.c.id, _value.c.value).where(_value.c.field == LANGUAGE)))
    )
    query = select(_facet.c.item_id, _facet.c.value_id).where(
        _facet.c.value_id.in_(list(known)), _facet.c.item_id.in_(ids)
    )
    return {item_id: str(known[value_id]) for item_id, value_id in s.execute(query)}


def collections(s: Connection) -> list[Count]:
    """Items by collection."""
    query = select(item.c.collection, func.count()).group_by(item.c.collection)
    return [Count(value, number) for value, number in s.execute(query)]


def models(s: Connection) -> list[Count]:
    """Exchanges by model, most first; a request whose answer stands in another file counts with its model."""
    own = (
        select(exchange.c.model, func.count())
        .where(exchange.c.model.is_not(None))
        .group_by(exchange.c.model)
    )
    found: dict[str, int] = dict(map(tuple, s.execute(own)))
    for value, number in s.execute(_MODELS_OF_OTHER_PARTS):
        found[value] = found[value] + number
    return [Count(value, found[value]) for value in sorted(found, key=lambda v: (-found[v], v))]


_mine, _other = exchange_join.alias("mine"), exchange_join.alias("other")
_of_mine, _of_other = exchange.alias("of_mine"), exchange.alias("of_other")
_MODELS_OF_OTHER_PARTS = (
    select(_of_other.c.model, func.count(distinct(_mine.c.item_id)))
    .select_from(_mine)
    .join(_other, (_other.c.join_id == _mine.c.join_id) & (_other.c.item_id != _mine.c.item_id))
    .join(_of_mine, _of_mine.c.item_id == _mine.c.item_id)
    .join(_of_other, _of_other.c.item_id == _other.c.item_id)
    .where(_of_other.c.model.is_not(None))
    .where(_of_mine.c.model.is_(None) | (_of_mine.c.model != _of_other.c.model))
    .group_by(_of_other.c.model)
)


def conversations(s: Connection, limit: int = MOST_CONVERSATIONS) -> list[Count]:
    """The conversations with most messages, most first."""
    query = (
        select(NAME.label("name"), func.count())
        .select_from(item)
        .where(IS_MESSAGE, NAME.is_not(None))
        .group_by(NAME)
        .order_by(func.count().desc(), NAME)
        .limit(limit)
    )
    return [Count(value, number) for value, number in s.execute(query)]


def custodians(s: Connection) -> list[Count]:
    """Items by custodian; an original from two custodians counts for both."""
    query = (
        select(custodian.c.name, func.count(distinct(item.c.id)))
        .join(receipt, receipt.c.custodian_id == custodian.c.id)
        .join(item, item.c.original_id == receipt.c.original_id)
        .group_by(custodian.c.id)
        .order_by(custodian.c.name)
    )
    return [Count(value, number) for value, number in s.execute(query)]


def tags(s: Connection) -> list[TagRow]:
    """All tags by name with the number of items that carry them."""
    query = (
        select(tag, func.count(item_tag.c.item_id).label("number"))
        .outerjoin(item_tag, item_tag.c.tag_id == tag.c.id)
        .group_by(tag.c.id)
        .order_by(tag.c.name)
    )
    return [TagRow(r.id, r.name, r.colour, r.key or "", r.number) for r in s.execute(query)]

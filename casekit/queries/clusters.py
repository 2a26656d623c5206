"""Groups of near-duplicates and topics as they were last computed, and clusters that people have named.

The groups stand in an index that can be thrown away (`index/clusters.db`); names and what they were given to
stand in the case. What is sequestered is in no count and no list: groups are read through the session's items.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    Text,
    column,
    false,
    func,
    select,
    table,
)

from casekit.errors import CaseKitError
from casekit.queries import sequestered
from casekit.store import hiding
from casekit.store.cluster_tables import named_cluster, named_cluster_item
from casekit.store.tables import item

NEAR, TOPIC = "near", "topic"
ANY = "*"

_meta = table("meta", column("key"), column("value", Text), schema="clusters")
_names = table("sqlite_master", column("name"), schema="clusters")
near_group = table(
    "near_group", column("id", Integer), column("principal", Integer), column("items", Integer),
    column("texts", Integer), column("least", Float), schema="clusters",
)  # fmt: skip
near_member = table(
    "near_member", column("item_id", Integer), column("group_id", Integer), column("alike", Float),
    column("words", Integer), schema="clusters",
)  # fmt: skip
topic = table(
    "topic",
    column("id", Integer),
    column("items", Integer),
    column("words", Text),
    schema="clusters",
)
topic_member = table(
    "topic_member", column("item_id", Integer), column("topic_id", Integer), column("cosine", Float),
    schema="clusters",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """How and when groups were computed.

    Attributes:
        at_us: When.
        last_item: The last item that the case had then.
        held: A hash of what was sequestered then.
        values: Parameters and counts, as they are to be shown.
    """

    at_us: int
    last_item: int
    held: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether groups still tell of the whole case.

    Attributes:
        made: How they were computed; None where they never were.
        since: Items that came into the case later, and are in none.
        hidden_since: Whether something was sequestered or released later.
    """

    made: Made | None
    since: int = 0
    hidden_since: bool = False


@dataclass(frozen=True, slots=True)
class NearGroup:
    """Items whose texts are nearly the same.

    Attributes:
        principal: The item that each was compared with: the longest text, of equal ones the earliest item.
        items: How many items; `texts`: how many of their texts differ in any word.
        least: How alike the least alike is to the principal, 0 to 1; None where that cannot be told any more.
    """

    id: int
    principal: int
    items: int
    texts: int | None
    least: float | None


@dataclass(frozen=True, slots=True)
class NearMember:
    """An item of a group: how alike to the principal (None: not told any more), and its words."""

    item_id: int
    alike: float | None
    words: int


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic: its most characteristic words (none where some of it was sequestered since), and its size."""

    id: int
    words: tuple[str, ...]
    items: int


@dataclass(frozen=True, slots=True)
class TopicMember:
    """An item of a topic and the cosine between it and the topic's middle: greater is more typical."""

    item_id: int
    cosine: float


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A cluster that was named: it keeps the items that it had then.

    Attributes:
        kind: `near` or `topic`.
        made: How the cluster was computed.
        items: How many of its items can be seen.
        items_sha256: 64 hex digits over the digests of all its items, sorted.
    """

    id: int
    name: str
    kind: str
    made: dict[str, Any]
    items: int
    items_sha256: str
    by: str
    at_us: int


def ready(s: Connection) -> bool:
    """Whether the index is there at all; it is made when groups are first computed or searched."""
    return (
        s.execute(select(_names.c.name).where(_names.c.name == "near_group")).scalar() is not None
    )


def standing(s: Connection, kind: str) -> Standing:
    """How the groups of one kind were computed, and what has changed since."""
    found = None
    if ready(s):
        found = s.execute(select(_meta.c.value).where(_meta.c.key == kind)).scalar()
    if found is None:
        return Standing(None)
    values = orjson.loads(found)
    made = Made(values.pop("at_us"), values.pop("last_item"), values.pop("held"), values)
    later = select(func.count()).select_from(item).where(item.c.id > made.last_item)
    since = int(s.execute(later).scalar() or 0)
    return Standing(made, since, held_digest(s) != made.held)


def held_digest(s: Connection) -> str:
    """What is sequestered now, as one hash: groups made under another one are out of date."""
    ids = sorted(sequestered.held(s))
    return hashlib.sha256(" ".join(map(str, ids)).encode()).hexdigest()


# -- near-duplicates ------------------------------------------------------------------------------


def near_groups(s: Connection, limit: int, offset: int = 0) -> list[NearGroup]:
    """Groups of at least two items, largest first."""
    if not ready(s):
        return []
    g = near_group.c
    if not hiding.is_hiding(s):
        query = select(g.id, g.principal, g["items"], g.texts, g.least)
        rows = s.execute(query.order_by(g["items"].desc(), g.id).limit(limit).offset(offset))
        return [NearGroup(*row) for row in rows]
    number = func.count().label("number")
    seen = (
        select(near_member.c.group_id, number)
        .join(item, item.c.id == near_member.c.item_id)
        .group_by(near_member.c.group_id)
        .having(func.count() > 1)
        .subquery()
    )
    query = select(g.id, g.principal, seen.c.number, g.texts, g.least, g["items"]).join(
        seen, seen.c.group_id == g.id
    )
    rows = s.execute(query.order_by(seen.c.number.desc(), g.id).limit(limit).offset(offset))
    return [_seen_part(s, row) for row in rows]


def near_count(s: Connection) -> tuple[int, int]:
    """How many groups there are, and how many items in them."""
    if not ready(s):
        return 0, 0
    if not hiding.is_hiding(s):
        query = select(func.count(), func.coalesce(func.sum(near_group.c["items"]), 0))
        groups, items = s.execute(query.select_from(near_group)).one()
        return int(groups), int(items)
    number = (
        select(func.count().label("n"))
        .select_from(near_member)
        .join(item, item.c.id == near_member.c.item_id)
        .group_by(near_member.c.group_id)
        .having(func.count() > 1)
        .subquery()
    )
    groups, items = s.execute(
        select(func.count(), func.coalesce(func.sum(number.c.n), 0)).select_from(number)
    ).one()
    return int(groups), int(items)


def near_group_of(s: Connection, item_id: int) -> NearGroup | None:
    """The group of an item; None where it is in none, or nothing else of it can be seen."""
    if not ready(s):
        return None
    query = select(near_member.c.group_id).join(item, item.c.id == near_member.c.item_id)
    number = s.execute(query.where(near_member.c.item_id == item_id)).scalar()
    return None if number is None else near_group_by_id(s, int(number))


def near_group_by_id(s: Connection, group_id: int) -> NearGroup | None:
    """One group; None where there is none of that number, or fewer than two items of it can be seen."""
    if not ready(s):
        return None
    g, m = near_group.c, near_member.c
    row = s.execute(
        select(g.id, g.principal, func.count(), g.texts, g.least, g["items"])
        .select_from(
            near_group.join(near_member, m.group_id == g.id).join(item, item.c.id == m.item_id)
        )
        .where(g.id == group_id)
        .group_by(g.id, g.principal, g.texts, g.least, g["items"])
    ).first()
    return None if row is None or row[2] < 2 else _seen_part(s, row)


def _seen_part(s: Connection, row: Any) -> NearGroup:
    """A group as far as it can be seen: another principal and no likeness where something of it is hidden."""
    group_id, principal, seen, texts, least, every = row
    if seen == every:
        return NearGroup(group_id, principal, seen, texts, least)
    members = _members(s, group_id, 1)
    there = s.execute(select(item.c.id).where(item.c.id == principal)).scalar()
    return NearGroup(group_id, principal if there else members[0].item_id, seen, None, None)


def near_members(s: Connection, group: NearGroup, limit: int) -> list[NearMember]:
    """The items of a group: its principal first, then the most alike."""
    rows = _members(s, group.id, limit)
    known = s.execute(select(near_group.c.principal).where(near_group.c.id == group.id)).scalar()
    if known == group.principal:
        own = [row for row in rows if row.item_id == known]
        return [*own, *(row for row in rows if row.item_id != known)]
    return [NearMember(row.item_id, None, row.words) for row in rows]


def _members(s: Connection, group_id: int, limit: int) -> list[NearMember]:
    m = near_member.c
    query = select(m.item_id, m.alike, m.words).join(item, item.c.id == m.item_id)
    query = query.where(m.group_id == group_id)
    principal = select(near_group.c.principal).where(near_group.c.id == group_id).scalar_subquery()
    order = ((m.item_id == principal).desc(), m.alike.desc(), m.words.desc(), m.item_id)
    return [NearMember(*row) for row in s.execute(query.order_by(*order).limit(limit))]


def near(value: str) -> ColumnElement[bool]:
    """The condition of `near:ITEM`, or of `near:*`: items with any near-duplicate that can be seen."""
    m, other = near_member.alias("m"), near_member.alias("other")
    beside = (
        select(other.c.item_id)
        .where(other.c.group_id == m.c.group_id, other.c.item_id != m.c.item_id)
        .where(other.c.item_id.in_(select(item.c.id).correlate(None)))
    )
    found = select(m.c.item_id).where(beside.correlate(m).exists())
    if value == ANY:
        return item.c.id.in_(found)
    if not value.isdecimal() or len(value) > 18:
        return false()
    own = near_member.alias("own")
    seen = select(item.c.id).where(item.c.id == int(value)).correlate(None)
    group = select(own.c.group_id).where(own.c.item_id.in_(seen))
    return item.c.id.in_(found.where(m.c.group_id.in_(group)))


# -- topics ---------------------------------------------------------------------------------------


def topics(s: Connection) -> list[TopicRow]:
    """The topics by number, which is by size as they were computed; empty ones are left out."""
    if not ready(s):
        return []
    rows = s.execute(select(topic.c.id, topic.c["items"], topic.c.words).order_by(topic.c.id)).all()
    if not hiding.is_hiding(s):
        return [TopicRow(r.id, tuple(orjson.loads(r.words)), r.items) for r in rows]
    m = topic_member.c
    query = select(m.topic_id, func.count()).join(item, item.c.id == m.item_id).group_by(m.topic_id)
    seen: dict[int, int] = {int(k): int(n) for k, n in s.execute(query)}
    return [
        TopicRow(r.id, tuple(orjson.loads(r.words)) if seen[r.id] == r.items else (), seen[r.id])
        for r in rows
        if seen.get(r.id)
    ]


def topic_members(s: Connection, topic_id: int, limit: int) -> list[TopicMember]:
    """The items of a topic, the most typical first."""
    m = topic_member.c
    query = select(m.item_id, m.cosine).join(item, item.c.id == m.item_id)
    query = query.where(m.topic_id == topic_id).order_by(m.cosine.desc(), m.item_id)
    return [TopicMember(*row) for row in s.execute(query.limit(limit))] if ready(s) else []


def in_topic(value: str) -> ColumnElement[bool]:
    """The condition of `topic:NUMBER`, or of `topic:*`: items that are in any."""
    m = topic_member.c
    if value == ANY:
        return item.c.id.in_(select(m.item_id))
    if not value.isdecimal() or len(value) > 18:
        return false()
    return item.c.id.in_(select(m.item_id).where(m.topic_id == int(value)))


# -- names ----------------------------------------------------------------------------------------


def named(s: Connection) -> list[NamedRow]:
    """The clusters that people have named, by name."""
    c, n = named_cluster.c, named_cluster_item.c
    number = select(func.count()).where(n.cluster_id == c.id).correlate(named_cluster)
    query = select(
        c.id, c.name, c.kind, c.made, number.scalar_subquery(), c.items_sha256, c.by, c.at_us
    )
    query = query.where(c.gone_us.is_(None))
    return [
        NamedRow(r[0], r[1], r[2], orjson.loads(r[3]), r[4], r[5].hex(), r[6], r[7])
        for r in s.execute(query.order_by(func.lower(c.name), c.id))
    ]


def one_named(s: Connection, cluster_id: int) -> NamedRow:
    """The named cluster of that number.

    Raises:
        CaseKitError: There is none.
    """
    found = next((row for row in named(s) if row.id == cluster_id), None)
    if found is None:
        raise CaseKitError("There is no named cluster {id} in this case.", id=cluster_id)
    return found


def now_in(s: Connection, kind: str) -> dict[int, list[tuple[str, int, int]]]:
    """By group or topic of now, the names given earlier to most of what it holds.

    Each with how many of the named items are here, and how many it had: a name stays with the items that it was
    given to, however groups fall when they are computed again.
    """
    if not ready(s):
        return {}
    owner = near_member if kind == NEAR else topic_member
    number = owner.c.group_id if kind == NEAR else owner.c.topic_id
    n, c = named_cluster_item.c, named_cluster.c
    query = (
        select(number, n.cluster_id, func.count())
        .select_from(owner.join(named_cluster_item, n.item_id == owner.c.item_id))
        .join(named_cluster, (c.id == n.cluster_id) & (c.kind == kind) & c.gone_us.is_(None))
        .group_by(number, n.cluster_id)
    )
    names = {row.id: row for row in named(s) if row.kind == kind}
    best: dict[int, tuple[int, int]] = {}
    for group_id, cluster_id, count in s.execute(query.order_by(number)):
        if count > best.get(cluster_id, (0, 0))[1]:
            best[cluster_id] = (group_id, count)
    found: dict[int, list[tuple[str, int, int]]] = {}
    for cluster_id, (group_id, count) in best.items():
        if 2 * count > names[cluster_id].items:
            told = (names[cluster_id].name, count, names[cluster_id].items)
            found.setdefault(group_id, []).append(told)
    return found


def members_of(s: Connection, kind: str, number: int) -> list[int]:
    """The items of a group (principal first, then most alike) or of a topic (most typical first)."""
    if kind == TOPIC:
        return [row.item_id for row in topic_members(s, number, -1)]
    group = near_group_by_id(s, number)
    return [row.item_id for row in near_members(s, group, -1)] if group is not None else []


def membership(s: Connection, kind: str, number: int) -> tuple[list[int], dict[str, Any]]:
    """The items of a group or topic, and how it was computed, to be kept under a name.

    Raises:
        CaseKitError: There is none of that number.
    """
    made, ids = standing(s, kind).made, members_of(s, kind, number)
    if made is None or not ids:
        raise CaseKitError(
            "There is no group {number} now: compute the groups again.", number=number
        )
    return ids, {"number": number, "at_us": made.at_us, "last_item": made.last_item, **made.values}


def items_of_named(s: Connection, cluster_id: int) -> Sequence[int]:
    """The items of a named cluster that can be seen, in order of number."""
    n = named_cluster_item.c
    query = select(n.item_id).where(n.cluster_id == cluster_id).order_by(n.item_id)
    return list(s.execute(query).scalars())

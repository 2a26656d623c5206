"""Neighbours in time: what the same account, API key or IP address asked just before and after a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, not_, select, tuple_

from casekit.queries.items import ItemRow, rows
from casekit.queries.times import instant_us, instants, is_left_out
from casekit.store import hiding
from casekit.store.people_tables import person_alias
from casekit.store.tables import exchange, item, time_decision, time_shift

SHARED = ("account", "api_key", "ip")
MOST = 3
WITHIN = 20_000
"""Items looked at on either side: there is no index by account, and more would take too long to wait for."""

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A record near another one; `gap_us` is how much later it is, in microseconds: negative before it."""

    row: ItemRow
    gap_us: int


@dataclass(frozen=True, slots=True)
class Group:
    """The neighbours that share one value with a record, the earliest first on either side.

    Attributes:
        name: One of `SHARED`; `value` is what they share, as the source has it.
        united: Of an account, the other accounts of the person it was united with, which are followed too.
        cut_before: Whether fewer were found than asked for while there are items that were not looked at.
    """

    name: str
    value: str
    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]
    cut_before: bool
    cut_after: bool
    united: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Window:
    """Items on one side: beyond `start` up to `edge`, None: to the last.

    `shift_us` is what decisions add to the instants of those that are meant; None while nothing is decided.
    """

    shift_us: int | None
    start: Key
    edge: Key | None


def neighbours(
    s: Connection, item_id: int, *, most: int = MOST, within: int = WITHIN
) -> list[Group]:
    """The records nearest before and after one, for each value of `SHARED` that it has.

    Instants are as decided, as assumed where nothing is; what is left out by decision has no neighbours and
    is none. Of records of one instant the one with the lower number counts as the earlier.

    Args:
        s: Reading session.
        item_id: The record.
        most: How many on either side.
        within: Items that are looked at on either side, of whatever kind.
    """
    shared = [exchange.c[name] for name in SHARED]
    own = s.execute(select(*shared).where(exchange.c.item_id == item_id)).first()
    time = instants(s, [item_id]).get(item_id)
    if own is None or time is None or time.us is None or time.state == "left-out":
        return []
    me = (time.us, item_id)
    shifts = _shifts(s)
    windows = {later: _windows(s, me, shifts, within, later=later) for later in (False, True)}
    found = []
    for name, value in zip(SHARED, own, strict=True):
        if not value:
            continue
        united = _united(s, value) if name == "account" else ()
        keys = {
            later: _nearest(s, name, (value, *united), each, most, later=later)
            for later, each in windows.items()
        }
        known = {
            row.id: row for row in rows(s, [key[1] for each, _ in keys.values() for key in each])
        }
        before, after = (
            tuple(Neighbour(known[i], us - me[0]) for us, i in keys[later][0] if i in known)
            for later in (False, True)
        )
        found.append(Group(name, value, before, after, keys[False][1], keys[True][1], united))
    return found


def _united(s: Connection, account: str) -> tuple[str, ...]:
    """The other accounts of those whose account it was decided to be."""
    a = person_alias.c
    whose = select(a.person_id).where(a.kind == "account", a.value == account)
    query = select(a.value).where(a.kind == "account", a.person_id.in_(whose), a.value != account)
    if hiding.is_hiding(s):  # what appears only in what is sequestered is not told
        query = query.where(exists(select(exchange.c.item_id).where(exchange.c.account == a.value)))
    return tuple(s.execute(query.distinct().order_by(a.value)).scalars())


def _shifts(s: Connection) -> Sequence[int | None]:
    """All that decisions add to instants, 0 among them; None alone where nothing was decided."""
    if s.execute(select(time_decision.c.id).limit(1)).first() is None:
        return [None]
    return sorted({0, *s.execute(select(time_shift.c.shift_us).distinct()).scalars()})


def _windows(
    s: Connection, me: Key, shifts: Sequence[int | None], within: int, *, later: bool
) -> list[_Window]:
    """The stretches of the index by date to look at: items of one shift are in order there."""
    found = []
    for shift in shifts:
        start = (me[0] - (shift or 0), me[1])
        query = select(item.c.sent_us, item.c.id).where(_past(start, later=later))
        edge = (
            query.order_by(*_order(later=later)).offset(max(within // len(shifts), 1) - 1).limit(1)
        )
        row = s.execute(edge).first()
        found.append(_Window(shift, start, (row.sent_us, row.id) if row else None))
    return found


def _nearest(
    s: Connection,
    name: str,
    values: Sequence[str],
    windows: list[_Window],
    most: int,
    *,
    later: bool,
) -> tuple[list[Key], bool]:
    """The instants and ids of the nearest that share a value, and whether there may be more farther off."""
    shares = exists(
        select(exchange.c.item_id).where(
            exchange.c.item_id == item.c.id, exchange.c[name].in_(values)
        )
    )
    found: list[Key] = []
    seen: list[Key] = []  # how far each stretch was looked at
    for each in windows:
        shift = each.shift_us or 0
        query = select(item.c.id, item.c.sent_us).where(_past(each.start, later=later), shares)
        if each.edge is not None:
            query = query.where(not_(_past(each.edge, later=later)))
            seen.append((each.edge[0] + shift, each.edge[1]))
        if each.shift_us is not None:
            query = query.where(instant_us() == item.c.sent_us + shift, not_(is_left_out()))
        for row in s.execute(query.order_by(*_order(later=later)).limit(most)):
            found.append((row.sent_us + shift, row.id))
    if seen:  # beyond the nearest end another stretch may hold a nearer one
        end = min(seen) if later else max(seen)
        found = [key for key in found if (key <= end if later else key >= end)]
    found = sorted(found, reverse=not later)[:most]
    return sorted(found), bool(seen) and len(found) < most


def _past(key: Key, *, later: bool) -> Any:
    place = tuple_(item.c.sent_us, item.c.id)
    return place > tuple_(*key) if later else place < tuple_(*key)


def _order(*, later: bool) -> tuple[Any, Any]:
    columns = (item.c.sent_us, item.c.id)
    return columns if later else (columns[0].desc(), columns[1].desc())

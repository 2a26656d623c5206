"""People and addresses as items name them, with how many items name each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from casekit.store.tables import item, item_party


@dataclass(frozen=True, slots=True)
class PartyRow:
    """An address, or a name without one; the names that stand beside it; how many items name it."""

    who: str
    names: str
    count: int


def named_parties(s: Connection, roles: Sequence[str], limit: int) -> list[PartyRow]:
    """Who appears in some roles (empty: in any), commonest first, each with every name it goes by.

    Args:
        s: Reading session; what is sequestered is not there.
        roles: Of parties.
        limit: Greatest number.
    """
    p = item_party.c
    who = case((p.address != "", p.address), else_=p.name).label("who")
    shown = select(who, p.name, p.item_id).join(item, item.c.id == p.item_id)
    if roles:
        shown = shown.where(p.role.in_(roles))
    named = shown.subquery().c
    number = func.count(named.item_id.distinct())
    query = (
        select(named.who, number.label("number")).where(named.who != "").group_by(named.who)
        .order_by(number.desc(), named.who).limit(limit)
    )  # fmt: skip
    names: dict[str, list[str]] = {}
    for row in s.execute(
        select(named.who, named.name).where(named.name != "", named.name != named.who).distinct()
    ):
        names.setdefault(row.who, []).append(row.name)
    return [PartyRow(r.who, " ".join(names.get(r.who, ())), r.number) for r in s.execute(query)]

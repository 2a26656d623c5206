"""People and addresses as items name them, with how many items name each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, case, func, or_, select

from casekit.store.tables import item, item_party


def parties(
    s: Connection, roles: Sequence[str] = (), start: str = "", limit: int = 20
) -> list[tuple[str, int]]:
    """Names and addresses that hold some letters, commonest first; those that begin with them lead.

    Args:
        s: Reading session; what is sequestered is not there.
        roles: Only in these roles; empty: in any.
        start: The letters, in any case.
        limit: Greatest number.
    """
    p = item_party.c
    shown = case((p.address != "", p.address), else_=p.name)
    escaped = start.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = (
        select(shown.label("who"), func.count(p.item_id.distinct()).label("number"))
        .join(item, item.c.id == p.item_id)
        .where(or_(func.lower(p.address).like(f"%{escaped}%", escape="\\"),
                   func.lower(p.name).like(f"%{escaped}%", escape="\\")), shown != "")
        .group_by("who")
    )  # fmt: skip
    if roles:
        query = query.where(p.role.in_(roles))
    begins = case((func.lower(shown).like(f"{escaped}%", escape="\\"), 0), else_=1)
    query = query.order_by(begins, func.count(p.item_id.distinct()).desc(), "who").limit(limit)
    return [(row.who, row.number) for row in s.execute(query)]

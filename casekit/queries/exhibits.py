"""Exhibits in the dossier's order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.queries.items import bates_number
from casekit.store.tables import bates, exhibit, item, privilege


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """One exhibit: its label, the item behind it and the Bates range that item already has, if any."""

    id: int
    label: str
    item_id: int
    kind: str
    title: str
    designation: str
    position: int
    bates_first: str
    bates_last: str
    privileged: bool


def exhibits(s: Connection) -> list[ExhibitRow]:
    """All exhibits in order of position."""
    query = (
        select(
            exhibit, item.c.kind, item.c.title.label("item_title"), bates.c.prefix, bates.c.first,
            bates.c.last, privilege.c.basis,
        )
        .join(item, item.c.id == exhibit.c.item_id)
        .outerjoin(bates, bates.c.item_id == exhibit.c.item_id)
        .outerjoin(privilege, privilege.c.item_id == exhibit.c.item_id)
        .order_by(exhibit.c.position, exhibit.c.id)
    )  # fmt: skip
    return [
        ExhibitRow(
            id=r.id,
            label=r.label,
            item_id=r.item_id,
            kind=r.kind,
            title=r.title or r.item_title,
            designation=r.designation or "",
            position=r.position,
            bates_first=bates_number(r.prefix, r.first) if r.prefix else "",
            bates_last=bates_number(r.prefix, r.last) if r.prefix else "",
            privileged=r.basis is not None,
        )
        for r in s.execute(query)
    ]

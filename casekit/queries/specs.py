"""Saved specs of dossiers, read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from casekit.errors import CaseKitError
from casekit.store.tables import production, saved_spec


@dataclass(frozen=True, slots=True)
class SpecRow:
    """A saved spec: its id, its name, and the JSON that the command line takes."""

    id: int
    name: str
    spec: bytes


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """An issued dossier: its id, its title, when it was issued, and its plan as JSON."""

    id: int
    title: str
    at_us: int
    plan: bytes


def saved_specs(s: Connection) -> list[SpecRow]:
    """All saved specs, by name."""
    query = select(saved_spec).order_by(func.lower(saved_spec.c.name), saved_spec.c.id)
    return [SpecRow(r.id, r.name, r.spec.encode()) for r in s.execute(query)]


def saved_spec_named(s: Connection, name: str) -> SpecRow:
    """The saved spec of that name.

    Raises:
        CaseKitError: There is none; the message names those there are.
    """
    rows = saved_specs(s)
    for row in rows:
        if row.name == name:
            return row
    names = ", ".join(f"“{row.name}”" for row in rows) or "none"
    raise CaseKitError(
        "This case has no saved dossier “{name}”: it has {names}.", name=name, names=names
    )


def issued(s: Connection) -> list[IssuedRow]:
    """All issued dossiers, the newest first."""
    query = (
        select(production.c.id, production.c.title, production.c.at_us, production.c.plan)
        .where(production.c.kind == "dossier")
        .order_by(production.c.id.desc())
    )
    return [IssuedRow(r.id, r.title, r.at_us, r.plan.encode()) for r in s.execute(query)]

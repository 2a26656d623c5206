"""Canary sets as the case keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.store.canary_tables import canary_set


@dataclass(frozen=True, slots=True)
class CanarySet:
    """One set; `key` (32 bytes) is secret and all sentences follow from it."""

    id: int
    name: str
    served: int
    decoys: int
    version: int
    by: str
    made_us: int
    key: bytes = field(repr=False, default=b"")


def sets(s: Connection) -> list[CanarySet]:
    """All sets, oldest first."""
    return [
        CanarySet(r.id, r.name, r.served, r.decoys, r.version, r.by, r.made_us, r.key)
        for r in s.execute(select(canary_set).order_by(canary_set.c.id))
    ]


def get(s: Connection, name: str) -> CanarySet:
    """The set of that name.

    Raises:
        CaseKitError: There is none.
    """
    for one in sets(s):
        if one.name == name:
            return one
    raise CaseKitError("There is no set of canaries “{name}” in this case.", name=name)

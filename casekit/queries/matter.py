"""The matter as the caption needs it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.store.tables import matter, matter_party


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party of the proceeding."""

    id: int
    name: str
    side: str
    role: str
    short: str
    counsel: str


@dataclass(frozen=True, slots=True)
class MatterRow:
    """What is known of the matter; unknown values are empty."""

    name: str
    court: str
    number: str
    judge: str
    time_zone: str
    profile: str
    title: str
    counsel: str
    bates_prefix: str
    designation: str
    offered_by: str
    languages: str
    privilege_review: str
    redaction_review: str
    parties: tuple[PartyRow, ...]


def get(s: Connection) -> MatterRow:
    """The matter of this case."""
    values = {r.key: r.value for r in s.execute(select(matter))}
    found = s.execute(select(matter_party).order_by(matter_party.c.id))
    parties = tuple(
        PartyRow(r.id, r.name, r.side, r.role, r.short or "", r.counsel or "") for r in found
    )
    names = MatterRow.__dataclass_fields__.keys() - {"parties"}
    return MatterRow(parties=parties, **{name: values.get(name, "") for name in names})

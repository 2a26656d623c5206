"""Findings as kept in the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.store.tables import finding


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding; `body` is what its analysis wrote."""

    id: int
    kind: str
    title: str
    at_us: int
    body: dict[str, Any]


def findings(s: Connection) -> list[FindingRow]:
    """All findings, oldest first."""
    query = select(finding).order_by(finding.c.id)
    return [
        FindingRow(r.id, r.kind, r.title, r.at_us, orjson.loads(r.body)) for r in s.execute(query)
    ]


def get(s: Connection, finding_id: int) -> FindingRow:
    """One finding.

    Raises:
        CaseKitError: There is no such finding.
    """
    for row in findings(s):
        if row.id == finding_id:
            return row
    raise CaseKitError("There is no finding {id} in this case.", id=finding_id)

"""Findings as kept in the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.queries import sequestered
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
    """All findings, oldest first; pairs that quote what is sequestered are left out."""
    query = select(finding).order_by(finding.c.id)
    hidden = sequestered.held(s)
    return [
        FindingRow(r.id, r.kind, r.title, r.at_us, _without(orjson.loads(r.body), hidden))
        for r in s.execute(query)
    ]


def _without(body: dict[str, Any], hidden: set[int]) -> dict[str, Any]:
    """A finding without the pairs that quote what is sequestered."""
    pairs = body.get("pairs")
    if not hidden or not isinstance(pairs, list):
        return body
    return {**body, "pairs": [pair for pair in pairs if hidden.isdisjoint(_items(pair))]}


def _items(pair: dict[str, Any]) -> set[int]:
    return {int(pair.get(side, {}).get("item_id", 0)) for side in ("left", "right")}


def get(s: Connection, finding_id: int) -> FindingRow:
    """One finding.

    Raises:
        CaseKitError: There is no such finding.
    """
    for row in findings(s):
        if row.id == finding_id:
            return row
    raise CaseKitError("There is no finding {id} in this case.", id=finding_id)

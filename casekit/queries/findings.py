"""Findings as kept in the case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.queries import sequestered
from casekit.store import hiding
from casekit.store.tables import exchange, finding, sequester


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding; `body` is what its analysis wrote."""

    id: int
    kind: str
    title: str
    at_us: int
    body: dict[str, Any]


def findings(s: Connection) -> list[FindingRow]:
    """All findings, oldest first; pairs, claims and scripts that quote what is sequestered are left out."""
    query = select(finding).order_by(finding.c.id)
    hidden = sequestered.held(s)
    rows = [
        FindingRow(r.id, r.kind, r.title, r.at_us, _without(orjson.loads(r.body), hidden))
        for r in s.execute(query)
    ]
    if not hidden:
        return rows
    return [replace(row, body=_without_scripts(s, row)) for row in rows]


def _without(body: dict[str, Any], hidden: set[int]) -> dict[str, Any]:
    """A finding without the pairs, claims and scripts that quote what is sequestered."""
    if not hidden:
        return body
    body = dict(body)
    if isinstance(body.get("pairs"), list):
        body["pairs"] = [pair for pair in body["pairs"] if hidden.isdisjoint(_items(pair))]
    if isinstance(body.get("claims"), list):
        body["claims"] = [one for one in body["claims"] if one.get("item_id") not in hidden]
    if isinstance(body.get("hits"), list):
        body["hits"] = [
            {**one, "items": [i for i in one["items"] if i not in hidden]} for one in body["hits"]
        ]
    if isinstance(body.get("analytics"), list):
        body["analytics"] = [
            {**one, "pairs": [pair for pair in one["pairs"] if hidden.isdisjoint(_items(pair))]}
            if "pairs" in one
            else one
            for one in body["analytics"]
        ]
    return body


def _without_scripts(s: Connection, row: FindingRow) -> dict[str, Any]:
    """A finding on usage without its scripts, where exchanges that they may quote were sequestered since."""
    if row.kind != "usage" or not sequestered_since(s, row):
        return row.body
    groups = [{**group, "scripts": []} for group in row.body.get("groups", ())]
    return {**row.body, "groups": groups}


def _items(pair: dict[str, Any]) -> set[int]:
    return {int(pair.get(side, {}).get("item_id", 0)) for side in ("left", "right")}


def sequestered_since(s: Connection, row: FindingRow) -> int:
    """How many answers of a finding's models were sequestered after it was computed, and still are.

    It was computed from them, or may have been: which answers it took it keeps as a hash only.
    """
    models = {str(one.get("model", "")) for one in row.body.get("inputs", ())}
    query = (
        select(exchange.c.item_id)
        .join(sequester, sequester.c.item_id == exchange.c.item_id)
        .where(sequester.c.released_us.is_(None), sequester.c.at_us >= row.at_us)
        .where(exchange.c.model.in_(models))
    )
    with hiding.whole(s):
        return len(set(s.execute(query).scalars()))


def get(s: Connection, finding_id: int) -> FindingRow:
    """One finding.

    Raises:
        CaseKitError: There is no such finding.
    """
    for row in findings(s):
        if row.id == finding_id:
            return row
    raise CaseKitError("There is no finding {id} in this case.", id=finding_id)

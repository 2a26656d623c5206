"""The trial exhibit list: what is written of each exhibit beside what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from casekit.queries.exhibits import ExhibitRow, exhibits
from casekit.store.tables import trial_exhibit

FIELDS = ("witness", "purpose", "basis", "objected_by", "objection", "response", "stipulated", "offered",
          "admitted")  # fmt: skip
"""The witness who sponsors it, what it shall prove, why it is admissible, who objects on which ground, the
answer to that, and the dates on which it was stipulated, offered and admitted."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An exhibit with what is written of it by the names in `FIELDS`; empty texts where nothing is."""

    exhibit: ExhibitRow
    values: Mapping[str, str]


def trial_rows(s: Connection) -> list[TrialRow]:
    """All exhibits in their order, those of which nothing is written too."""
    known = {
        row.exhibit_id: {field: getattr(row, field) or "" for field in FIELDS}
        for row in s.execute(select(trial_exhibit))
    }
    nothing = dict.fromkeys(FIELDS, "")
    return [TrialRow(one, known.get(one.id, nothing)) for one in exhibits(s)]

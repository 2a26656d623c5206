"""Judgements on pairs of items that are alike: same, unsure or different, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from casekit.store.tables import judgement

VERDICTS = ("same", "unsure", "different")


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """What one person said of a pair; `item_id` is the lower number."""

    item_id: int
    other_id: int
    verdict: str
    by: str
    at_us: int

    def beside(self, item_id: int) -> int:
        """The one of the pair that is not this item."""
        return self.other_id if item_id == self.item_id else self.item_id


def judgements(s: Connection, item_id: int | None = None) -> list[JudgementRow]:
    """All judgements, or those of pairs with one item, in order of pair and time."""
    query = select(judgement).order_by(
        judgement.c.item_id, judgement.c.other_id, judgement.c.at_us, judgement.c.by
    )
    if item_id is not None:
        query = query.where(or_(judgement.c.item_id == item_id, judgement.c.other_id == item_id))
    return [JudgementRow(r.item_id, r.other_id, r.verdict, r.by, r.at_us) for r in s.execute(query)]


def disputed(rows: list[JudgementRow]) -> set[tuple[int, int]]:
    """The pairs of which people said different things."""
    said: dict[tuple[int, int], set[str]] = {}
    for row in rows:
        said.setdefault((row.item_id, row.other_id), set()).add(row.verdict)
    return {pair for pair, verdicts in said.items() if len(verdicts) > 1}

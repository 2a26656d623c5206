"""Similar items and the word runs two texts share, for the view of two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casekit.ui.compare import MIN_WORDS, Pair, Side
from casekit.ui.reading import Span
from casekit.ui.sidebar import quoted

if TYPE_CHECKING:
    from casekit.queries.items import ItemView
    from casekit.store.case import Case

MOST = 50
PARTS = ("output", "body", "prompt")


def similar_ids(case: Case, view: ItemView) -> list[tuple[int, float | None]]:
    """(id, likeness) of what is most like an item, best first.

    A model's answer is compared with those of the other models where there are any: its own answers to
    the same prompt come first otherwise, and say nothing.
    """
    from casekit.search import similar

    model = view.exchange.get("model", "")
    within = f"NOT model:{quoted(model)}" if model else None
    hits = similar(case, view.row.id, limit=MOST, within=within).hits
    if not hits and within:
        hits = similar(case, view.row.id, limit=MOST).hits
    return [(hit.id, hit.meaning_score) for hit in hits if hit.id != view.row.id]


def pair(case: Case, view: ItemView, hits: list[tuple[int, float | None]], rank: int) -> Pair:
    """An item beside the similar one of that rank (from 0), with their shared runs numbered."""
    from casekit.queries import items
    from casekit.search import runs

    other_id, score = hits[rank]
    with case.read() as s:
        other = items.view(s, other_id)
    mine, theirs = main_part(view), main_part(other)
    found = runs.shared_runs(view.text(mine), other.text(theirs), MIN_WORDS)
    left = sorted(
        (Span(r.a_start, r.a_stop, n) for n, r in enumerate(found, 1)), key=lambda s: s.start
    )
    right = sorted(
        (Span(r.b_start, r.b_stop, n) for n, r in enumerate(found, 1)), key=lambda s: s.start
    )
    return Pair(
        Side(view, mine, tuple(left)), Side(other, theirs, tuple(right)), rank + 1, len(hits), score,
        tuple(r.words for r in found),
    )  # fmt: skip


def main_part(view: ItemView) -> str:
    """The part that is compared: a model's answer, a mail's body, else the first text."""
    names = [name for name, _ in view.texts]
    return next((p for p in PARTS if p in names), names[0] if names else "body")

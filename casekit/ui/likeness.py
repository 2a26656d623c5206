"""Similar items and the word runs two texts share, for the view of two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casekit.i18n import tr
from casekit.ui.compare import GROUNDS, Pair, Side
from casekit.ui.sidebar import quoted
from casekit.ui.writing import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casekit.queries.items import ItemView
    from casekit.search.shared import Piece
    from casekit.store.case import Case

MOST = 50


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
    from casekit.queries import items, judgements
    from casekit.search import shared

    other_id, score = hits[rank]
    with case.read() as s:
        other = items.view(s, other_id)
        found = shared.compare(s, view, other)
        said = judgements.judgements(s, view.row.id)
    mine = {row.beside(view.row.id) for row in said if row.by == case.actor}
    return Pair(
        Side(view, found.left_part, _spans([run.left for run in found.shared])),
        Side(other, found.right_part, _spans([run.right for run in found.shared])),
        rank + 1, len(hits), score, tuple(run.words for run in found.shared),
        found.in_prompt, found.by_control, found.words, found.controls,
        tuple(row for row in said if row.beside(view.row.id) == other_id),
        sum(each in mine for each, _ in hits),
    )  # fmt: skip


def next_unjudged(
    case: Case, item_id: int, hits: list[tuple[int, float | None]], rank: int
) -> int | None:
    """The first rank behind this one that the user has not judged, going round at the end; None: all are."""
    from casekit.queries import judgements

    with case.read() as s:
        said = judgements.judgements(s, item_id)
    judged = {row.beside(item_id) for row in said if row.by == case.actor}
    ranks = (*range(rank + 1, len(hits)), *range(rank + 1))
    return next((at for at in ranks if hits[at][0] not in judged), None)


def _spans(runs: Sequence[Sequence[Piece]]) -> tuple[Span, ...]:
    """The pieces of numbered runs as they are drawn, in the order of the text."""
    spans = []
    for number, pieces in enumerate(runs, 1):
        for n, piece in enumerate(pieces):
            colour, pattern, word = GROUNDS[piece.ground]
            label = f"\u00a0[{number} {tr(word)}]" if word else ""
            spans.append(
                Span(piece.start, piece.stop, number, colour, pattern, label=label, first=n == 0)
            )
    return tuple(sorted(spans, key=lambda span: span.start))

from __future__ import annotations

import pytest

from casekit.queries import items
from casekit.search import Hit, SearchResult
from casekit.store.case import Case
from casekit.ui import likeness


def test_a_pair_has_the_shared_runs_numbered_on_both_sides(sample_case: Case) -> None:
    with sample_case.read() as s:
        view = items.view(s, 1)
    pair = likeness.pair(sample_case, view, [(2, 0.9)], 0)
    texts = [(side.view.text(side.part), side.spans) for side in (pair.left, pair.right)]
    shared = [[text[s.start : s.stop] for s in spans] for text, spans in texts]
    assert (
        shared[0]
        == shared[1]
        == [
            "let us first separate the cap itself from the events that lift it",
            "Gross negligence and wilful misuse sit outside the cap",
        ]
    )
    assert (pair.words, pair.rank, pair.ranks, pair.score) == ((13, 9), 1, 1, 0.9)


def test_a_models_answers_are_compared_with_those_of_others(
    sample_case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def similar(
        _case: Case, item_id: int, *, limit: int, within: str | None = None
    ) -> SearchResult:
        asked.append(within)
        hits = () if within else (Hit(item_id, 1.0), Hit(4, 0.5, meaning_score=0.5))
        return SearchResult(hits, len(hits), ())

    monkeypatch.setattr("casekit.search.similar", similar)
    with sample_case.read() as s:
        view = items.view(s, 1)
    assert likeness.similar_ids(sample_case, view) == [(4, 0.5)]
    assert asked == ['NOT model:"meridian-r1"', None]

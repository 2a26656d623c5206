from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from casekit.progress import Silent
from casekit.search import nearest, vectors
from casekit.search.engine import HashEmbedder
from casekit.store.case import Case
from tests.search.builders import add_logs

WORDS = [f"word{n}" for n in range(60)]


@pytest.fixture
def filled(case: Case) -> Case:
    rng = np.random.default_rng(3)
    texts = [" ".join(rng.choice(WORDS, 9)) for _ in range(300)]
    add_logs(case, 300, texts, texts[::-1])
    vectors.index_pending(case, HashEmbedder(), Silent())
    return case


def brute(
    case: Case, query: np.ndarray, items: set[int] | None, kinds: tuple[str, ...]
) -> list[float]:
    with case.read() as s:
        places, found = vectors.of_items(s, range(1, 301), kinds)
    scores = found.astype(np.float32) @ query
    kept = [
        float(c) for p, c in zip(places, scores, strict=True) if items is None or p.item_id in items
    ]
    return sorted(kept, reverse=True)


@pytest.mark.parametrize(("exact", "whole"), [(10**6, 10**7), (10, 10**7)], ids=["fp16", "8 bit"])
@pytest.mark.parametrize("kinds", [vectors.PARTS, ("output",)])
@pytest.mark.parametrize("items", [None, {3, 7, 250}])
def test_the_nearest_are_those_of_comparing_all(
    filled: Case,
    monkeypatch: pytest.MonkeyPatch,
    exact: int,
    whole: int,
    kinds: tuple[str, ...],
    items: set[int] | None,
) -> None:
    monkeypatch.setattr(nearest, "EXACT_UP_TO", exact)
    monkeypatch.setattr(nearest, "WHOLE_UP_TO", whole)
    e = HashEmbedder()
    query = e.vectors(e.passages(["word1 word2 word3"])[0])[0]
    index = nearest.open_index(filled)
    allowed = None if items is None else np.array(sorted(items))
    with filled.read() as s:
        rows, cosines = index.search(s, query, 5, index.mask(kinds, allowed))
    assert np.allclose(cosines, brute(filled, query, items, kinds)[:5], atol=1e-6)
    assert not index.approximate
    if items is not None:
        assert set(index.items[rows].tolist()) <= items


def test_above_a_million_answers_are_marked_approximate(
    filled: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "EXACT_UP_TO", 10)
    monkeypatch.setattr(nearest, "WHOLE_UP_TO", 20)
    e = HashEmbedder()
    query = e.vectors(e.passages(["word1 word2 word3"])[0])[0]
    index = nearest.open_index(filled)
    with filled.read() as s:
        rows, cosines = index.search(s, query, 5)
        few, _ = index.search(s, query, 5, index.mask(("output",), np.array([3])))
    assert index.approximate
    assert len(rows) == 5
    assert cosines[0] >= 0.8 * brute(filled, query, None, vectors.PARTS)[0]
    assert index.items[few].tolist() == [3]


def test_new_passages_are_taken_up_and_a_larger_index_is_begun_anew(
    filled: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = nearest.open_index(filled)
    assert index.index.ntotal == 600
    add_logs(filled, 5, ["fresh"], ["fish"])
    vectors.index_pending(filled, HashEmbedder(), Silent())
    later = nearest.open_index(filled)
    assert later.index is index.index
    assert later.index.ntotal == len(later.ids) == 610
    assert len(index.ids) == len(index.items) == len(index.kinds) == 600
    monkeypatch.setattr(nearest, "EXACT_UP_TO", 612)
    add_logs(filled, 5, ["fresh"], ["fish"])
    vectors.index_pending(filled, HashEmbedder(), Silent())
    assert nearest.open_index(filled).index.ntotal == 620


def test_threads_that_ask_at_once_take_each_passage_up_once(
    filled: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """*Find similar*, pressed twice, once took passages up twice and then broke off."""
    monkeypatch.setattr(nearest, "READ_AT_ONCE", 10)
    together = threading.Barrier(6)

    def ask(_number: int) -> nearest.Nearest:
        together.wait()
        return nearest.open_index(filled)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(ask, range(6)))
    for one in found:
        assert len(np.unique(one.ids)) == len(one.ids) == len(one.items) == len(one.kinds) == 600
    assert found[0].index.ntotal == 600


def test_what_came_after_an_index_was_opened_is_not_in_its_answers(filled: Case) -> None:
    e = HashEmbedder()
    query = e.vectors(e.passages(["word1 word2 word3"])[0])[0]
    index = nearest.open_index(filled)
    add_logs(filled, 5, ["word1 word2 word3"], ["fish"])
    vectors.index_pending(filled, e, Silent())
    nearest.open_index(filled)
    with filled.read() as s:
        rows, _ = index.search(s, query, 5)
    assert len(rows) == 5
    assert rows.max() < 600


def test_items_come_once_with_their_best_passage(filled: Case) -> None:
    e = HashEmbedder()
    query = e.vectors(e.passages(["word1"])[0])[0]
    index = nearest.open_index(filled)
    with filled.read() as s:
        best = index.best_items(s, query, 250)
    assert len({item_id for item_id, _, _ in best}) == len(best) == 250
    assert [c for _, c, _ in best] == sorted((c for _, c, _ in best), reverse=True)


def test_an_empty_index_finds_nothing(case: Case) -> None:
    index = nearest.open_index(case)
    with case.read() as s:
        assert index.best_items(s, np.zeros(64, np.float32), 3) == []

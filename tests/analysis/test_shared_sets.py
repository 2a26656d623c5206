from __future__ import annotations

import random

import numpy as np
import pytest

from casekit.analysis import shared_sets
from casekit.analysis.shared_sets import Comparison, Listed
from casekit.progress import Silent
from casekit.queries.exchanges import Answer
from casekit.search.engine import HashEmbedder


def answers(texts: list[str]) -> list[Answer]:
    return [Answer(n, b"%d" % n, b"", f"Prompt {n}", t) for n, t in enumerate(texts)]


class Parted(Listed):
    """The same answers, three at a time."""

    def batches(self):  # type: ignore[no-untyped-def]
        for start in range(0, len(self.answers), 3):
            yield self.answers[start : start + 3]


def texts(seed: int, number: int) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices("abcd", k=30)) for _ in range(number)]


def test_reading_in_parts_changes_nothing() -> None:
    """Every run, also the longest, is that of comparing each answer with each."""
    ours, theirs = answers(texts(1, 12)), answers(texts(2, 20))
    found: list[
        tuple[dict[str, list[bool]], float, list[tuple[int, int, int]], list[list[int]]]
    ] = []
    for source in (Listed(theirs), Parted(theirs)):
        made = Comparison({"m": ours}, 7, Silent())
        made.read(source, [a.prompt_sha256 for a in ours])
        shared = made.shared({"m": "m"}, {"m": 3})["m"]
        found.append(
            (
                {k: v.tolist() for k, v in shared.hits.items()},
                shared.rare,
                [(a.number, a.other.item_id, a.words) for a in shared.longest],
                [[len(cell) for cell in row] for row in made.matrix(False)],
            )
        )
    assert found[0] == found[1]
    longest = [
        max((r.words for b in theirs for r in shared_sets.runs_of(a, b, 7)), default=0)
        for a in ours
    ]
    hits, _, best, _ = found[0]
    assert hits["runs"] == [n > 0 for n in longest]
    assert hits["same"] == [
        bool(shared_sets.runs_of(a, b, 7)) for a, b in zip(ours, theirs, strict=False)
    ]
    assert [words for _, _, words in best] == sorted(longest, reverse=True)[:3]
    assert all(longest[number] == words for number, _, words in best)


def test_rare_wording_weighs_what_few_families_have() -> None:
    def of(*values: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        return np.array(values, dtype=np.uint64)

    own = {"s": of(1, 2, 3, 4), "a1": of(1, 9), "a2": of(1, 2), "b": of(1, 5)}
    families = {"s": "s", "a1": "a", "a2": "a", "b": "b"}
    found = shared_sets.rare_wording(own, of(1, 2, 3, 7), 4, families)
    # 1 stands in all three families: log 1; 2 in two: log 3/2; 3 in the subject alone: log 3.
    assert found["s"] == pytest.approx((np.log(3 / 2) + np.log(3)) / 4 * 1_000)
    assert found["a2"] == pytest.approx(np.log(3 / 2) / np.sqrt(8) * 1_000)
    assert (found["a1"], found["b"]) == (0.0, 0.0)
    assert shared_sets.rare_wording({"s": of()}, of(), 0, {"s": "s"}) == {"s": 0.0}


def test_texts_that_mean_the_same_are_found_across_and_inside() -> None:
    across, within = shared_sets.meant_alike(
        {"m": ["the cat sat down", "quite other words", ""], "n": ["x y z", "z y x"]},
        ["down sat the cat"], HashEmbedder(), Silent(),
    )  # fmt: skip
    assert {m: hit.tolist() for m, hit in across.items()} == {
        "m": [True, False, False],
        "n": [False, False],
    }
    assert within == {"m": 0, "n": 2, "": 0}

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa

from casekit.search import shingles
from tests.analysis.usage import logs


def cluster(texts: list[str | None]) -> list[int]:
    return shingles.clusters(shingles.signatures([pa.array(texts, pa.string())])).tolist()


def test_words_have_no_case_and_no_numbers_and_characters_of_chinese_stand_alone() -> None:
    texts = pa.array(["Über 1,234.5 Dinge: It’s!", "他说 hello", None, ""])
    assert shingles.words(texts).to_pylist() == [
        ["über", "#", "dinge", "it", "s"],
        ["他", "说", "hello"],
        [""],
        [""],
    ]


def test_texts_of_one_sentence_are_one_cluster_and_others_are_alone() -> None:
    rng = random.Random(4)
    filled = [logs.filled(rng, logs.SCRIPTS[0]) for _ in range(40)]
    free = [logs.free_text(rng) for _ in range(40)]
    found = cluster([*filled, *free])
    assert found == [0] * 40 + list(range(40, 80))


def test_the_order_of_batches_changes_nothing() -> None:
    rng = random.Random(5)
    texts = [logs.filled(rng, rng.choice(logs.SCRIPTS)) for _ in range(50)]
    whole = shingles.signatures([pa.array(texts)])
    parts = shingles.signatures([pa.array(texts[:7]), pa.array(texts[7:])])
    assert (whole == parts).all()


def test_recall_of_near_duplicates_is_at_least_99_in_100() -> None:
    rng = random.Random(6)
    planted = [logs.filled(rng, logs.SCRIPTS[n % 3]) for n in range(1_500)]
    free = [f"{logs.free_text(rng)}" for _ in range(1_500)]
    found = np.array(cluster([*planted, *free]))
    sizes = dict(zip(*np.unique(found, return_counts=True), strict=True))
    in_large = np.array([sizes[c] >= 20 for c in found])
    assert in_large[:1_500].mean() >= 0.99
    assert not in_large[1_500:].any()


def test_empty_texts_and_single_words() -> None:
    assert cluster([None, "", "?", "yes", "Yes!", "no"]) == [0, 1, 2, 3, 3, 5]
    assert cluster([]) == []

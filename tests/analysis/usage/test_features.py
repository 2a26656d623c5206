from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from casekit.analysis.usage import features

TEXTS = ["sort the list of names", "sort the list of rivers", "", "bake bread with rye flour"]


def test_texts_become_vectors_of_length_one_and_common_words_weigh_little() -> None:
    rows = features.weighed(features.counted([pa.array(TEXTS[:2]), pa.array(TEXTS[2:])]))
    alike = (rows @ rows.T).toarray()
    assert alike.diagonal().round(9).tolist() == [1, 1, 0, 1]
    assert alike[0, 1] > 0.3
    assert alike[0, 3] == alike[0, 2] == 0


def test_the_kernels_mean_gives_the_distance_of_two_sets_of_texts() -> None:
    texts = [text for text in TEXTS if text]
    rows = features.weighed(features.counted([pa.array(texts)]))
    apart = 2 - 2 * (rows @ rows.T).toarray()
    each = features.means(rows, np.arange(3), 3)
    assert each @ each.T == pytest.approx(np.exp(-features.SHARPNESS * apart), abs=0.2)
    assert (each**2).sum(axis=1) == pytest.approx(np.ones(3))
    two = features.means(rows, np.array([0, 0, 1]), 3)
    assert two[:2] == pytest.approx(np.array([(each[0] + each[1]) / 2, each[2]]))
    assert two[2].tolist() == [0.0] * (2 * features.FREQUENCIES)


def test_of_a_script_only_what_fills_its_blanks_is_left() -> None:
    texts = [f"grade the essay about {word} now" for word in ("rye", "wheat", "oats", "malt")]
    rows = features.counted([pa.array([*texts, "grade the essay"])])
    left = features.without_wording(rows, np.array([7, 7, 7, 7, -1]))
    assert np.diff(left.indptr).tolist() == [1, 1, 1, 1, 3]
    assert features.without_wording(rows, np.full(5, -1)) is rows


def test_texts_of_like_words_are_of_one_subject() -> None:
    many = ["rye bread flour oven", "sort list index code"] * 30
    found = features.subjects(features.weighed(features.counted([pa.array(many)])), 2)
    assert len(set(found[::2])) == len(set(found[1::2])) == 1
    assert (
        found.tolist()
        == features.subjects(features.weighed(features.counted([pa.array(many)])), 2).tolist()
    )


def test_breadth_is_the_mean_over_all_draws() -> None:
    counts = np.array([[2, 1, 1], [4, 0, 0], [1, 0, 0]])
    assert features.breadth(counts, 2) == pytest.approx([11 / 6, 1.0, np.nan], nan_ok=True)


def test_what_was_never_seen_is_estimated_from_what_was_seen_once_and_twice() -> None:
    assert features.unseen([1] * 20 + [2] * 10) == 30 + 20 * 19 // 22
    assert features.unseen([1] * 900 + [2]) is None


def test_an_even_spread_is_as_many_subjects_as_it_has() -> None:
    assert features.effective([5, 5, 5, 5, 0]) == pytest.approx(4.0)
    assert features.effective([1_000_000, 1]) == pytest.approx(1.0, abs=1e-4)
    assert features.effective([0, 0]) == 0.0

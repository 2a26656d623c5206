from __future__ import annotations

import numpy as np
import pytest

from casekit.analysis.usage import controls
from casekit.analysis.usage.controls import Measure


def measure(values: np.ndarray, of: np.ndarray) -> Measure:
    return Measure("A5", "x", "a figure", of, of, values, "SELECT")


def test_false_discovery_rates_are_those_of_benjamini_and_hochberg() -> None:
    q = controls.corrected([0.01, np.nan, 0.04, 0.03, 0.5])
    assert q.tolist()[0] == pytest.approx(0.04)
    assert np.isnan(q[1])
    assert q[2:].tolist() == pytest.approx([0.16 / 3, 0.16 / 3, 0.5])
    assert np.isnan(controls.corrected([np.nan])).all()


def test_a_group_like_its_controls_has_a_uniform_p() -> None:
    rng = np.random.default_rng(1)
    of = rng.integers(1, 100, 600)
    group_of = np.where(np.arange(600) < 30, 0, -1)
    found = []
    for _ in range(200):
        test = controls.compare(measure(rng.random(600), of), group_of, 1, 1, draws=199).groups[0]
        assert test is not None
        found.append(test.p)
    below = sum(p <= 0.1 for p in found)
    assert 8 <= below <= 36


def test_controls_have_as_many_observations_and_are_of_no_group() -> None:
    """Small accounts score high by their size alone: a group of small ones is like its controls."""
    of = np.r_[np.full(30, 2), np.full(300, 2), np.full(300, 90)]
    values = np.r_[np.full(30, 0.9), np.full(300, 0.9), np.full(300, 0.1)]
    group_of = np.r_[np.zeros(30, dtype=np.int64), np.full(600, -1)]
    like = controls.compare(measure(values, of), group_of, 1, 1, draws=199)
    assert (like.groups[0].control_mean, like.groups[0].p) == (pytest.approx(0.9), 1.0)
    values[:30] = 0.95
    unlike = controls.compare(measure(values, of), group_of, 1, 1, draws=199)
    assert (unlike.groups[0].members, unlike.groups[0].controls) == (30, 300)
    assert unlike.groups[0].p == pytest.approx(1 / 200)
    assert unlike.p[0] == pytest.approx(1 / 301)
    assert unlike.p[40] == 1.0


def test_too_few_controls_test_nobody() -> None:
    group_of = np.r_[np.zeros(10, dtype=np.int64), np.full(20, -1)]
    found = controls.compare(measure(np.ones(30), np.ones(30, dtype=np.int64)), group_of, 1, 1)
    assert found.groups == (None,)
    assert np.isnan(found.p).all()


def test_accounts_without_a_figure_take_no_part() -> None:
    values = np.r_[np.full(5, np.nan), np.ones(200)]
    found = controls.compare(
        measure(values, np.ones(205, dtype=np.int64)), np.full(205, -1, dtype=np.int64), 0, 1
    )
    assert np.isnan(found.p[:5]).all()
    assert (found.p[5:] == 1.0).all()

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekit.analysis import lineage_run
from casekit.progress import Silent
from casekit.store.case import Case
from tests.analysis import worlds


@pytest.fixture
def run(world: Case) -> lineage_run.Run:
    with world.read() as s:
        made, why = lineage_run.prepare(
            s, "dark-7b", "dark", worlds.SOURCES, worlds.members(), Silent()
        )
    assert made is not None, why
    return made


def test_the_subject_is_measured_last_and_is_no_trial(run: lineage_run.Run) -> None:
    models = run.measured.models
    assert models[-1] == "dark-7b"
    assert [model for model, _ in lineage_run.trial_rows(run)] == list(models[:-1])
    assert run.measured.values.shape == (2, len(models), worlds.PROMPTS)
    some = run.measured.scores(np.arange(7))
    assert some[0] == pytest.approx(np.nanmean(run.measured.values[0, :, :7], axis=1))


def test_a_ratio_rises_with_nearness_or_is_none(run: lineage_run.Run) -> None:
    assert lineage_run.rises(lineage_run.fitted(run.measured.scores(), run)[1])
    turned = replace(run, measured=replace(run.measured, values=-run.measured.values))
    assert not lineage_run.rises(lineage_run.fitted(turned.measured.scores(), turned)[1])


def test_a_family_that_is_drawn_no_times_calibrates_nothing(run: lineage_run.Run) -> None:
    """Its scores may be anything then."""
    counts = {f: float(f != "wild9") for f in run.trials.family}
    before = lineage_run.ratio(run.measured.scores(), run, counts)
    values = run.measured.values.copy()
    values[:, [f == "wild9" for f in run.trials.family] + [False]] = 99.0
    moved = replace(run, measured=replace(run.measured, values=values))
    assert lineage_run.ratio(moved.measured.scores(), moved, counts) == pytest.approx(before)
    assert lineage_run.ratio(moved.measured.scores(), moved) != pytest.approx(before)

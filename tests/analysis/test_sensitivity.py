from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from casekit.analysis import lineage, lineage_run, sensitivity
from casekit.analysis.calibration import cap_of
from casekit.progress import Silent
from casekit.store.case import Case
from tests.analysis import worlds


def prepared(case: Case) -> lineage_run.Run:
    with case.read() as s:
        run, why = lineage_run.prepare(
            s, "dark-7b", "dark", worlds.SOURCES, worlds.members(), Silent()
        )
    assert run is not None, why
    return run


def test_every_part_is_left_out_in_turn_and_the_result_stays_as_it_is(world: Case) -> None:
    run = prepared(world)
    named = {p: ("even" if k % 2 else "odd") for k, p in enumerate(run.prompts)}
    rows = sensitivity.rows(run, 1, dict(list(named.items())[:8]))
    assert Counter(row["without"] for row in rows) == {
        "stranger_family": 6, "student_family": 5, "habit": 2, "task": 2, "half": sensitivity.HALVES,
    }  # fmt: skip
    by_name = {row["name"]: row for row in rows}
    assert (by_name["even"]["prompts"], by_name["1"]["prompts"]) == (worlds.PROMPTS - 4, 55)
    caps = {row["without"]: row["cap"] for row in rows}
    assert caps.pop("stranger_family") == round(cap_of(5), 4)
    assert set(caps.values()) == {round(cap_of(6), 4)}
    assert all(abs(row["log10_lr"]) <= row["cap"] for row in rows)
    scores = run.measured.scores()
    assert by_name["layout"]["log10_lr"] == round(lineage_run.ratio(scores[1:], run), 4)
    assert by_name["openings"]["log10_lr"] == round(lineage_run.ratio(scores[:1], run), 4)
    counts = {f: float(f != "pupil2") for f in run.trials.family}
    assert by_name["pupil2"]["log10_lr"] == round(lineage_run.ratio(scores, run, counts), 4)
    with world.read() as s:
        body = lineage.compare(
            s, subject="dark-7b", sources=worlds.SOURCES, members=worlds.members()
        )
    assert body["sensitivity"] == sensitivity.rows(run, lineage.SEED, {})
    assert round(lineage_run.ratio(scores, run), 4) == body["result"]["log10_lr"]


def test_a_task_without_which_too_little_is_left_has_no_row(world: Case) -> None:
    run = prepared(world)
    task = dict.fromkeys(run.prompts[:11], "eleven") | dict.fromkeys(run.prompts[11:21], "ten")
    rows = sensitivity.rows(run, 1, task)
    assert [(row["name"], row["prompts"]) for row in rows if row["without"] == "task"] == [
        ("ten", 100)
    ]


def test_what_gives_no_ratio_has_none(world: Case) -> None:
    """Where a habit is no nearer, and where a model shows nothing on the prompts that are left."""
    run = prepared(world)
    values = run.measured.values.copy()
    values[0] *= -1
    turned = replace(run, measured=replace(run.measured, values=values))
    by_name = {row["name"]: row["log10_lr"] for row in sensitivity.rows(turned, 1, {})}
    assert by_name["openings"] is None
    assert by_name["layout"] is not None
    values = run.measured.values.copy()
    values[0, -1, 4:] = np.nan
    shy = replace(run, measured=replace(run.measured, values=values))
    rows = sensitivity.rows(shy, 1, dict.fromkeys(run.prompts[:4], "shown"))
    by_name = {row["name"]: row["log10_lr"] for row in rows}
    assert by_name["shown"] is None
    assert by_name["wild0"] is not None


@pytest.mark.parametrize("seed", [1, 2])
def test_the_halves_are_the_seeds(world: Case, seed: int) -> None:
    run = prepared(world)
    values = run.measured.values.copy()
    values[:, -1] = np.nanmean(
        values[:, :-1], axis=1
    )  # a subject between both sides: not at the cap
    run = replace(run, measured=replace(run.measured, values=values))
    halves = [
        [row["log10_lr"] for row in sensitivity.rows(run, n, {}) if row["without"] == "half"]
        for n in (seed, seed, seed + 1)
    ]
    assert halves[0] == halves[1] != halves[2]
    assert len(set(halves[0])) > 1

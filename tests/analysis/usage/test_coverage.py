from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from casekit.analysis.usage import controls, coverage, scripts
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.running import Run
from casekit.progress import Silent
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]


def test_the_campaign_asks_unlike_the_others(run: Run) -> None:
    (distance,) = [
        c for _, c in run.compared if (c.measure.id, c.measure.key) == ("A4", "distance")
    ]
    ring = next(n for n, v in enumerate(run.verdicts) if len(v.named))
    tested = distance.groups[ring]
    assert tested is not None
    assert tested.mean > 10 * tested.control_mean
    assert tested.p == 1 / (1 + coverage.DRAWS)
    spread = run.spread[ring]
    assert (spread["prompts"], spread["questions"] > 800) == (900, True)
    assert 1 < spread["subjects_as_if_even"] <= spread["subjects_met"] <= 40


def test_coverage_alone_names_nobody(run: Run) -> None:
    assert all("A4" not in verdict.shown for verdict in run.verdicts)


def test_of_an_account_as_many_prompts_are_looked_at_as_it_has_or_the_most(
    framed: Framed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "MOST", 4)
    rng = random.Random(1)
    people = [logs.account(rng, name) for name in ("few", "many")]
    rows = [logs.row(rng, people[n % 5 > 1], logs.START_US + n, f"question {n}") for n in range(20)]
    frame = framed([*rows, {**rows[0], "sent_us": logs.START_US + 30, "prompt": None}])
    asked = coverage.read(frame, scripts.read(frame, Silent()), Silent())
    assert not isinstance(asked, str)
    assert asked.prompts.tolist() == [4, 4]
    chosen = frame.fetch(coverage.sampled(frame))["item_id"].to_pylist()
    mine = [n for n in chosen if (n - 1) % 5 > 1]
    assert (mine[0], len(mine)) == (5, 4)
    assert min(b - a for a, b in itertools.pairwise(mine)) >= 4


def test_without_prompts_it_is_refused(framed: Framed) -> None:
    rows = [{**row, "prompt": None} for row in logs.ordinary(1, 5, 20)]
    frame = framed(rows)
    assert (
        coverage.read(frame, scripts.read(frame, Silent()), Silent()) == "this log has no prompts"
    )


def test_the_test_has_its_size_where_groups_are_drawn_by_lot() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    accounts, below = 200, 0
    for seed in range(100):
        means = rng.normal(size=(accounts, 6))
        prompts = rng.integers(2, 100, accounts)
        group_of = np.full(accounts, -1)
        group_of[rng.permutation(accounts)[:12]] = 0
        strata = controls.classes(prompts, prompts >= 2)
        tested = coverage.discrepancy(means, strata, group_of, 0, seed, draws=199)
        assert tested is not None
        below += tested.p <= 0.1
    assert 3 <= below <= 18


def test_too_few_accounts_are_not_tested() -> None:
    strata, group_of = np.zeros(60, dtype=np.int64), np.full(60, -1)
    group_of[:2] = 0
    assert coverage.discrepancy(np.ones((60, 4)), strata, group_of, 0, 1) is None
    assert coverage.discrepancy(np.ones((20, 4)), strata[:20], group_of[:20], 0, 1) is None

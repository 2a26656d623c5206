from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from casekit.analysis.usage import placebo
from casekit.analysis.usage.frame import DAY_US, Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import START_US, Row

Framed = Callable[[Sequence[Row]], Frame]


def rows(days: int = 30, release: int = 15, *, restless: bool = False) -> list[Row]:
    """Three accounts that move on one day and three that stay; restless ones ask a new model every few days."""
    rng = random.Random(1)
    made = []
    for k in range(6):
        who = logs.account(rng, f"a{k}")
        for day in range(days):
            model = "new" if day >= release and k < 3 else f"old-{day // 4}" if restless else "old"
            us = START_US + day * DAY_US + k
            made.append(logs.row(rng, who, us, f"ask {day}", model=model))
    return made


GROUP = np.array([0, 0, 0, -1, -1, -1])


def test_a_move_at_the_release_alone_is_the_first_among_all_days(framed: Framed) -> None:
    (found,), query, why = placebo.compare(framed(rows()), GROUP, 1)
    assert why == ""
    assert "GROUP BY" in query
    assert found is not None
    assert (found.model, found.share, found.outside) == ("new", 1.0, 0.0)
    # Days 7 to 26, without those whose three days meet the release's: 13 to 17.
    assert (found.dates, found.mean, found.most) == (15, 0.0, 0.0)
    assert found.p == 1 / 16


def test_without_other_days_or_a_release_nothing_is_said(framed: Framed) -> None:
    found, _, why = placebo.compare(framed(rows(days=14, release=9)), GROUP, 1)
    assert (found, why) == ((None,), "fewer than 10 days of this log are apart from releases")
    found, query, why = placebo.compare(framed(rows(release=99)), GROUP, 1)
    assert (found, query) == ((None,), "")
    assert why == "no model appears in this log after its first week"


def test_an_account_that_was_not_there_before_moves_nowhere(framed: Framed) -> None:
    late = [
        row for row in rows() if row["account"] >= "a3" or row["sent_us"] >= START_US + 15 * DAY_US
    ]
    (found,), _, _ = placebo.compare(framed(late), GROUP, 1)
    assert found is None


def test_a_day_on_which_as_much_moved_counts_against_the_release() -> None:
    days = np.arange(-3, 30)
    model = np.where((days >= 0) & (days < 3), 1, np.where((days >= 20) & (days < 23), 2, 0))
    one = np.ones(len(days), dtype=np.int64)
    table = (
        np.r_[0 * one, one],
        np.r_[model, 0 * one],
        np.r_[days, days],
        np.r_[one, one],
    )
    found = placebo._of_group(table, np.array([0, -1]), 0, np.arange(3, 27), "m")
    assert found is not None
    assert (found.share, found.most, found.dates) == (1.0, 1.0, 24)
    assert found.p == 2 / 25


def test_accounts_that_appear_on_the_day_itself_have_not_moved() -> None:
    days = np.arange(0, 30)
    one = np.ones(len(days), dtype=np.int64)
    group = (0 * one, (days == 0).astype(np.int64), days, one)
    rest = (one, 0 * one, days - 5, one)
    table = tuple(np.r_[a, b] for a, b in zip(group, rest, strict=True))
    assert placebo._of_group(table, np.array([0, -1]), 0, np.arange(3, 24), "m") is None  # type: ignore[arg-type]

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

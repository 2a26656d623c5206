from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from casekit.analysis.usage import release
from casekit.analysis.usage.frame import DAY_US, Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import START_US, Row

Framed = Callable[[Sequence[Row]], Frame]


def rows(day_of_release: int) -> list[Row]:
    rng = random.Random(1)
    a, b = logs.account(rng, "a"), logs.account(rng, "b")
    made = []
    for day in range(20):
        for who, eager in ((a, True), (b, False)):
            new = eager and day >= day_of_release
            model = "new" if new else "old"
            made.append(logs.row(rng, who, START_US + day * DAY_US, f"ask {day}", model=model))
    return made


def test_the_share_on_a_new_model_in_its_first_three_days(framed: Framed) -> None:
    frame = framed(rows(10))
    assert [one["model"] for one in release.releases(frame)] == ["new"]
    (found,) = release.measures(frame)
    assert isinstance(found, release.Measure)
    assert (found.hits.tolist(), found.of.tolist()) == ([3, 0], [3, 3])
    assert found.values.tolist() == [1.0, 0.0]


def test_a_model_of_the_first_week_is_no_release(framed: Framed) -> None:
    assert release.measures(framed(rows(3))) == "no model appears in this log after its first week"

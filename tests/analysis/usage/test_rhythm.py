from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from casekit.analysis.usage import bursts, rhythm
from casekit.analysis.usage.frame import HOUR_US, Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import START_US, Row

Framed = Callable[[Sequence[Row]], Frame]


def at(account: str, hours: Sequence[float]) -> list[Row]:
    rng = random.Random(1)
    who = logs.account(rng, account)
    return [logs.row(rng, who, START_US + round(h * HOUR_US), "ask") for h in hours]


def test_the_quietest_eight_hours_are_found_anywhere_on_the_clock(framed: Framed) -> None:
    day = list(range(20))
    sleeper = [h for h in range(24) if 4 <= h < 20]
    rows = at("flat", [h + 24 * d for d in range(3) for h in range(24)])
    rows += at("sleeper", [*sleeper, 23]) + at("few", [1, 2]) + at("late", [d + 24 for d in day])
    (found,) = rhythm.measures(framed(rows))  # type: ignore[misc]
    assert isinstance(found, rhythm.Measure)
    values = dict(zip(("few", "flat", "late", "sleeper"), found.values.tolist(), strict=True))
    assert values["flat"] == pytest.approx(1 / 3)
    assert values["sleeper"] == pytest.approx(1 / 17)
    assert values["few"] != values["few"]  # no figure
    assert found.hits.tolist()[1] == 24


def test_a_log_without_times_is_refused(framed: Framed) -> None:
    rows = [{**r, "sent_us": None} for r in at("a", [1, 2, 3])]
    assert rhythm.measures(framed(rows)) == "this log has no times that can be relied on"
    assert bursts.measures(framed(rows)) == "this log has no times that can be relied on"

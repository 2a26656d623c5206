from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from casekit.analysis.usage import geography
from casekit.analysis.usage.frame import Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]


def test_countries_and_blocks_of_several_countries(framed: Framed) -> None:
    rng = random.Random(1)
    a, b, c = (logs.account(rng, name) for name in "abc")
    rows = [
        logs.row(rng, a, 1, "x", ip="203.0.1.1", country="DE"),
        logs.row(rng, a, 2, "x", ip="203.0.2.1", country="US"),
        logs.row(rng, b, 3, "x", ip="203.0.1.2", country="IN"),
        logs.row(rng, c, 4, "x", ip="203.0.9.2", country=None),
    ]
    found = {m.key: m for m in geography.measures(framed(rows))}  # type: ignore[union-attr]
    assert found["countries"].hits.tolist() == [2, 1, 0]
    assert found["countries"].values.tolist()[:2] == [2.0, 1.0]
    assert found["countries"].values[2] != found["countries"].values[2]
    assert (found["blocks"].hits.tolist(), found["blocks"].of.tolist()) == ([1, 1, 0], [2, 1, 0])


def test_without_countries_it_is_refused(framed: Framed) -> None:
    rng = random.Random(1)
    row = logs.row(rng, logs.account(rng, "a"), 1, "x", country=None)
    assert geography.measures(framed([row])) == "this log has no countries"

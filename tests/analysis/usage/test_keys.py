from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from casekit.analysis.usage import keys
from casekit.analysis.usage.frame import DAY_US, Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import START_US, Row

Framed = Callable[[Sequence[Row]], Frame]


def test_keys_in_many_places_and_of_several_accounts(framed: Framed) -> None:
    rng = random.Random(1)
    a, b, c = (logs.account(rng, name) for name in "abc")
    a["api_key"] = b["api_key"] = "shared"
    rows = [
        logs.row(rng, a, START_US + n, "x", ip=f"203.0.{n}.1", country=("DE", "US", "IN")[n])
        for n in range(3)
    ]
    rows += [logs.row(rng, b, START_US + DAY_US, "x", ip="198.51.100.1", country="DE")]
    rows += [
        logs.row(rng, c, START_US + n * DAY_US, "x", ip=f"203.0.{n}.9", country="DE")
        for n in range(3)
    ]
    frame = framed(rows)
    found = {m.key: m for m in keys.measures(frame)}  # type: ignore[union-attr]
    assert found["spread"].values.tolist() == [3, 1, 1]
    assert found["shared"].values.tolist() == [1.0, 1.0, 0.0]
    wide, query = keys.widest(frame, frame.accounts)
    assert [(row["account"], row["users"], row["countries"]) for row in wide] == [("a", 1, 3)]
    assert "shared" not in str(wide)
    assert "SELECT" in query
    assert keys.widest(frame, ["b"])[0] == []
    assert keys.widest(frame, ()) == ([], "")


def test_without_keys_it_is_refused(framed: Framed) -> None:
    rng = random.Random(1)
    row = logs.row(rng, logs.account(rng, "a"), 1, "x", api_key=None)
    assert keys.measures(framed([row])) == "this log has no API keys"

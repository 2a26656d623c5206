from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from casekit.analysis.usage import length
from casekit.analysis.usage.frame import Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]


def test_tokens_out_limits_and_cut_answers(framed: Framed) -> None:
    rng = random.Random(1)
    a, b = logs.account(rng, "a"), logs.account(rng, "b")
    rows = [
        logs.row(rng, a, 1, "x", input_tokens=10, output_tokens=400, max_tokens=8192, finish_reason="length"),
        logs.row(rng, a, 2, "x", input_tokens=30, output_tokens=400, max_tokens=8192),
        logs.row(rng, b, 3, "x", input_tokens=100, output_tokens=50, max_tokens=100),
        logs.row(rng, b, 4, "x", input_tokens=None, output_tokens=50, max_tokens=None),
    ]  # fmt: skip
    found = {m.key: m for m in length.measures(framed(rows))}  # type: ignore[union-attr]
    assert found["ratio"].values.tolist() == [20.0, 0.5]
    assert found["limit"].values.tolist() == [8192.0, 100.0]
    assert found["cut"].values.tolist() == pytest.approx([0.5, 0.0])
    assert found["ratio"].of.tolist() == [2, 1]


def test_without_output_tokens_it_is_refused(framed: Framed) -> None:
    rng = random.Random(1)
    row = logs.row(rng, logs.account(rng, "a"), 1, "x", output_tokens=None)
    assert length.measures(framed([row])) == "this log has no counts of output tokens"

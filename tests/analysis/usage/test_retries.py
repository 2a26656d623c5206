from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from casekit.analysis.usage import retries
from casekit.analysis.usage.frame import Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]


def test_only_what_the_same_account_asked_before_is_a_repeat(framed: Framed) -> None:
    rng = random.Random(1)
    a, b = logs.account(rng, "a"), logs.account(rng, "b")
    rows = [logs.row(rng, a, n, "same") for n in range(3)]
    rows += [logs.row(rng, a, 5, "Same"), logs.row(rng, b, 6, "same")]
    (found,) = retries.measures(framed(rows))
    assert isinstance(found, retries.Measure)
    assert (found.hits.tolist(), found.of.tolist()) == ([2, 0], [4, 1])


def test_without_prompts_it_is_refused(framed: Framed) -> None:
    rng = random.Random(1)
    row = logs.row(rng, logs.account(rng, "a"), 1, "")
    assert retries.measures(framed([row])) == "this log has no prompts"

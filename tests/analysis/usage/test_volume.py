from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from casekit.analysis.usage import volume
from casekit.analysis.usage.frame import DAY_US, Frame
from tests.analysis.usage import logs
from tests.analysis.usage.logs import START_US, Row

Framed = Callable[[Sequence[Row]], Frame]


def test_requests_and_tokens_add_up_by_account_group_model_and_day(framed: Framed) -> None:
    rng = random.Random(1)
    a, b = logs.account(rng, "a"), logs.account(rng, "b")
    rows = [
        logs.row(
            rng, who, START_US + day * DAY_US, "x", input_tokens=10, output_tokens=n, model="m"
        )
        for n, (who, day) in enumerate([(a, 0), (a, 1), (b, 1)], 1)
    ]
    told = volume.volume(framed(rows), {"1": ["a", "b"], "2": ["b"]})
    both = {"requests": 3, "input_tokens": 30, "output_tokens": 6}
    assert told["by_group"] == [
        {"group": "1", "accounts_of_group": 2, **both},
        {
            "group": "2",
            "accounts_of_group": 1,
            "requests": 1,
            "input_tokens": 10,
            "output_tokens": 3,
        },
    ]
    assert told["largest"][0] == {
        "account": "a",
        "requests": 2,
        "input_tokens": 20,
        "output_tokens": 3,
    }
    assert told["by_model"] == [{"model": "m", **both}]
    days = [(row["day"], row["requests"]) for row in told["by_day_since_1970"]]
    assert days == [(START_US // DAY_US, 1), (START_US // DAY_US + 1, 2)]

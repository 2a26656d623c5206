from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from casekit.analysis.usage import bursts
from casekit.analysis.usage.frame import Frame
from tests.analysis.usage.logs import Row
from tests.analysis.usage.test_rhythm import at

Framed = Callable[[Sequence[Row]], Frame]


def test_unevenness_peaks_and_refusals(framed: Framed) -> None:
    even = at("even", [k / 12 for k in range(24)])  # one in each slot of five minutes
    burst = at("burst", [*[k / 3600 for k in range(10)], 2.0])
    for row in burst[:3]:
        row["status"] = 429
    found = {m.key: m for m in bursts.measures(framed([*even, *burst]))}  # type: ignore[union-attr]
    assert found["bursts"].values.tolist()[1] == pytest.approx(0)
    mean = 11 / 25
    assert found["bursts"].values.tolist()[0] == pytest.approx((101 / 25 - mean**2) / mean)
    assert found["peak"].values.tolist() == [10, 1]
    assert found["ceiling"].hits.tolist() == [3, 0]
    assert found["ceiling"].values.tolist() == [pytest.approx(3 / 11), 0]

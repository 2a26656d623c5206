from __future__ import annotations

import pytest

from casekit.ingest import limits
from casekit.ingest.limits import LimitReached, budget, new_budget


def test_depth_is_counted_and_given_back() -> None:
    held = new_budget()

    def go(levels: int) -> None:
        if levels:
            with held.deeper():
                go(levels - 1)

    go(limits.MAX_DEPTH)
    with pytest.raises(LimitReached) as caught:
        go(limits.MAX_DEPTH + 1)
    assert (caught.value.kind, held.depth, budget()) == ("depth", 0, held)


def test_bytes_are_counted_at_each_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED", 100)
    held = new_budget()
    held.use(60, 60, 60)
    with held.deeper():
        held.use(100, 100, 100)
    with pytest.raises(LimitReached) as caught:
        held.use(41, 41, 41)
    assert caught.value.kind == "size"


def test_the_ratio_is_asked_only_of_large_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RATIO_FLOOR", 1000)
    held = new_budget()
    held.use(1, 1000, 1)
    held.use(1, 2000, 10)
    with pytest.raises(LimitReached) as caught:
        held.use(1, 2001, 10)
    assert caught.value.kind == "ratio"


def test_only_files_inside_the_original_are_weighed() -> None:
    held = new_budget()
    held.weigh("zip", 100, 90)
    with held.deeper():
        held.weigh("jsonl", 10, 7)
        held.weigh("jsonl", 5, 0)
    assert held.inside == {"jsonl": (2, 15, 7)}
    assert new_budget().inside == {}

from __future__ import annotations

from typing import Any

import pytest

from casekit.alike import is_one


@pytest.mark.parametrize(
    ("values", "one"),
    [
        (("a", "a", "a"), True), ((None, None), True), ((1.5,), True), ((0, 0), True),
        (("a", "b", "a"), False), ((None, "a", None), False), (("a", None), False),
        ((0.0, -0.0), False), ((0.0, 0.0), False), ((float("nan"), float("nan")), False),
    ],
)  # fmt: skip
def test_one_value_stands_for_all_where_all_are_it(values: tuple[Any, ...], one: bool) -> None:
    assert is_one(values) is one
    assert is_one(list(values)) is one

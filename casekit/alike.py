"""Whether all of a column say the same, so that one of them can stand for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def is_one(values: Sequence[Any]) -> bool:
    """Whether one value stands for all; a real zero does not, since it equals minus zero.

    Args:
        values: At least one, of one type apart from None.
    """
    first = values[0]
    if values[-1] != first or (type(first) is float and not first):
        return False
    return values.count(first) == len(values)

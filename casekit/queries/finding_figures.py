"""How a figure of a finding is written, on screen as on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PERCENT = frozenset(
    {"share", "false_positive_upper", "false_positive_upper_bound", "upper", "decoys_upper"}
)
"""Figures that are shares and bounds of rates."""
_PAIR = 2  # of an interval


def written(key: str, row: Mapping[str, Any]) -> str | None:
    """A number or interval of a row of figures as it is written; None if it is neither.

    Shares, their intervals and bounds of rates are percentages, whole numbers have thousands, intervals stand
    in brackets.

    Args:
        key: Which figure.
        row: All of that result, or of that row of controls.
    """
    value = row.get(key)
    if key in PERCENT:
        return percent(value)
    if isinstance(value, list) and value and all(map(_is_number, value)):
        if key == "interval" and "share" in row and len(value) == _PAIR:
            return f"{percent(value[0])} – {percent(value[1])}"
        return f"[{', '.join(f'{v:.2f}' for v in value)}]"
    if not _is_number(value):
        return None
    return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"


def percent(value: Any) -> str:
    """A share as a percentage; a dash for what is none."""
    return f"{100 * value:.1f} %" if _is_number(value) else "–"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

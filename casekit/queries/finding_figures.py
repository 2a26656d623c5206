"""How a figure of a finding is written, on screen as on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PERCENT = frozenset(
    {"share", "false_positive_upper", "false_positive_upper_bound", "upper", "decoys_upper"}
)
"""Figures that are shares and bounds of rates."""
_PAIR = 2  # of an interval


WITHOUT = {
    "stranger_family": "a family of strangers",
    "student_family": "a family of students",
    "habit": "a habit",
    "task": "the prompts of a task",
    "half": "half of the prompts",
}
"""What a lineage is computed without, in the order in which it is shown, and its English."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a lineage ratio moves without one part of a kind at a time.

    Attributes:
        without: A name of `WITHOUT`.
        values: (what is left out, capped log10 ratio), from the lowest on.
        none: How many are left out without which there is no ratio.
        cap: The largest log10 ratio that can be shown then.
    """

    without: str
    values: tuple[tuple[str, float], ...]
    none: int
    cap: float

    @property
    def rows(self) -> int:
        """How many parts were left out in turn."""
        return len(self.values) + self.none


def moved(body: Mapping[str, Any]) -> list[Moved]:
    """What a lineage finding says of its ratio with parts left out; none for another kind or a refusal."""
    made = []
    for without in WITHOUT:
        rows = [row for row in body.get("sensitivity") or () if row["without"] == without]
        told = [
            (str(row["name"]), float(row["log10_lr"]))
            for row in rows
            if row["log10_lr"] is not None
        ]
        if rows:
            values = tuple(sorted(told, key=lambda each: (each[1], each[0])))
            made.append(Moved(without, values, len(rows) - len(told), float(rows[0]["cap"])))
    return made


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


def signed(value: float) -> str:
    """A log10 ratio with its sign and two decimals; what rounds to zero is never below it."""
    return f"{value:+z.2f}"


def percent(value: Any) -> str:
    """A share as a percentage; a dash for what is none."""
    return f"{100 * value:.1f} %" if _is_number(value) else "–"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

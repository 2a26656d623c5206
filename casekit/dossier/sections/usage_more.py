"""What some analytics of a finding on usage say besides their measures: coverage, life cycle, answers again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from casekit.dossier.sections.common import Context, where
from casekit.dossier.sheet import Block, Column, Grid
from casekit.dossier.wording import Wording
from casekit.queries.finding_figures import percent

ORDER = (
    "group", "model", "role", "prompts", "subjects_met", "subjects_as_if_even", "subjects_as_if_even_outside",
    "questions", "questions_at_least", "new_at_release", "new_outside", "dates", "apart_on_dates",
    "apart_at_most", "answers", "reappearing", "longest_words",
)  # fmt: skip
"""Of columns; others follow."""
SHARES = frozenset({"new_at_release", "new_outside", "apart_on_dates", "apart_at_most"})
LIFE = (
    ("born", ()), ("born_in_one_day", ("expected", "p", "q")), ("silent", ()), ("refused_at_end", ()),
    ("resumed", ("resumed_expected", "resumed_p", "resumed_q")),
)  # fmt: skip
"""Counts of a group's life cycle; of two of them what was expected by chance, p and corrected p."""


def number(value: Any) -> str:
    """A figure of the analysis: whole ones with thousands, others to four significant digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value)
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def p_text(value: Any) -> str:
    """A p as printed: four places, and what is smaller said to be."""
    if not isinstance(value, int | float):
        return "–"
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def besides(
    one: Mapping[str, Any], shown: Collection[int], most: int, context: Context
) -> list[Block]:
    """The tables of an analytic that are no comparison with matched controls.

    Args:
        one: The analytic.
        shown: The groups that are shown at length.
        most: Pairs printed at most.
        context: What sections need.
    """
    words = context.words
    if one.get("id") in ("A4", "A10", "A14"):
        rows = [row for row in one.get("groups") or () if row.get("group") in shown]
        if not rows:
            return []
        return [_lives(rows, words) if one["id"] == "A14" else _table(rows, words)]
    if one.get("id") != "A15":
        return []
    made: list[Block] = []
    if one.get("models"):
        made.append(_table(one["models"], words))
    pairs = list(one.get("pairs") or ())
    if pairs[:most]:
        columns = tuple(
            Column(words(f"usage.column.{key}"), share)
            for key, share in (
                ("account", 26),
                ("words", 12),
                ("answer", 24),
                ("again", 24),
                ("in_controls", 14),
            )
        )
        rows_ = tuple(
            (
                str(p.get("account") or "–"), number(p.get("words")), where(_item(p, "left"), context),
                where(_item(p, "right"), context), words("yes") if p.get("in_controls") else words("none"),
            )
            for p in pairs[:most]
        )  # fmt: skip
        made.append(Grid(columns, rows_, words("usage.again")))
    return made


def _table(rows: list[Mapping[str, Any]], words: Wording) -> Grid:
    """Rows of one shape as a table."""
    keys = [key for key in ORDER if key in rows[0]]
    keys += [key for key in rows[0] if key not in keys]
    columns = tuple(
        Column(
            words.get(f"usage.column.{key}", key.replace("_", " ")), 24 if key == "model" else 12
        )
        for key in keys
    )
    shown = tuple(tuple(_cell(key, row.get(key)) for key in keys) for row in rows)
    return Grid(columns, shown)


def _cell(key: str, value: Any) -> str:
    if key in SHARES:
        return percent(value)
    return p_text(value) if key in ("p", "q") else number(value)


def _lives(rows: list[Mapping[str, Any]], words: Wording) -> Grid:
    """When the accounts of each group began and stopped, a row a count."""
    heads = (("group", 9), ("life", 43), ("accounts", 12), ("expected", 12), ("p", 12), ("q", 12))
    columns = tuple(Column(words(f"usage.column.{key}"), share) for key, share in heads)
    shown = []
    for row in rows:
        for key, (expected, p, q) in (
            (key, rest or ("", "", "")) for key, rest in LIFE if key in row
        ):
            chance = (number(row.get(expected)), p_text(row.get(p)), p_text(row.get(q)))
            told = (number(row["group"]), words(f"usage.life.{key}"), number(row[key]))
            shown.append((*told, *(chance if expected else ("", "", ""))))
    return Grid(columns, tuple(shown))


def _item(pair: Mapping[str, Any], side: str) -> int:
    return int((pair.get(side) or {}).get("item_id", 0))

"""A finding on the overlap of sets on paper: its measures, the controls, and what is inside each set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casekit.dossier.sheet import Block, Column, Grid
from casekit.dossier.wording import Wording

SHARES = ("exact", "near", "runs", "same", "meaning")
ORDER = ("exact", "near", "runs", "same", "meaning", "rare", "longest")


def blocks(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Measures beside the families of controls, every control, duplicates; nothing where it was refused."""
    if not body.get("controls"):
        return []
    return [_measures(body, words), _controls(body, words), _inside(body["inside"], words)]


def shown(measure: str, value: Any) -> str:
    """A share in per cent, a length in words, a weight to two digits."""
    if measure in SHARES:
        return f"{100 * value:.1f} %"
    return f"{value:.0f}" if measure == "longest" else f"{value:.2f}"


def _measures(body: Mapping[str, Any], words: Wording) -> Grid:
    columns = (
        Column(words("column.measure"), 34), Column(words("column.subject"), 14),
        Column(words("column.controls_median"), 14), Column(words("column.controls_highest"), 14),
        Column(words("column.families_as_high"), 14), Column(words("column.upper"), 14),
    )  # fmt: skip
    rows = tuple(
        (
            words(f"column.{row['measure']}"), shown(row["measure"], row["subject"]),
            shown(row["measure"], row["controls_median"]), shown(row["measure"], row["controls_highest"]),
            words("pair.of", n=row["families_at_least_as_high"], of=row["families"]),
            f"{100 * row['upper']:.0f} %",
        )
        for row in body["result"]["measures"]
    )  # fmt: skip
    return Grid(columns, rows, words("finding.measures"))


def _controls(body: Mapping[str, Any], words: Wording) -> Grid:
    names = [name for name in ORDER if name in body["examined"]]
    columns = (
        Column(words("column.model"), 28), Column(words("column.family"), 22),
        *(Column(words(f"column.{name}"), 12) for name in names),
    )  # fmt: skip
    rows = tuple(
        (
            str(row["model"]),
            words("column.subject") if n == 0 else str(row["family"]),
            *(shown(name, row[name]) for name in names),
        )
        for n, row in enumerate((body["examined"], *body["controls"]))
    )
    return Grid(columns, rows, words("finding.subject_and_controls"))


def _inside(sets: Sequence[Mapping[str, Any]], words: Wording) -> Grid:
    names = [name for name in ("exact", "near", "meaning") if name in sets[0]]
    columns = (
        Column(words("column.set"), 40), *(Column(words(f"column.{name}"), 20) for name in names)
    )  # fmt: skip
    rows = tuple(
        (
            words("column.prompts") if row["set"] == "prompts" else str(row["set"]),
            *(f"{row[name]:,}" for name in names),
        )
        for row in sets
    )
    return Grid(columns, rows, words("finding.inside"))

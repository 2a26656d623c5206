"""A finding on the overlap of sets to read: its measures beside the controls, set by set, and inside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.finding_heat import HeatMap
from casekit.ui.finding_parts import head, line, link

if TYPE_CHECKING:
    from casekit.ui.finding_view import FindingWants

MEASURES = {
    "exact": "Equal answers",
    "near": "Near-equal answers",
    "runs": "A run in common with any answer",
    "same": "… with the answer to the same prompt",
    "rare": "Rare wording, weighed",
    "meaning": "The same meaning",
    "longest": "Longest run, in words",
}
SHARES = ("exact", "near", "runs", "same", "meaning")


def add_sets(column: QVBoxLayout, body: Mapping[str, Any], label: str, wants: FindingWants) -> None:
    """Add measures, heat-map, controls and what is inside each set; nothing for another kind or a refusal."""
    result = body.get("result", {})
    if not result.get("measures"):
        return
    items = {
        (hit["model"], hit["measure"], hit.get("with", "")): hit["items"] for hit in body["hits"]
    }
    source = str(body["parameters"]["source"])

    def opened(model: str, measure: str, other: str = source) -> QWidget | None:
        ids = items.get((model, measure, other))
        if not ids:
            return None
        said = f"{label} · {model}, {tr(MEASURES[measure])}"
        return link(f"{len(ids):,}", partial(wants.on_pair, said, list(ids)))

    column.addWidget(head(tr("Every measure beside the families of controls")))
    column.addLayout(_measures(body, opened))
    column.addWidget(head(tr("Share of answers with a run in common, set by set (%)")))
    column.addWidget(_heat(body, label, items, wants))
    column.addWidget(
        line(
            tr("Row: whose answers; column: with whom. Framed: the subject; stronger: more. A cell of the "
               "subject’s row or the source’s column opens its answers."),
            quiet=True,
        )
    )  # fmt: skip
    column.addWidget(head(tr("The controls, one by one")))
    column.addLayout(_controls(body, opened))
    column.addWidget(head(tr("Duplicates inside each set")))
    column.addLayout(_inside(body))


def shown(measure: str, value: float) -> str:
    """A share as a percentage, words as a number, a weight to two digits."""
    if measure in SHARES:
        return f"{100 * value:.1f} %"
    return f"{value:.0f}" if measure == "longest" else f"{value:.2f}"


def _grid(heads: Sequence[str], *widths: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(3)
    for place, width in enumerate(widths):
        grid.setColumnMinimumWidth(place, width)
    for place, words in enumerate(heads):
        grid.addWidget(line(words, quiet=True, size=11), 0, place)
    grid.setColumnStretch(len(heads), 1)
    return grid


def _measures(body: Mapping[str, Any], opened: Any) -> QGridLayout:
    grid = _grid(
        (tr("Measure"), tr("Subject"), tr("Answers"), tr("Controls, median"), tr("highest"),
         tr("families as high"), tr("upper bound")), 230,
    )  # fmt: skip
    subject = str(body["parameters"]["subject"])
    for number, row in enumerate(body["result"]["measures"], 1):
        name = str(row["measure"])
        grid.addWidget(line(tr(MEASURES.get(name, name))), number, 0)
        _number(grid, number, 1, shown(name, row["subject"]))
        button = opened(subject, name)
        if button is not None:
            grid.addWidget(button, number, 2)
        _number(grid, number, 3, shown(name, row["controls_median"]))
        _number(grid, number, 4, shown(name, row["controls_highest"]))
        of = f"{row['families_at_least_as_high']} / {row['families']}"
        _number(grid, number, 5, of)
        _number(grid, number, 6, f"{100 * row['upper']:.0f} %")
    return grid


def _controls(body: Mapping[str, Any], opened: Any) -> QGridLayout:
    names = [m for m in MEASURES if m in body["examined"]]
    grid = _grid((tr("Model"), tr("Family"), *(tr(MEASURES[m]) for m in names)), 150, 128)
    for number, row in enumerate((body["examined"], *body["controls"]), 1):
        grid.addWidget(line(("◆ " if number == 1 else "") + str(row["model"])), number, 0)
        grid.addWidget(line(str(row["family"]), quiet=True), number, 1)
        for place, name in enumerate(names, 2):
            button = opened(str(row["model"]), name)
            if button is None:
                _number(grid, number, place, shown(name, row[name]))
            else:
                button.setText(shown(name, row[name]))
                button.setToolTip(tr("List its answers"))
                grid.addWidget(button, number, place)
    for place in range(2, len(names) + 2):
        item = grid.itemAtPosition(0, place)
        widget = item.widget() if item else None
        if widget is not None:
            widget.setMaximumWidth(74)
    return grid


def _inside(body: Mapping[str, Any]) -> QGridLayout:
    names = [m for m in ("exact", "near", "meaning") if m in body["inside"][0]]
    grid = _grid((tr("Set"), *(tr(MEASURES[m]) for m in names)), 230)
    for number, row in enumerate(body["inside"], 1):
        named = tr("the prompts") if row["set"] == "prompts" else str(row["set"])
        grid.addWidget(line(named), number, 0)
        for place, name in enumerate(names, 1):
            _number(grid, number, place, f"{row[name]:,}")
    return grid


def _number(grid: QGridLayout, row: int, column: int, text: str) -> None:
    value = line(text)
    value.setFont(fonts.mono(12))
    value.setContentsMargins(5, 0, 0, 0)  # below the words of links
    grid.addWidget(value, row, column)


def _heat(
    body: Mapping[str, Any], label: str, items: Mapping[tuple[str, str, str], list[int]],
    wants: FindingWants,
) -> HeatMap:  # fmt: skip
    matrix = body["matrix"]
    answers = max(1, int(matrix["answers"]))
    rows, columns = [str(m) for m in matrix["rows"]], [str(m) for m in matrix["columns"]]

    def ids(row: int, column: int) -> list[int]:
        return items.get((rows[row], "runs", columns[column]), [])

    def opens(row: int, column: int) -> bool:
        return bool(ids(row, column))

    def on_cell(row: int, column: int) -> None:
        said = f"{label} · {rows[row]} – {columns[column]}"
        wants.on_pair(said, list(ids(row, column)))

    shares = [
        [None if rows[r] == columns[c] else hits / answers for c, hits in enumerate(row)]
        for r, row in enumerate(matrix["hits"])
    ]
    return HeatMap(rows, columns, shares, on_cell, opens)

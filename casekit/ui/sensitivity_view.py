"""How far a lineage ratio moves with parts left out, to read: all ratios on a strip, lowest and highest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from casekit.i18n import tr
from casekit.queries.finding_figures import WITHOUT, Moved, moved, signed
from casekit.ui import fonts
from casekit.ui.finding_parts import head, line
from casekit.ui.finding_plots import Dots, Strip

WIDE = 210  # pixels at least, of all columns but the last
NAMES = {"layout": "layout", "openings": "beginnings of sentences"}


def add_sensitivity(column: QVBoxLayout, body: Mapping[str, Any]) -> None:
    """Add the table and its strip; nothing for a finding that has none."""
    found = moved(body)
    if not found:
        return
    column.addWidget(head(tr("What if: the ratio without each of its parts")))
    column.addWidget(_strip(found, body))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(2)
    for place in (0, 1):
        grid.setColumnMinimumWidth(place, WIDE)
    grid.setColumnStretch(2, 1)
    heads = (tr("left out, one at a time"), tr("lowest log10 LR"), tr("highest log10 LR"))
    for place, words in enumerate(heads):
        grid.addWidget(line(words, quiet=True), 0, place)
    for row, one in enumerate(found, 1):
        grid.addWidget(line(_name(one)), row, 0)
        for place, end in enumerate(_ends(one), 1):
            value = line(end)
            value.setFont(fonts.figures())
            grid.addWidget(value, row, place)
    column.addLayout(grid)
    said = tr(
        "No part of the result. Nothing is measured anew; without a family of strangers the cap is lower. "
        "Ratios that lie together show that the result hangs on no single part, not that it is right."
    )  # fmt: skip
    column.addWidget(line(said, quiet=True))


def _name(one: Moved) -> str:
    return f"{tr(WITHOUT[one.without])} ({one.rows:,})"


def _ends(one: Moved) -> tuple[str, str]:
    """The lowest and the highest ratio with what is left out there; how many have none."""
    none = tr("{n} without a ratio", n=one.none) if one.none else ""
    if not one.values:
        return none, "–"
    low, high = (
        f"{signed(value)}{_which(one, name)}" for name, value in (one.values[0], one.values[-1])
    )
    return low, f"{high} · {none}" if none else high


def _which(one: Moved, name: str) -> str:
    """What was left out; the draws of halves have numbers, which say nothing."""
    if one.without == "half":
        return ""
    return f"  {tr(NAMES[name]) if one.without == 'habit' and name in NAMES else name}"


def _strip(found: list[Moved], body: Mapping[str, Any]) -> Strip:
    rows = [Dots(_name(one), one.values) for one in found if one.values]
    own, subject = body["result"]["log10_lr"], str(body["parameters"]["subject"])
    rows.append(Dots(subject, ((subject, float(own)),), "diamond"))
    lines = [(0.0, tr("LR 1: says nothing")), (float(body["result"]["cap"]), tr("cap"))]
    return Strip(rows, tr("log10 likelihood ratio; diamond: nothing left out"), lines)

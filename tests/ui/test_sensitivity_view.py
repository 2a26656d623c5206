from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from casekit.ui.finding_plots import Strip
from casekit.ui.sensitivity_view import add_sensitivity


def row(without: str, name: str, value: float | None, cap: float = 0.85) -> dict[str, Any]:
    return {"without": without, "name": name, "log10_lr": value, "cap": cap, "prompts": 100}


BODY = {
    "parameters": {"subject": "s-7b"},
    "result": {"log10_lr": 0.5, "cap": 0.85},
    "sensitivity": [
        row("stranger_family", "wild", 0.7, 0.78), row("stranger_family", "rival", 0.4, 0.78),
        row("habit", "layout", -0.12), row("habit", "openings", None), row("task", "riddles", None),
        row("half", "1", 0.45), row("half", "2", 0.55),
    ],
}  # fmt: skip


def test_the_lowest_and_highest_ratios_are_told_with_what_is_left_out(
    dressed: QApplication, qtbot: QtBot
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    add_sensitivity(column, BODY)
    said = [label.text() for label in holder.findChildren(QLabel)]
    for wanted in (
        "a family of strangers (2)", "+0.40  rival", "+0.70  wild", "a habit (2)", "-0.12  layout",
        "-0.12  layout · 1 without a ratio", "the prompts of a task (1)", "1 without a ratio", "–",
        "half of the prompts (2)", "+0.45", "+0.55",
    ):  # fmt: skip
        assert wanted in said
    assert any(text.startswith("No part of the result.") for text in said)
    (strip,) = holder.findChildren(Strip)
    assert [(one.name, one.shape, len(one.values)) for one in strip.rows] == [
        ("a family of strangers (2)", "ring", 2), ("a habit (2)", "ring", 1),
        ("half of the prompts (2)", "ring", 2), ("s-7b", "diamond", 1),
    ]  # fmt: skip
    assert [at for at, _ in strip.lines] == [0.0, 0.85]


def test_a_finding_without_it_adds_nothing(dressed: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    add_sensitivity(column, {"result": {"refused": "few"}})
    assert column.count() == 0

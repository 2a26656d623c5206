from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from casekit.queries.findings import FindingRow
from casekit.ui.finding_heat import HeatMap
from casekit.ui.finding_view import FindingWants, plot
from casekit.ui.sets_view import add_sets, shown
from tests.set_body import BODY


def test_every_number_of_a_set_opens_its_answers(dressed: QApplication, qtbot: QtBot) -> None:
    told: list[Any] = []
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    wants = FindingWants(
        lambda *_: None, lambda label, ids: told.append((label, ids)), lambda _: None
    )
    add_sets(column, BODY, "F-4", wants)
    said = [label.text() for label in holder.findChildren(QLabel)]
    for wanted in ("50.0 %", "4.25", "12", "1 / 5", "66 %", "◆ s", "the prompts"):
        assert wanted in said
    for button in holder.findChildren(QPushButton):
        button.click()
    assert told == [
        ("F-4 · s, A run in common with any answer", [3, 5]),
        ("F-4 · s, A run in common with any answer", [3, 5]),
        ("F-4 · c, A run in common with any answer", [7]),
    ]
    (heat,) = holder.findChildren(HeatMap)
    assert heat.shares[0] == [None, 0.25, 0.5]
    assert [heat._opens(0, 1), heat._opens(0, 2)] == [False, True]
    heat._on_cell(1, 2)
    assert told[-1] == ("F-4 · c – t", [7])


def test_a_refusal_shows_no_table(dressed: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    wants = FindingWants(lambda *_: None, lambda *_: None, lambda _: None)
    add_sets(column, {"result": {"refused": "few"}, "parameters": {}}, "F-1", wants)
    assert column.count() == 0
    assert plot(FindingRow(1, "sets", "x", 0, {"result": {"refused": "few"}})) is None


def test_measures_read_as_they_are_said() -> None:
    assert [shown(m, v) for m, v in (("runs", 0.123), ("longest", 37), ("rare", 42.0822))] == [
        "12.3 %", "37", "42.08",
    ]  # fmt: skip
    strip = plot(FindingRow(1, "sets", "x", 0, BODY))
    assert strip is not None
    assert [(row.name, row.shape) for row in strip.rows] == [
        ("control: f", "ring"),
        ("s", "diamond"),
    ]

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries import problems
from casekit.store.case import Case
from casekit.ui.problems_list import ProblemsList, ProblemsModel


def test_problems_are_listed_and_lead_to_their_items(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    with sample_case.read() as s:
        rows = problems.problems(s)
    model = ProblemsModel(rows)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert tester.model() is model
    cells = [model.data(model.index(0, c)) for c in range(4)]
    assert cells == [
        "▲ duplicate-key",
        "A key stands twice; the raw record keeps both.",
        "outputs.jsonl",
        "10",
    ]
    assert model.headerData(1, Qt.Orientation.Horizontal) == "What happened"
    opened: list[int] = []
    view = ProblemsList(opened.append)
    qtbot.addWidget(view)
    view.show_rows(rows)
    view._open(view.model().index(0, 0))
    assert opened == [10]

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.facets import Count
from casekit.queries.problems import ProblemFilter, ProblemRow
from casekit.store.case import Case
from casekit.ui.problems_list import (
    Listed,
    ProblemsModel,
    ProblemsPane,
    ProblemWants,
    read_problems,
    visible,
)


class Told:
    """What a pane asked for."""

    def __init__(self) -> None:
        self.items: list[int | None] = []
        self.rows: list[ProblemRow] = []
        self.filters = 0
        self.again = 0

    def wants(self) -> ProblemWants:
        return ProblemWants(self.items.append, self.filter, self.rows.append, self.read_again)

    def filter(self) -> None:
        self.filters += 1

    def read_again(self) -> None:
        self.again += 1


def listed(case: Case, wanted: ProblemFilter) -> Listed:
    with case.read() as s:
        return read_problems(s, wanted)


def quarantined(place: int | None, path: str = "a.jsonl", form: str = "jsonl") -> ProblemRow:
    return ProblemRow(
        7, 2, None, b"\1" * 32, form, path, "parse", "bad-json", "The line is cut.", 3, place, 9
    )


def test_problems_are_listed_with_their_places(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    found = listed(sample_case, ProblemFilter())
    model = ProblemsModel(found.rows)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert tester.model() is model
    cells = [model.data(model.index(0, c)) for c in range(6)]
    assert cells == [
        "parse", "▲ duplicate-key", "A key stands twice; the raw record keeps both.", "outputs.jsonl",
        "10", cells[5],
    ]  # fmt: skip
    assert model.headerData(2, Qt.Orientation.Horizontal) == "What happened"


def test_a_problem_leads_to_its_item_or_to_its_bytes(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    told = Told()
    pane = ProblemsPane(told.wants())
    qtbot.addWidget(pane)
    pane.show_listed(listed(sample_case, ProblemFilter()))
    pane.table.selectRow(0)
    assert told.items == [10]
    rows = [quarantined(40), quarantined(40, "box.zip!a.jsonl", "zip"), quarantined(None)]
    pane.show_listed(Listed(rows, 30_000, [Count("parse", 3)], [Count("bad-json", 3)]))
    assert "first 3 of 30,000" in pane._place.text()
    for number in range(3):
        pane.table.selectRow(number)
    assert (told.rows, told.items) == (rows[:2], [10, None, None, None])
    assert "no place in the bytes" in pane._bytes.toPlainText()
    packed = quarantined(40, "a.jsonl.gz", "gzip")
    pane.show_listed(Listed([packed], 1, [], []))
    pane.table.selectRow(0)
    assert "counted in the unpacked bytes" in pane._place.text()
    assert told.rows == [*rows[:2], packed]
    pane.show_bytes(packed, None)
    assert "cannot be cut out" in pane._bytes.toPlainText()
    pane.show_bytes(packed, None, "It is damaged.")
    assert pane._bytes.toPlainText() == "It is damaged."
    pane.show_listed(Listed(rows, 30_000, [Count("parse", 3)], [Count("bad-json", 3)]))
    pane.table.selectRow(2)
    assert "counted in the file" not in pane._place.text()
    pane.table.selectRow(1)
    assert "counted in the file inside it" in pane._place.text()
    pane.table.selectRow(0)
    assert "bytes 40 to 48" in pane._place.text()
    pane.show_bytes(rows[0], b'{"cut": \xff\x1b[31m')
    assert pane._bytes.toPlainText() == '{"cut": \\xff⟨U+001B⟩[31m'
    pane.show_bytes(rows[1], b"late")
    assert "late" not in pane._bytes.toPlainText()


def test_filters_are_told_and_stay_chosen(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    told = Told()
    pane = ProblemsPane(told.wants())
    qtbot.addWidget(pane)
    pane.show_listed(listed(sample_case, pane.wanted))
    pane._kind.setCurrentIndex(pane._kind.findData("duplicate-key"))
    pane._kind.activated.emit(pane._kind.currentIndex())
    assert pane.wanted == ProblemFilter(kind="duplicate-key")
    pane.show_listed(listed(sample_case, pane.wanted))
    assert {row.kind for row in pane._model.rows} == {"duplicate-key"}
    assert pane._kind.currentData() == "duplicate-key"
    pane.show_listed(Listed((), 0, [], []))
    assert pane.wanted.kind == "duplicate-key"
    assert not pane.again.isEnabled()
    pane._settled.setChecked(True)
    pane._path.setText("a.js")
    qtbot.waitUntil(lambda: told.filters == 3)
    assert pane.wanted == ProblemFilter(kind="duplicate-key", path="a.js", settled=True)
    pane.again.setEnabled(True)
    pane.again.click()
    assert told.again == 1


def test_bytes_are_shown_as_they_are() -> None:
    assert visible("a\u202eb".encode() + b"\xfe") == "a⟨U+202E⟩b\\xfe"

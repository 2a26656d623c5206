from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from casekit.ui.form import ticked
from casekit.ui.new_finding import QUESTIONS, NewFinding, Question, lacking


def tick(box: QListWidget, *names: str) -> None:
    for row in range(box.count()):
        if box.item(row).text() in names:
            box.item(row).setCheckState(Qt.CheckState.Checked)


def test_a_question_is_asked_once_nothing_is_missing(dressed: QApplication, qtbot: QtBot) -> None:
    asked: list[Question] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = NewFinding(parent, ["s", "t", "c"], asked.append)
    dialog.check()
    assert (asked, dialog.trouble.isHidden()) == ([], False)
    tick(dialog.sources, "t")
    tick(dialog.controls, "c")
    dialog.check()
    assert asked == [Question("overlap", "s", ("t",), ("c",))]
    assert asked[0].title == "Shared wording of s and t"
    assert ticked(dialog.controls) == ("c",)


def test_what_a_question_does_not_need_is_not_asked(dressed: QApplication, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = NewFinding(parent, ["s", "t"], lambda _q: None)
    visible = {}
    for kind in ("overlap", "lineage", "validation", "exposure"):
        dialog.kind.setCurrentIndex([name for name, _ in QUESTIONS].index(kind))
        visible[kind] = [
            dialog.form.isRowVisible(w)
            for w in (
                dialog.subject,
                dialog.controls,
                dialog.accounts,
                dialog.files["population"],
            )
        ]
    dialog.kind.setCurrentIndex([name for name, _ in QUESTIONS].index("identity"))
    dialog.lab.setText("aurora, Aurora-4 ,")
    tick(dialog.controls, "t")
    assert dialog.question() == Question(
        "identity", "s", controls=("t",), lab="aurora", names=("Aurora-4",)
    )
    assert not dialog.form.isRowVisible(dialog.sources)
    dialog.kind.setCurrentIndex([name for name, _ in QUESTIONS].index("usage"))
    dialog.files["population"].edit.setText("p.csv")
    dialog.files["prices"].edit.setText(" prices.csv ")
    assert dialog.question() == Question("usage", prices=Path("prices.csv"))
    assert visible == {
        "overlap": [True, True, False, False],
        "lineage": [True, False, False, True],
        "validation": [False, False, False, True],
        "exposure": [True, True, True, False],
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Question("overlap", "s"), "Tick the model"),
        (Question("overlap", "s", ("t", "u"), ("c",)), "one source at a time"),
        (Question("lineage", "s", ("s",), population=Path("p.csv")), "its own source"),
        (Question("overlap", "s", ("t",)), "at least one control"),
        (Question("overlap", "s", ("t",), ("t",)), "neither the subject nor a source"),
        (Question("exposure", "s", ("t",), ("c",)), "Name the accounts"),
        (Question("identity", "s", controls=("c",)), "Name the lab"),
        (Question("identity", "s", lab="x"), "at least one control"),
        (Question("overlap"), "Import the answers"),
        (Question("own", "s", controls=("c",)), "Choose the method"),
        (Question("own", "s", method=Path("m.py")), "at least one control"),
        (Question("scores"), "Choose the scores"),
        (Question("canaries", "s"), "no set of canaries"),
        (Question("canaries", "s", controls=("s",), canaries="set"), "neither the subject"),
        (Question("canaries", "s", canaries="set"), ""),
        (Question("usage"), ""),
        (Question("lineage", "s", ("t",)), "Choose the population"),
        (Question("lineage", "s", ("t",), population=Path("p.csv")), ""),
    ],
)
def test_what_is_missing_is_said(asked: Question, said: str) -> None:
    assert said in lacking(asked)
    assert bool(lacking(asked)) == bool(said)

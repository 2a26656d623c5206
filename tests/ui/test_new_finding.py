from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from casekit.ui.finding_question import QUESTIONS, Question
from casekit.ui.form import ticked
from casekit.ui.new_finding import NewFinding


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
    dialog.files["networks"].edit.setText("asn.csv")
    asked = dialog.question()
    assert asked == Question(
        "usage", "s", controls=("t",), prices=Path("prices.csv"), networks=Path("asn.csv")
    )
    dialog.files["networks"].edit.clear()
    dialog.controls.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.question() == Question("usage", prices=Path("prices.csv"))
    assert visible == {
        "overlap": [True, True, False, False],
        "lineage": [True, False, False, True],
        "validation": [False, False, False, True],
        "exposure": [True, True, True, False],
    }


def test_checkpoints_rivals_and_placebo_pairs_make_a_question_of_before_and_after(
    dressed: QApplication, qtbot: QtBot
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = NewFinding(parent, ["s", "t", "a", "b", "c", "d"], lambda _q: None)
    dialog.kind.setCurrentIndex([name for name, _ in QUESTIONS].index("change"))
    assert not dialog.form.isRowVisible(dialog.controls)
    dialog.before.setCurrentText("b")
    tick(dialog.sources, "t")
    tick(dialog.rivals, "c", "d")
    dialog.placebos.after.setCurrentText("a")
    dialog.placebos.add()  # half a pair
    dialog.placebos.before.setCurrentText("b")
    dialog.placebos.add()
    dialog.placebos.add()  # it is there
    tick(dialog.variants, "a")
    assert dialog.question() == Question(
        "change",
        "s",
        ("t",),
        before="b",
        rivals=("c", "d"),
        placebos=(("a", "b"),),
        variants=("a",),
    )
    dialog.placebos.list.setCurrentRow(0)
    dialog.placebos._drop()
    assert dialog.placebos.pairs() == ()
    dialog.kind.setCurrentIndex([name for name, _ in QUESTIONS].index("sets"))
    dialog.served.setChecked(True)
    tick(dialog.controls, "c")
    assert dialog.question() == Question("sets", "s", ("t",), ("c",), served=True)

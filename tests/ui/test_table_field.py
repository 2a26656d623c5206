from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from casekit.errors import CaseKitError
from casekit.ui.finding_question import QUESTIONS, Question
from casekit.ui.new_finding import NewFinding
from casekit.ui.table_field import TableField, at_once
from tests.ui.test_new_finding import tick

NETWORKS = "asn,kind,source,source_date\n7,vpn,a registry,2026-01-02\n8,vpn,a registry,2026-01-02\n"
PRICES = "model,from,input,output,currency,source\nlarch-2,2026-01-01,3,15,USD,item 1\n"


@pytest.mark.parametrize(
    ("name", "kind", "text", "said"),
    [
        ("networks", "usage", NETWORKS, "2 networks: 2 private network (VPN); by a registry"),
        ("prices", "usage", PRICES, "1 price: larch-2; USD; from 2026-01-01"),
        (
            "population",
            "validation",
            "model,family,role\na,x,original\nb,x,original\nc,,\n",
            "3 models of 1 family: 2 original, 1 undocumented",
        ),
    ],
)
def test_a_table_is_shown_or_refused_before_anything_is_asked(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, name: str, kind: str, text: str, said: str
) -> None:
    parent, path, asked = QWidget(), tmp_path / "a.csv", list[Question]()
    qtbot.addWidget(parent)
    dialog = NewFinding(parent, ["s", "t"], asked.append)
    dialog.kind.setCurrentIndex([one for one, _ in QUESTIONS].index(kind))
    tick(dialog.sources, "t")
    field = dialog.files[name]
    assert isinstance(field, TableField)
    assert field.said.isHidden()
    field.edit.setText(str(path))
    dialog.check()
    assert "cannot be read" in field.said.text()
    path.write_text("a,b\n1,2\n")
    field.edit.editingFinished.emit()
    assert field.said.text().startswith("▲ The table “a.csv” has no column")
    dialog.check()
    assert (asked, dialog.trouble.text()) == ([], field.said.text())
    assert (dialog.isVisible(), dialog.ok.isEnabled(), field.said.property("bad")) == (
        False,  # it was never opened
        True,
        True,
    )
    path.write_text(text)
    field.edit.editingFinished.emit()
    assert (field.said.text(), field.said.property("bad")) == (said, False)
    field.edit.clear()
    field.edit.editingFinished.emit()
    assert field.said.isHidden()
    field.edit.setText(str(path))
    dialog.check()
    assert [getattr(one, name) for one in asked] == [path]


def test_a_table_read_late_says_nothing_of_another_and_nothing_to_a_closed_form(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    waiting: list[Callable[[], None]] = []

    def later(
        work: Callable[[], str],
        done: Callable[[str], None],
        refused: Callable[[CaseKitError], None],
    ) -> None:
        waiting.append(partial(at_once, work, done, refused))

    asked: list[Question] = []
    parent, path = QWidget(), tmp_path / "a.csv"
    qtbot.addWidget(parent)
    path.write_text(NETWORKS)
    dialog = NewFinding(parent, ["s"], asked.append, look=later)
    dialog.kind.setCurrentIndex([one for one, _ in QUESTIONS].index("usage"))
    field = dialog.files["networks"]
    assert isinstance(field, TableField)
    field.edit.setText(str(path))
    field.edit.editingFinished.emit()
    field.edit.setText("other.csv")
    waiting.pop()()
    assert field.said.isHidden()
    field.edit.setText(str(path))
    dialog.check()
    assert (asked, dialog.ok.isEnabled()) == ([], False)
    waiting.pop()()
    assert [one.networks for one in asked] == [path]
    dialog.check()
    shiboken6.delete(dialog)
    waiting.pop()()
    assert len(asked) == 1


def test_a_long_refusal_is_shown_to_its_last_line(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = NewFinding(None, ["s"], lambda _q: None)
    qtbot.addWidget(dialog)
    dialog.kind.setCurrentIndex([one for one, _ in QUESTIONS].index("usage"))
    dialog.show()
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    field = dialog.files["prices"]
    assert isinstance(field, TableField)
    field.edit.setText(str(tmp_path / "a.csv"))
    field.edit.editingFinished.emit()
    qtbot.waitUntil(lambda: field.said.height() >= field.said.heightForWidth(field.said.width()))
    assert field.said.height() > 2 * field.said.fontMetrics().height()

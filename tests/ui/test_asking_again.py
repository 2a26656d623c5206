from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QTableWidget, QTableWidgetItem
from pytestqt.qtbot import QtBot

from casekit.errors import Cancelled, CaseKitError
from casekit.ui.asking_again import Again, until_taken
from casekit.ui.form import Form
from casekit.ui.people import PeoplePage, Unite
from casekit.ui.window import Window

Rest = Callable[..., None]


class Everything(Form):
    """A dialog with a field of each kind."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, "Head", "", "Do it")
        self.name, self.number = self.field("Name"), self.field("Number")
        self.kind = self.choice("Kind", [("a", "First"), ("b", "Second")])
        self.list = self.several("Which", ["x", "y"], 60)
        self.recipients = self.ask_recipients()
        self.word = self.field("Password")
        self.word.setEchoMode(QLineEdit.EchoMode.Password)
        self.table = QTableWidget(1, 2)
        for column in range(2):
            self.table.setItem(0, column, QTableWidgetItem(""))
        self.form.addRow(self.table)

    def fill(self) -> None:
        """Write into every field."""
        self.name.setText("Ann")
        self.number.setText("12")
        self.kind.setCurrentIndex(1)
        self.list.item(1).setCheckState(self.list.item(1).checkState().Checked)
        self.recipients.write([("Ann", "court"), ("Bob", "")])
        self.word.setText("secret")
        self.table.setItem(0, 1, QTableWidgetItem("cell"))

    def state(self) -> tuple[object, ...]:
        """What stands in the fields."""
        return (
            self.name.text(), self.number.text(), self.kind.currentData(),
            self.list.item(1).checkState().value, self.recipients.written(), self.word.text(),
            self.table.model().index(0, 1).data(), self.trouble.text(), self._row_of(self.trouble),
        )  # fmt: skip

    def answer(self) -> str | None:
        """The name."""
        return self.name.text() if self.exec() == QDialog.DialogCode.Accepted else None


@pytest.mark.parametrize(
    ("why", "said", "row"),
    [
        (CaseKitError("There is no item {id}.", id=12), "▲ There is no item 12.", 2),
        (CaseKitError("The disk is full."), "▲ The disk is full.", -1),
        (None, "", -1),  # somebody went back
    ],
)
def test_what_was_refused_comes_back_as_written_with_the_reason_at_its_field(
    window: Window, monkeypatch: pytest.MonkeyPatch, why: CaseKitError | None, said: str, row: int
) -> None:
    seen: list[tuple[object, ...]] = []
    acts: list[tuple[str, Again]] = []

    def answered(form: Everything) -> int:
        seen.append(form.state())
        form.fill()
        return QDialog.DialogCode.Accepted if len(seen) == 1 else QDialog.DialogCode.Rejected

    monkeypatch.setattr(QDialog, "exec", answered)
    until_taken(window, lambda: Everything(window).answer(), lambda *told: acts.append(told))
    assert [name for name, _ in acts] == ["Ann"]
    acts[0][1](why)
    rows = [("Ann", "court"), ("Bob", "")]
    assert seen[1] == ("Ann", "12", "b", 2, rows, "", "cell", said, row)
    acts[0][1](Cancelled())
    assert len(seen) == 2  # who stopped it is not asked


def test_a_question_inside_another_is_its_own(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def answered(form: Everything) -> int:
        seen.append(form.name.text())
        form.fill()
        if len(seen) == 1:
            Everything(window).answer()
        return QDialog.DialogCode.Accepted if len(seen) < 3 else QDialog.DialogCode.Rejected

    monkeypatch.setattr(QDialog, "exec", answered)
    until_taken(window, lambda: Everything(window).answer(), lambda _name, again: again(None))
    assert seen == ["", "", "Ann"]


def test_who_is_one_is_asked_again_where_the_item_is_none(
    window: Window, rest: Rest, qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_page("people")
    rest()
    assert window.pages is not None
    page = window.pages.page("people")
    assert isinstance(page, PeoplePage)
    seen: list[tuple[str, str, str]] = []

    def answered(form: Unite) -> int:
        seen.append((form.reason.text(), form.item.text(), form.trouble.text()))
        form.reason.setText("He signs so.")
        form.item.setText("999999")
        return QDialog.DialogCode.Accepted if len(seen) == 1 else QDialog.DialogCode.Rejected

    monkeypatch.setattr(QDialog, "exec", answered)
    page._decide("Ann", [("address", "a@x.example")], "")
    rest()
    assert [each[:2] for each in seen] == [("", ""), ("He signs so.", "999999")]
    assert "999999" in seen[1][2].replace(",", "")

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from casekit.ui.basics import Label
from casekit.ui.form import Form


def test_a_form_has_named_fields_and_says_what_is_missing(
    dressed: QApplication, qtbot: QtBot
) -> None:
    form = Form(None, "Head", "About it.", "Do it")
    qtbot.addWidget(form)
    line = form.field("Name", "given", "hint")
    box = form.choice("Kind", [("a", "First"), ("b", "Second")])
    assert (line.text(), line.placeholderText(), line.accessibleName()) == ("given", "hint", "Name")
    assert [box.itemData(n) for n in range(box.count())] == ["a", "b"]
    assert form.trouble.isHidden()
    form.complain("Something is missing.")
    assert form.trouble.text() == "▲ Something is missing."
    assert "About it." in [label.text() for label in form.findChildren(QLabel)]
    form.ok.click()
    assert form.result() == QDialog.DialogCode.Accepted


def test_a_reason_is_said_at_its_field(dressed: QApplication, qtbot: QtBot) -> None:
    form = Form(None, "Head", "", "Do it")
    qtbot.addWidget(form)
    first, second, file = form.field("First"), form.field("Second"), form.target("File")
    form.show()
    for field, row in ((second, 2), (file, 3), (first, 1)):
        form.complain("No.", field)
        assert form.focusWidget() is field
        assert form._row_of(form.trouble) == row
        assert form.trouble.isVisible()
        assert form.form.rowCount() == 4
    form.complain("No.")
    assert (form._row_of(form.trouble), form.form.rowCount()) == (-1, 3)
    assert form.trouble.isVisible()


def test_an_old_reason_goes_as_the_work_begins_again(dressed: QApplication, qtbot: QtBot) -> None:
    form = Form(None, "Head", "", "Do it")
    qtbot.addWidget(form)
    form.complain("No.", form.field("First"))
    form.ok.click()
    assert form.trouble.isHidden()


def test_a_dialog_goes_with_its_answer(dressed: QApplication, qtbot: QtBot) -> None:
    """Else a window keeps every dialog of the day, and dresses each of them in another theme."""
    window = QWidget()
    qtbot.addWidget(window)
    form = Form(window, "Head", "", "Do it")
    line = form.field("Name", "given")
    QTimer.singleShot(0, form, form.check)
    assert form.exec() == QDialog.DialogCode.Accepted
    assert line.text() == "given"
    del form, line
    qtbot.waitUntil(lambda: window.findChildren(Form) == [])


def test_what_is_typed_goes_into_the_first_field(dressed: QApplication, qtbot: QtBot) -> None:
    form = Form(None, "Head", "", "Do it")
    qtbot.addWidget(form)
    first, second = form.field("First"), form.field("Second")
    form.show()
    assert form.focusWidget() is first
    order = [first]
    while (after := order[-1].nextInFocusChain()) is not first:
        order.append(after)  # type: ignore[arg-type]
    taken = [w for w in order if w in (first, second, form.cancel, form.ok)]
    assert taken == [first, second, form.cancel, form.ok]


def test_words_that_come_later_are_shown_whole(dressed: QApplication, qtbot: QtBot) -> None:
    form = Form(None, "Head", "", "Do it")
    qtbot.addWidget(form)
    said = Label()
    said.setWordWrap(True)
    form.form.addRow("", said)
    form.show()
    assert form.focusWidget() is form.ok
    said.setText("How many have it already, and what becomes of the others. " * 9)
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(said.width()) > 60)


def test_a_field_that_was_chosen_keeps_the_focus(dressed: QApplication, qtbot: QtBot) -> None:
    form = Form(None, "Head", "", "Do it")
    qtbot.addWidget(form)
    form.field("First")
    second = form.field("Second")
    second.setFocus()
    form.show()
    assert form.focusWidget() is second


def test_a_complaint_takes_no_room_from_the_fields(dressed: QApplication, qtbot: QtBot) -> None:
    form = Form(None, "Head", "About it.", "Do it")
    qtbot.addWidget(form)
    lines = [form.field(f"Field {n}") for n in range(4)]
    form.show()
    before = [line.height() for line in lines]
    form.complain(
        "Something is missing, and it takes a while to say what it is that is missing. " * 3
    )
    qtbot.waitUntil(lambda: form.trouble.height() > 20)
    assert [line.height() for line in lines] == before


def test_where_something_is_written_can_be_chosen_by_mouse(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = Form(None, "Head", "", "Do it")
    qtbot.addWidget(form)
    file = form.target("File", "/tmp/log.xlsx")
    folder = form.target("Folder", "", "empty: none", folder=True)
    asked: list[str] = []

    def save(_parent: QWidget, name: str, begin: str) -> tuple[str, str]:
        asked.append(f"{name} {begin}")
        return "/elsewhere/list.xlsx", ""

    def existing(_parent: QWidget, name: str, _begin: str) -> str:
        asked.append(name)
        return ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", save)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", existing)
    for button in form.findChildren(QPushButton):
        if button.text() == "Choose …":
            button.click()
    assert sorted(asked) == ["File /tmp/log.xlsx", "Folder"]
    assert (file.text(), folder.text()) == ("/elsewhere/list.xlsx", "")


def test_a_list_is_not_begun_at_since_that_would_choose_in_it(
    dressed: QApplication, qtbot: QtBot
) -> None:
    form = Form(None, "Head", "", "Do it")
    qtbot.addWidget(form)
    box = form.several("Which", ["one", "two"], 90)
    name = form.field("Name")
    form.show()
    assert form.focusWidget() is name
    assert box.currentRow() == -1

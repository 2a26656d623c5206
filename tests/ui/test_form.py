from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from casekit.ui.form import Form


def test_a_form_has_named_fields_and_says_what_is_missing(
    dressed: QApplication, qtbot: QtBot
) -> None:
    form = Form(None, "Head", "About it.", "Do it")  # type: ignore[arg-type]
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

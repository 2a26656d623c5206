from __future__ import annotations

from PySide6.QtWidgets import QApplication, QDialog, QLabel
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

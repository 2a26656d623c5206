from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.dossier.templates import SHIPPED
from casekit.ui.beginning import TEMPLATE_WORDS, CompareWith, NewDossier


def test_a_dossier_begins_with_a_name_and_a_template(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tuple(TEMPLATE_WORDS) == SHIPPED
    form = NewDossier(None, "Dossier 2", [*SHIPPED, "Our own"])  # type: ignore[arg-type]
    qtbot.addWidget(form)
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
    assert form.answer() == ("Dossier 2", "")
    form.template.setCurrentIndex(form.template.count() - 1)
    form.name.setText("  For the court ")
    assert form.answer() == ("For the court", "Our own")
    form.name.setText(" ")
    form.check()
    assert "needs a name" in form.trouble.text()


def test_it_is_compared_with_the_one_issued_last_or_a_saved_one(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = CompareWith(None, ["First"])  # type: ignore[arg-type]
    qtbot.addWidget(form)
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
    assert form.answer() == ""
    form.other.setCurrentIndex(1)
    assert form.answer() == "First"
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Rejected)
    assert form.answer() is None

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from casekit.ui.collect_forms import Approval, Design, Designed, KeyForm


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_an_approval_is_recorded_only_whole(parent: QWidget) -> None:
    told: list[dict[str, Any]] = []
    form = Approval(parent, 7, told.append)
    fields = {"url": "https://x.example/v1", "model": "m", "account_holder": "A", "terms_accepted": "yes",
              "counsel": "C", "operator": "O"}  # fmt: skip
    for name, text in fields.items():
        form.check()
        assert told == []
        assert form.trouble.text().startswith("▲")
        getattr(form, name).setText(text)
    form.terms.setText("seven")
    form.check()
    assert "by its number" in form.trouble.text()
    form.terms.setText("7")
    form.check()
    assert [(v["terms_id"], v["operator"], v["protocol"]) for v in told] == [(7, "O", "openai")]


def test_a_design_needs_a_question_and_numbers(parent: QWidget) -> None:
    told: list[Designed] = []
    form = Design(parent, ["a", "b", "c"], told.append)
    form.check()
    assert "a name and a question" in form.trouble.text()
    form.name.setText("first")
    form.question.setText("Q?")
    form.samples.setText("five")
    form.check()
    assert "are numbers" in form.trouble.text()
    form.samples.setText("5")
    form.sources.item(0).setCheckState(Qt.CheckState.Checked)
    form.check()
    assert [(d.name, d.sources, d.rivals, d.samples) for d in told] == [("first", ("a",), (), 5)]


def test_the_key_is_not_shown_and_not_left_in_the_form(parent: QWidget) -> None:
    told: list[str] = []
    form = KeyForm(parent, "m", told.append)
    assert form.key.echoMode() == QLineEdit.EchoMode.Password
    form.key.setText(" sk-1 ")
    form.check()
    assert (told, form.key.text()) == (["sk-1"], "")

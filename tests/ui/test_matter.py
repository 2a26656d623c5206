from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.queries import matter
from casekit.store.case import Case
from casekit.ui.matter import Matter


def test_what_changed_of_the_matter_is_told_and_a_name_is_needed(
    dressed: QApplication, qtbot: QtBot, sample_case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sample_case.read() as s:
        present = matter.get(s)
    changed = Matter(None, present)  # type: ignore[arg-type]
    qtbot.addWidget(changed)
    monkeypatch.setattr(changed, "exec", lambda: QDialog.DialogCode.Accepted)
    changed.edits["judge"].setText("Hon. A. Lindqvist")
    assert changed.answer() == {"judge": "Hon. A. Lindqvist"}
    changed.edits["name"].clear()
    changed.check()
    assert "needs a name" in changed.trouble.text()
    changed.edits["name"].setText("x")
    changed.check()
    assert changed.result() == QDialog.DialogCode.Accepted

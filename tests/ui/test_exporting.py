from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.dossier.pdfa import Profile
from casekit.dossier.spec import ASKED, SECTIONS, USUAL, DossierSpec
from casekit.ui.exporting import Dossier


def test_a_dossier_is_asked_for_with_its_purpose(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dossier = Dossier(None, "Findings", tmp_path)  # type: ignore[arg-type]
    qtbot.addWidget(dossier)
    monkeypatch.setattr(dossier, "exec", lambda: QDialog.DialogCode.Accepted)
    assert dossier.answer() == (DossierSpec("Findings"), False, tmp_path / "dossier.pdf", None)
    dossier.machine.setChecked(True)
    dossier.setResult(0)
    asked = dossier.answer()
    assert asked is not None
    assert asked[0] == DossierSpec("Findings", machine_texts=True)
    dossier.machine.setChecked(False)
    for name in ("glossary", "parties"):
        dossier.more[name].setChecked(True)  # type: ignore[index]
    dossier.setResult(0)
    asked = dossier.answer()
    assert asked is not None
    wanted = {*USUAL, "glossary", "parties"}
    assert asked[0].sections == tuple(name for name in SECTIONS if name in wanted)
    assert set(dossier.more) == ASKED - {"certificates"}
    offered = [dossier.profile.itemData(n) for n in range(dossier.profile.count())]
    assert tuple(offered) == get_args(Profile)
    dossier.recipients.rows[0].name.setText("Jane Roe")
    dossier.check()
    assert "needs a name and a role" in dossier.trouble.text()
    dossier.recipients.rows[0].role.setCurrentIndex(4)
    dossier.setResult(0)
    asked = dossier.answer()
    assert asked is not None
    assert asked[0].recipients == ("Jane Roe, opposing-counsel",)
    dossier.file.setText(str(tmp_path / "absent" / "d.pdf"))
    dossier.check()
    assert "not there" in dossier.trouble.text()


def test_a_court_or_a_number_limits_the_largest_file(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dossier = Dossier(None, "Findings", tmp_path)  # type: ignore[arg-type]
    qtbot.addWidget(dossier)
    monkeypatch.setattr(dossier, "exec", lambda: QDialog.DialogCode.Accepted)

    def limit() -> float:
        dossier.setResult(0)
        asked = dossier.answer()
        assert asked is not None
        return asked[0].limit_mb

    dossier.limit.setCurrentIndex(dossier.limit.findData("utb"))
    assert limit() == 8
    dossier.limit.setCurrentText("12.5 mb")
    assert limit() == 12.5
    dossier.limit.setCurrentText("a lot")
    dossier.check()
    assert "no size of a file" in dossier.trouble.text()
    dossier.profile.setCurrentIndex(dossier.profile.findData("archive"))
    dossier.limit.setCurrentText("20")
    assert limit() == 20

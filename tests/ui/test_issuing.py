from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.ui.issuing import DossierFile


def test_the_file_of_an_issued_dossier_is_new_and_of_a_draft_may_be_there(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "d.pdf").write_bytes(b"x")
    for issue, file, said in (
        (True, tmp_path / "d.pdf", "never replaces"),
        (True, tmp_path / "absent" / "d.pdf", "not there"),
        (True, tmp_path / "e.pdf", ""),
        (False, tmp_path / "d.pdf", ""),
    ):
        form = DossierFile(None, file, issue=issue)  # type: ignore[arg-type]
        qtbot.addWidget(form)
        form.check()
        assert said in form.trouble.text()
        assert (form.result() == QDialog.DialogCode.Accepted) is (said == "")
        monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
        assert form.answer() == (file, None)
    form.file.setText(str(tmp_path / "name v. name"))
    assert form.answer() == (tmp_path / "name v. name.pdf", None)

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.ui.issuing import DossierFile


def test_a_sealed_copy_is_named_after_the_public_one_and_never_like_it(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = DossierFile(None, tmp_path / "d.pdf", issue=True)  # type: ignore[arg-type]
    qtbot.addWidget(form)
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
    assert not form.form.isRowVisible(form.sealed.file)
    form.sealed.wanted.setChecked(True)
    assert form.form.isRowVisible(form.sealed.file)
    form.file.setText(str(tmp_path / "motion.pdf"))
    assert form.answer() == (tmp_path / "motion.pdf", tmp_path / "motion-SEALED.pdf")
    (tmp_path / "motion-SEALED.pdf").write_bytes(b"x")
    form.check()
    assert "never replaces" in form.trouble.text()
    for text, said in (
        (tmp_path / "motion.pdf", "different names"), (tmp_path / "absent" / "s.pdf", "not there"),
    ):  # fmt: skip
        form.sealed.file.setText(str(text))
        form.sealed.file.textEdited.emit(str(text))
        form.check()
        assert said in form.trouble.text()
    form.sealed.file.setText(str(tmp_path / "under seal"))
    form.file.setText(str(tmp_path / "other.pdf"))
    form.check()
    assert form.result() == QDialog.DialogCode.Accepted
    assert form.answer() == (tmp_path / "other.pdf", tmp_path / "under seal.pdf")


def test_a_path_typed_from_its_first_key_is_taken(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every key on the way is looked at: the root, a folder, a point."""
    form = DossierFile(None, tmp_path / "d.pdf", issue=True)  # type: ignore[arg-type]
    qtbot.addWidget(form)
    form.show()
    monkeypatch.setattr(form, "exec", lambda: QDialog.DialogCode.Accepted)
    form.file.selectAll()
    QTest.keyClicks(form.file, f"{tmp_path}/./motion")
    form.sealed.wanted.setChecked(True)
    assert form.answer() == (tmp_path / "motion.pdf", tmp_path / "motion-SEALED.pdf")
    form.file.selectAll()
    QTest.keyClicks(form.file, f"{tmp_path}/")
    assert form.answer() == (tmp_path / "dossier.pdf", tmp_path / "dossier-SEALED.pdf")

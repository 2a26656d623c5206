from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit import settings
from casekit.errors import CaseKitError
from casekit.ui.asking import Ask
from casekit.ui.recognising import RecogniseText
from tests.ingest.ocr.engines import use_none


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))


def test_the_engine_is_chosen_among_those_installed_and_remembered(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = RecogniseText(None, 1384, ["tesseract", "rapidocr"], "tesseract")
    qtbot.addWidget(asked)
    monkeypatch.setattr(asked, "exec", lambda: QDialog.DialogCode.Accepted)
    assert asked.answer() == ("eng", "tesseract")
    asked.engine.setCurrentIndex(1)
    asked.language.setText(" chi_sim ")
    assert asked.answer() == ("chi_sim", "rapidocr")
    assert settings.load().text_engine == "rapidocr"
    asked.language.clear()
    asked.check()
    assert asked.trouble.text() == "▲ Name the language of the pages, such as eng or chi_sim."
    monkeypatch.setattr(asked, "exec", lambda: QDialog.DialogCode.Rejected)
    assert asked.answer() is None


def test_without_an_engine_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    use_none(monkeypatch)
    with pytest.raises(CaseKitError, match="extra “ocr”"):
        Ask(None).recognition(3)  # type: ignore[arg-type]

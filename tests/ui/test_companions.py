from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.dossier.companion import KINDS
from casekit.jobs.companion import ENDINGS
from casekit.ui import companions
from casekit.ui.companions import WriteList
from casekit.ui.window import Window
from tests.ui.conftest import in_turn

Rest = Callable[..., None]


def test_a_list_is_asked_for_with_a_file_that_bears_its_name(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = WriteList(None, tmp_path)
    qtbot.addWidget(dialog)
    assert Path(dialog.file.text()) == tmp_path / "index of exhibits.docx"
    assert not dialog.form.isRowVisible(dialog.format)
    dialog.kind.setCurrentIndex(dialog.kind.findData("privilege"))
    dialog.ending.setCurrentIndex(1)
    assert Path(dialog.file.text()) == tmp_path / "privilege log.xlsx"
    assert dialog.form.isRowVisible(dialog.format)
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Accepted)
    assert dialog.answer() == ("privilege", "document", tmp_path / "privilege log.xlsx", ())
    dialog.file.setText(str(tmp_path / "log.pdf"))
    dialog.check()
    assert ".docx or .xlsx" in dialog.trouble.text()
    dialog.file.setText(str(tmp_path / "absent" / "log.xlsx"))
    dialog.check()
    assert "folder is not there" in dialog.trouble.text()


def test_the_window_offers_what_the_program_writes() -> None:
    assert tuple(name for name, _ in companions.KINDS) == KINDS
    assert tuple(name for name, _ in companions.ENDINGS) == ENDINGS


def test_a_list_is_written_and_asked_for_again_where_it_is_refused(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reasons: list[str]
) -> None:
    out = tmp_path / "log.docx"
    monkeypatch.setattr(window.ask, "companion", lambda _: ("privilege", "document", out, ()))
    window.trigger("companion.write")
    rest()
    assert "1 row written to log.docx · ▲ 1 item has no description yet" in window.notice.text
    assert len(docx.Document(out).tables) == 2
    monkeypatch.setattr(window.ask, "companion", in_turn(("redactions", "document", out, ())))
    window.trigger("companion.write")
    rest()
    assert "Nothing in the exhibits is redacted" in reasons[0]

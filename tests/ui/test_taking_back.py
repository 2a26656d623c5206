from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.ops.clawback import Notice
from casekit.queries import sequestered
from casekit.queries.sequestered import SequesterRow
from casekit.ui import taking_back
from casekit.ui.taking_back import ReceiveNotice, Release, TakeBack
from casekit.ui.window import Window
from tests.ui.conftest import in_turn

Rest = Callable[..., None]
MAIL = 352


def test_a_notice_hides_what_is_shown_and_a_release_brings_it_back(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = window.workspace
    assert workspace is not None
    assert window.shell is not None
    workspace.open_item(MAIL)
    rest()
    assert workspace.viewer._head.isVisible()
    total = len(workspace.model.ids)
    told = Notice("Meridian", [str(MAIL), "ABC-1"], reference="letter")
    monkeypatch.setattr(window.ask, "notice", lambda: told)
    window.trigger("clawback.notice")
    rest()
    assert "Not found: ABC-1" in window.notice.text or "is sequestered" in window.notice.text
    with window.shell.case.read() as s:
        held = sequestered.held(s)
    assert MAIL in held
    assert len(workspace.model.ids) == total - len(held)
    workspace.open_item(MAIL)
    rest()
    assert window.shell.selection.view is None
    assert not workspace.viewer._head.isVisible()
    assert "on the notice of Meridian (letter)" in workspace.viewer._empty.text()
    monkeypatch.setattr(window.ask, "release", in_turn(([MAIL], "R. Judge", "Order")))
    window.trigger("clawback.release")
    rest()
    assert "released from sequestering by R. Judge" in window.notice.text
    workspace.open_item(MAIL)
    rest()
    assert window.shell.selection.view is not None
    window.trigger("clawback.release")
    rest()
    if len(held) == 1:
        assert window.notice.text == "Nothing is sequestered."


def test_the_dialogs_need_what_the_log_keeps(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ReceiveNotice(None)
    qtbot.addWidget(asked)
    accepted: list[int] = []
    asked.accepted.connect(lambda: accepted.append(1))
    asked.check()
    assert "whose notice" in asked.trouble.text()
    asked.party.setText("Meridian")
    asked.named.setPlainText("ABC-1\nABC-2")
    asked.check()
    assert "by which letter" in asked.trouble.text()
    asked.reference.setText("letter")
    asked.check()
    assert accepted == [1]
    monkeypatch.setattr(asked, "exec", lambda: QDialog.DialogCode.Accepted)
    assert asked.answer() == Notice("Meridian", ("ABC-1", "ABC-2"), "", "letter")
    release = Release(None, [SequesterRow(7, 1, "Meridian", "letter", "ann", 0, "", "", None)])
    qtbot.addWidget(release)
    release.check()
    assert "Choose at least one row" in release.trouble.text()
    release.table.selectRow(0)
    release.check()
    assert "who releases" in release.trouble.text()
    release.by.setText("R. Judge")
    release.reason.setText("Order")
    monkeypatch.setattr(release, "exec", lambda: QDialog.DialogCode.Accepted)
    assert release.answer() == ([7], "R. Judge", "Order")
    back = TakeBack(None)
    qtbot.addWidget(back)
    back.check()
    assert "how it came to be produced" in back.trouble.text()


def test_what_has_not_left_and_an_empty_letter_are_refused(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reasons: list[str]
) -> None:
    monkeypatch.setattr(window.ask, "take_back", in_turn(("other", "Slipped")))
    window.trigger("clawback.own")
    rest()
    assert "has not left under a number" in reasons[0]
    monkeypatch.setattr(window.ask, "save_file", lambda *_: tmp_path / "l.docx")
    window.trigger("clawback.letter")
    rest()
    assert "Nothing is taken back" in window.notice.text
    assert taking_back.HEADS[0] == "Item"

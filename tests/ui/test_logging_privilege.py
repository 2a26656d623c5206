from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries import privilege_log
from casekit.ui.logging_privilege import PrivilegeLog
from casekit.ui.window import Window
from tests.ui.conftest import in_turn

Rest = Callable[..., None]
WITHHELD = 356


def test_the_file_must_be_of_a_kind_that_is_written(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = PrivilegeLog(None, tmp_path)
    qtbot.addWidget(dialog)
    dialog.file.setText(str(tmp_path / "absent" / "log.xlsx"))
    dialog.check()
    assert "folder is not there" in dialog.trouble.text()
    dialog.file.setText(str(tmp_path / "log.pdf"))
    dialog.check()
    assert ".csv, .xlsx or .docx" in dialog.trouble.text()
    dialog.file.setText(str(tmp_path / "log.csv"))
    dialog.check()
    assert dialog.result() == 1


def test_an_item_is_described_and_the_log_is_written(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reasons: list[str]
) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    out = tmp_path / "log.csv"
    monkeypatch.setattr(window.ask, "text", in_turn(*["Advice on the contract"] * 2))
    monkeypatch.setattr(window.ask, "privilege_log", lambda _: ("document", out))
    window.trigger("privilege.log")
    rest()
    assert "▲ 1 item has no description yet" in window.notice.text
    window.trigger("privilege.describe")
    rest()
    assert "press P first" in window.notice.text
    window.workspace.open_item(WITHHELD)
    rest()
    window.trigger("privilege.describe")
    rest()
    with window.shell.case.read() as s:
        assert [e.description for e in privilege_log.entries(s)] == ["Advice on the contract"]
    window.shell.selection.chosen = np.array([WITHHELD, 1], dtype=np.int64)
    answer, offered = window.ask.text, list[str]()
    monkeypatch.setattr(window.ask, "text", lambda *a: offered.append(a[2]) or answer(*a))
    window.trigger("privilege.describe")
    rest()
    assert set(offered) == {"Advice on the contract"}, "as it is described now"
    assert "Item 1 is not withheld" in reasons[0]
    window.trigger("privilege.log")
    rest()
    assert "▲" not in window.notice.text
    assert "Advice on the contract" in out.read_text("utf-8-sig")

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.notice import Notice


def test_a_notice_says_offers_and_goes(clean: None, dressed: QApplication, qtbot: QtBot) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    done: list[int] = []
    notice.show_text("Dossier written", "ok", offer="Show the folder", run=lambda: done.append(1))
    assert (notice.text, notice.isVisible()) == ("✓ Dossier written", True)
    notice._do.click()
    assert done == [1]
    notice.show_text("Copied", "quiet", seconds=5)
    assert (notice.text, notice._timer.isActive(), notice._do.isVisible()) == (
        "Copied",
        True,
        False,
    )
    notice.hide()
    assert not notice._timer.isActive()

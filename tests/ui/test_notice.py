from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.errors import Cancelled, CaseKitError
from casekit.ui.notice import Notice
from casekit.ui.window import Window

Rest = Callable[..., None]


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


def test_what_was_said_of_a_case_goes_with_it(window: Window, rest: Rest) -> None:
    window.refuse(CaseKitError("This is of the case."))
    assert window.notice.text
    window.close_case()
    assert window.notice.isHidden()
    rest()


def test_a_notice_moves_no_row_of_the_list(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.show()
    rest()
    window.notice.hide()
    QApplication.processEvents()
    items = window.workspace.list
    before = items.mapTo(window, items.rect().topLeft())
    window.say("Something was done.")
    QApplication.processEvents()
    assert window.notice.isVisible()
    assert items.mapTo(window, items.rect().topLeft()) == before


def test_what_was_cancelled_can_go_on(window: Window, rest: Rest) -> None:
    done: list[int] = []
    window.long._stopped(window, lambda: done.append(1))(Cancelled())
    assert window.notice._do.text() == "Go on"
    window.notice._do.click()
    assert done == [1]
    window.long._stopped(window)(Cancelled())
    assert window.notice._do.isHidden()
    rest()

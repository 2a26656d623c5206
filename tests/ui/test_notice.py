from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.errors import Cancelled, CaseKitError
from casekit.ui import tabbing
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


LONG = "“letters.zip” cannot be read: it is cut off in the middle, ask for the file again. " * 8


def test_a_notice_moves_nothing_and_gives_the_page_free(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: heard.append(event.message())
    )
    window.show()
    rest()
    window.notice.hide()
    QApplication.processEvents()
    before = window.stack.geometry()
    window.notice.show_text("3 items coded.", "ok", offer="Undo")
    QApplication.processEvents()
    strip = window.foot.geometry()
    assert (window.stack.geometry(), window.notice.geometry()) == (before, strip)
    window.notice.show_text(LONG, "bad", offer="Undo")
    QApplication.processEvents()
    assert window.notice.geometry().top() < before.bottom()  # all of it can be read
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_F24)  # somebody goes on working
    assert (window.stack.geometry(), window.notice.geometry()) == (before, strip)
    window.notice._all.click()
    assert window.notice.geometry().top() < strip.top()
    assert heard == ["3 items coded. Undo", f"{LONG} Undo"]


def test_what_is_offered_is_reached_by_key_and_stays_till_then(window: Window, rest: Rest) -> None:
    window.show()
    rest()
    assert window.workspace is not None
    window.workspace.list.setFocus()
    window.notice.show_text("3 items coded.", "ok", seconds=5, offer="Undo")
    QApplication.processEvents()
    assert window.notice._do in tabbing.stops(window)
    window.notice._do.setFocus()
    window.notice._timer.timeout.emit()
    assert window.notice.isVisible()
    QTest.keyClick(window.notice._do, Qt.Key.Key_Escape)
    assert window.notice.isHidden()
    assert QApplication.focusWidget() is window.workspace.list


def test_what_was_cancelled_can_go_on(window: Window, rest: Rest) -> None:
    done: list[int] = []
    window.long._stopped(window, lambda: done.append(1))(Cancelled())
    assert window.notice._do.text() == "Go on"
    window.notice._do.click()
    assert done == [1]
    window.long._stopped(window)(Cancelled())
    assert window.notice._do.isHidden()
    rest()

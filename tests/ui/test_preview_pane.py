from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.jobs.preview import Seen
from casekit.ui.preview_pane import PreviewPane, PreviewWants


def png() -> bytes:
    made = io.BytesIO()
    Image.new("L", (85, 110), 250).save(made, "PNG")
    return made.getvalue()


def seen(page: int, total: int = 9, whole: bool = True) -> Seen:
    return Seen(page, total, whole, "custody", png())


@pytest.fixture
def asked() -> list[Any]:
    return []


@pytest.fixture
def pane(clean: None, dressed: QApplication, qtbot: QtBot, asked: list[Any]) -> PreviewPane:
    made = PreviewPane(PreviewWants(asked.append, asked.append))
    qtbot.addWidget(made)
    made.resize(500, 700)
    made.show()
    return made


def test_keys_turn_pages_within_the_dossier(pane: PreviewPane, asked: list[Any]) -> None:
    pane.show_seen(seen(3))
    assert (pane.number.text(), pane.total.text(), pane.where.text()) == (
        "3", "of 9", "Chain of custody",
    )  # fmt: skip
    pane.setFocus()
    keys = (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End)
    for key in keys:
        QTest.keyClick(pane, key)
    assert asked == [4, 2, 1, 9]
    pane.show_seen(seen(9))
    QTest.keyClick(pane, Qt.Key.Key_PageDown)
    assert asked == [4, 2, 1, 9]
    assert not pane.on.isEnabled()
    pane.where.click()
    assert asked[-1] == "custody"


def test_a_page_is_typed_and_nonsense_is_not_asked_for(pane: PreviewPane, asked: list[Any]) -> None:
    pane.show_seen(seen(3))
    pane.number.setText("7")
    QTest.keyClick(pane.number, Qt.Key.Key_Return)
    pane.number.setText("x")
    QTest.keyClick(pane.number, Qt.Key.Key_Return)
    pane.number.setText("12")
    QTest.keyClick(pane.number, Qt.Key.Key_Return)
    assert asked == [7]


def test_while_the_total_is_unknown_more_pages_may_come(
    pane: PreviewPane, asked: list[Any]
) -> None:
    pane.show_seen(seen(1, 1, whole=False))
    assert pane.total.text() == "of …"
    pane.turn(1)
    assert asked == [2]


def test_zoom_changes_the_resolution_and_fit_follows_the_pane(
    pane: PreviewPane, asked: list[Any]
) -> None:
    pane.show_seen(seen(2))
    fitted = pane.dpi
    QTest.keyClick(pane, Qt.Key.Key_Plus)
    assert pane.dpi > fitted
    assert asked == [2]
    QTest.keyClick(pane, Qt.Key.Key_0)
    assert pane.dpi == fitted
    pane.resize(900, 700)
    QApplication.processEvents()
    assert pane.dpi > fitted


def test_without_a_page_the_last_one_stays_and_says_that_it_is_old(pane: PreviewPane) -> None:
    pane.show_seen(Seen(0, 0, False, "", b""))
    assert "listed beside" in pane._paper.text()
    pane.show_seen(seen(2))
    pane.show_seen(Seen(0, 0, False, "", b""))
    assert not pane._picture.isNull()
    assert not pane._paper.isEnabled()

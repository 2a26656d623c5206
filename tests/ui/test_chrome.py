from __future__ import annotations

from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from casekit.ui import chrome, theme


def test_pieces_have_names_and_do_their_work(dressed: QApplication, qtbot: QtBot) -> None:
    done: list[str] = []
    root = QWidget()
    qtbot.addWidget(root)
    button = chrome.tool("close", "Close it", lambda: done.append("tool"))
    word = chrome.choice("words", "mode", lambda: done.append("word"))
    glass = chrome.glyph("magnify", 16)
    for widget in (button, word, glass, chrome.rule()):
        widget.setParent(root)
    button.click()
    word.click()
    assert (done, button.accessibleName(), word.isChecked()) == (["tool", "word"], "Close it", True)
    before, drawn = button.icon().cacheKey(), glass.pixmap().toImage()
    theme.apply(dressed, "dark")
    chrome.redress(root)
    assert button.icon().cacheKey() != before
    assert glass.pixmap().toImage() != drawn
    theme.apply(dressed, "light")


def test_a_line_without_room_ends_early_and_keeps_the_rest_in_its_tooltip(
    dressed: QApplication, qtbot: QtBot
) -> None:
    line = chrome.Elided()
    qtbot.addWidget(line)
    line.setText("United States District Court for the Northern District of California")
    line.resize(80, 20)
    line.grab()
    assert line.toolTip().startswith("United States")
    line.resize(900, 20)
    line.grab()
    assert line.toolTip() == ""


def test_a_row_of_verbs_runs_each_and_leaves_return_to_the_dialog(
    dressed: QApplication, qtbot: QtBot
) -> None:
    ran: list[str] = []
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.setLayout(
        chrome.verbs((("Go", lambda: ran.append("go")), ("Take away", lambda: ran.append("away"))))
    )
    buttons = dialog.findChildren(QPushButton)
    for button in buttons:
        button.click()
    assert ([b.text() for b in buttons], ran) == (["Go", "Take away"], ["go", "away"])
    assert not any(button.autoDefault() for button in buttons)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from casekit.ui import asking
from casekit.ui.reports import Reports
from casekit.ui.window import Window


def accepted(dialog: asking.Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user presses the button; a dialog that complains is cancelled."""

    def run() -> QDialog.DialogCode:
        dialog.check()
        return QDialog.DialogCode(dialog.result())

    monkeypatch.setattr(dialog, "exec", run)


def test_what_is_known_of_files(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    provenance = asking.Provenance(None, [Path("a.jsonl")] * 5)  # type: ignore[arg-type]
    qtbot.addWidget(provenance)
    accepted(provenance, monkeypatch)
    provenance.edits["custodian"].setText(" Priya Raman ")
    provenance.role.setCurrentIndex(1)
    assert provenance.answer() == {"custodian": "Priya Raman", "role": "subject"}


def test_sources_and_the_dossiers_place(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = asking.Sources(None)  # type: ignore[arg-type]
    qtbot.addWidget(sources)
    accepted(sources, monkeypatch)
    assert sources.answer() is None
    sources._take([tmp_path / "a", tmp_path / "a"])
    assert sources.answer() == [tmp_path / "a"]


@pytest.mark.parametrize(("empty", "given"), [(False, None), (True, "")])
def test_an_empty_line_is_an_answer_only_where_it_means_something(
    dressed: QApplication,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    empty: bool,
    given: str | None,
) -> None:
    line = asking.OneLine(None, "Give out", "Reviewers by name", "", empty=empty)  # type: ignore[arg-type]
    qtbot.addWidget(line)
    line.show()
    assert (line.focusWidget(), line.ok.isEnabled()) == (line.line, empty)

    def run() -> int:
        QTest.keyClick(line.line, Qt.Key.Key_Return)
        return line.result()

    monkeypatch.setattr(line, "exec", run)
    assert line.answer() == given
    line.line.setText(" A. One ")
    assert line.answer() == "A. One"


def test_return_closes_a_report(dressed: QApplication, qtbot: QtBot) -> None:
    report = asking.Report(None, "Packed", "x", [("Items", "3")], "")  # type: ignore[arg-type]
    report.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(report)
    QGuiApplication.clipboard().setText("mine")
    report.show()
    qtbot.waitUntil(lambda: report.focusWidget() is not None)
    QTest.keyClick(report.focusWidget(), Qt.Key.Key_Return)
    assert (report.result(), QGuiApplication.clipboard().text()) == (1, "mine")


def test_a_bug_report_holds_no_message_and_can_be_copied(
    dressed: QApplication, window: Window
) -> None:
    try:
        raise ValueError("evidence text that must not be seen")
    except ValueError as error:
        text = asking.crash_text(error)
        window.ask.bug(error)
    assert "evidence" not in text
    assert "ValueError" in text
    assert "test_asking.py" in text
    crash = window.findChild(asking.Crash)
    assert crash is not None
    copy = next(b for b in crash.findChildren(QPushButton) if b.text() == "Copy")
    copy.click()
    assert "ValueError" in QApplication.clipboard().text()
    crash.close()


def test_keys_are_written_as_the_system_does() -> None:
    assert asking.key_text("Ctrl+Return") == "Ctrl+↵"


@pytest.mark.parametrize(
    "make",
    [
        lambda over: asking.Report(over, "t", "h", [("a", "b")], "long"),
        lambda over: Reports(over, []),
    ],
)
def test_return_closes_a_report_and_copies_nothing(
    dressed: QApplication, qtbot: QtBot, make: Callable[[QWidget], asking.Report | Reports]
) -> None:
    """The text of a report has the focus first, and leaves Return to the dialog."""
    over = QWidget()
    qtbot.addWidget(over)
    report = make(over)
    report.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    QGuiApplication.clipboard().setText("mine")
    report.show()
    QTest.keyClick(report.text, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "mine"
    assert report.result() == QDialog.DialogCode.Accepted

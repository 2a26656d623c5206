from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.ops.redactions import REASONS
from casekit.queries.redactions import redactions
from casekit.ui import redacting, theme
from casekit.ui.reading import ReadingPage
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_the_reasons_offered_are_those_there_are(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tuple(name for name, _ in redacting.REASONS) == REASONS
    dialog = redacting.Why(None, "x" * 300)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Rejected)
    assert dialog.answer() is None
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Accepted)
    dialog.reason.setCurrentIndex(4)
    dialog.authority.setText(" order of 3 May ")
    assert dialog.answer() == ("third-party", "order of 3 May")


def test_a_marked_passage_is_withheld_shown_so_and_given_back(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    asked: list[str] = []

    def answer(passage: str) -> tuple[str, str]:
        asked.append(passage)
        return "confidential", "order"

    monkeypatch.setattr(window.ask, "redaction", answer)
    window.workspace.open_item(1)
    rest()
    window.trigger("redact.mark")
    assert "Mark the passage" in window.notice.text
    view = window.shell.selection.view
    assert view is not None
    part, text = view.texts[0]
    window.shell.selection.cite = ("machine", 0, 1)
    window.trigger("redact.mark")
    assert "no evidence" in window.notice.text
    window.shell.selection.cite = (part, 2, 9)
    window.trigger("redact.mark")
    rest()
    assert asked == [text[2:9]]
    with window.shell.case.read() as s:
        (row,) = redactions(s)
    assert (row.part, row.start, row.stop, row.reason, row.authority) == (
        part, 2, 9, "confidential", "order",
    )  # fmt: skip
    pages = window.workspace.viewer.findChildren(ReadingPage)
    page = next(page for page in pages if "1 passage is withheld" in page.toPlainText())
    assert page.withheld == {part: [(2, 9)]}
    window.shell.selection.cite = (part, 3, 5)
    window.trigger("redact.mark")
    rest()
    with window.shell.case.read() as s:
        assert redactions(s) == []


def test_what_is_withheld_is_drawn_inside_out(dressed: QApplication) -> None:
    page = ReadingPage()
    page.withheld = {"output": [(4, 7), (5, 9), (30, 40)], "prompt": [(0, 3)]}
    page.begin()
    page.passage("output", "one two three\nfour", ())
    page.end()
    assert page.toPlainText() == "one two three\nfour"
    ink = theme.current().colour("ink").name()
    turned = []
    for place in range(13):
        cursor = page.textCursor()
        cursor.setPosition(place + 1)
        turned.append(cursor.charFormat().background().color().name() == ink)
    assert turned == [4 <= place < 9 for place in range(13)]

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.queries import items, times
from casekit.queries.times import TimeGroup
from casekit.queries.zones import ORDER_ASSUMED
from casekit.store.case import Case
from casekit.ui.deciding import DecideTimes
from casekit.ui.items_model import WHEN
from casekit.ui.reading import ReadingPage
from casekit.ui.time_words import row_when
from casekit.ui.window import Window
from tests.builders import file_items
from tests.queries.test_times import MAPPED, RULE, timed

Rest = Callable[..., None]


@pytest.fixture
def groups(case: Case, tmp_path: Path) -> list[TimeGroup]:
    file_items(
        case, [timed("2025-03-05T14:00:00"), timed("2025-03-06T14:00:00")], tmp_path, "chat.txt"
    )
    file_items(case, [timed("2025-11-02T01:30:00", MAPPED)], tmp_path, "log.csv")
    with case.read() as s:
        return times.groups(s)


def made(qtbot: QtBot, groups: Sequence[TimeGroup], current: int | None = None) -> DecideTimes:
    dialog = DecideTimes(None, groups, current)
    qtbot.addWidget(dialog)
    return dialog


def cells(dialog: DecideTimes, row: int) -> list[str]:
    found = [dialog.table.item(row, n) for n in range(dialog.table.columnCount())]
    return [cell.text() for cell in found if cell is not None]


def test_groups_are_shown_with_what_is_assumed_of_them(
    dressed: QApplication, qtbot: QtBot, groups: list[TimeGroup]
) -> None:
    dialog = made(qtbot, groups, current=3)
    assert cells(dialog, 0) == [
        "chat.txt", "line", "2025-03-05T14:00:00  ·  2025-03-06T14:00:00", "no zone given, read as UTC", "2",
        "▲ no",
    ]  # fmt: skip
    assert (cells(dialog, 1)[3], dialog.numbers()) == ("the mapping says Europe/Berlin", [3])
    assert made(qtbot, groups).numbers() == []
    assert made(qtbot, groups[:1]).numbers() == [1]


def test_the_dialog_asks_for_rows_a_reading_and_a_reason(
    dressed: QApplication, qtbot: QtBot, groups: list[TimeGroup], monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = made(qtbot, groups)
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Rejected)
    assert dialog.answer() is None
    said = []
    for act in (
        lambda: dialog.reading.setEditText("Shanghai"),
        lambda: dialog.reading.setEditText("asia/shanghai"),
        lambda: dialog.table.selectRow(0),
    ):
        act()
        dialog.check()
        said.append(dialog.trouble.text())
        assert dialog.result() == QDialog.DialogCode.Rejected
    assert ["no way to read" in said[0], said[1:]] == [
        True,
        ["▲ Choose at least one row.",
         "▲ A decision on times needs a reason: it is printed beside them."],
    ]  # fmt: skip
    assert dialog.outcome.text() == "The first is then 2025-03-05 06:00:00 UTC."
    dialog.reading.setCurrentIndex(dialog.reading.findText("Left out", Qt.MatchFlag.MatchExactly))
    assert (dialog.outcome.text(), dialog.chosen_reading()) == ("", "left-out")
    dialog.reading.setEditText("+05:45")
    dialog.reason.setText("  Her phone. ")
    dialog.check()
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Accepted)
    assert dialog.answer() == ([1], "+05:45", "Her phone.", False)


def test_day_and_month_can_be_exchanged_where_their_order_was_assumed(
    dressed: QApplication, qtbot: QtBot, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = [timed("2021-04-03T10:00:00", RULE + ORDER_ASSUMED[0]), timed("2021-04-03T10:00:00")]
    file_items(case, chat, tmp_path, "chat.txt")
    with case.read() as s:
        dialog = made(qtbot, times.groups(s))
    seen = []
    for row in (1, 0):
        dialog.table.selectRow(row)
        seen.append(dialog.swapped.isVisibleTo(dialog))
    assert seen == [False, True]
    dialog.reading.setEditText("+08:00")
    dialog.swapped.setChecked(True)
    assert dialog.outcome.text() == "The first is then 2021-03-04 02:00:00 UTC."
    monkeypatch.setattr(dialog, "exec", lambda: QDialog.DialogCode.Accepted)
    assert dialog.answer() == ([1], "+08:00", "", True)
    dialog.table.selectRow(1)
    assert dialog.answer() == ([2], "+08:00", "", False)


def test_a_decision_moves_the_time_in_list_and_viewer(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    window.trigger("times.decide")
    rest()
    assert window.notice.text == "Every time in this case names its zone."
    chat = [timed("2030-03-05T14:00:00", kind="message"), timed("2030-03-05T12:00:00", "explicit")]
    file_items(window.shell.case, chat, tmp_path, "chat.txt")
    with window.shell.case.read() as s:
        last = int(items.item_ids(s, order="-date")[0])
    window.trigger("view.refresh")
    rest()
    window.workspace.open_item(last)
    rest()
    model = window.workspace.model
    assert model.position(last) == 0
    marked = model.index(0, WHEN)
    assert model.data(marked) == "≈ 2030-03-05 14:00:00"
    assert "nobody has decided it" in model.data(marked, Qt.ItemDataRole.ToolTipRole)
    asked = []

    def answer(
        groups: Sequence[TimeGroup], current: int | None
    ) -> tuple[list[int], str, str, bool]:
        asked.append(([g.number for g in groups], current))
        return [last], "Asia/Shanghai", "Her phone.", False

    monkeypatch.setattr(window.ask, "times", answer)
    window.trigger("times.decide")
    rest()
    assert asked == [([last], last)]
    assert window.notice.text == "1 group of times decided."
    assert model.position(last) == 1
    view = window.shell.selection.view
    assert view is not None
    assert row_when(view.row) == "2030-03-05 06:00:00"
    (page,) = [
        p for p in window.findChildren(ReadingPage) if "because Her phone." in p.toPlainText()
    ][:1]
    assert "2030-03-05 06:00:00 UTC   (2030-03-05T14:00:00)" in page.toPlainText()
    window.trigger("edit.undo")
    rest()
    assert model.position(last) == 0
    view = window.shell.selection.view
    assert view is not None
    assert row_when(view.row) == "≈ 2030-03-05 14:00:00"

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui import arrangement
from casekit.ui.columns import Columns
from casekit.ui.items_list import USUAL, ItemsList
from casekit.ui.items_model import EXHIBIT, STATUS, TAGS, TITLE, WHEN, WHO
from casekit.ui.tables import choosing_table
from casekit.ui.window import Window

Rest = Callable[..., None]


def the_list(window: Window, rest: Rest) -> ItemsList:
    assert window.workspace is not None
    window.resize(1440, 900)
    window.show()
    rest()
    return window.workspace.list


def draw(items: ItemsList, column: int, by: int) -> None:
    """Draw the line at the right of a column's head by mouse."""
    header = items.horizontalHeader()
    x = header.sectionViewportPosition(column) + header.sectionSize(column) - 1
    at, to = QPoint(x, 10), QPoint(x + by, 10)
    QTest.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(header.viewport(), to)
    QTest.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=to)


def widths(items: ItemsList) -> list[int]:
    return [items.columnWidth(column) for column in (STATUS, TITLE, WHO, TAGS, EXHIBIT, WHEN)]


def test_a_line_between_heads_gives_to_one_what_the_other_loses(window: Window, rest: Rest) -> None:
    items = the_list(window, rest)
    before = widths(items)
    assert sum(before) == items.viewport().width()
    draw(items, TITLE, -60)
    after = widths(items)
    assert after[1] == before[1] - 60
    assert after[2] == before[2] + 60
    assert after[3:] == before[3:]
    draw(items, WHO, 5000)
    assert items.columnWidth(TAGS) == 40
    assert sum(widths(items)) == items.viewport().width()


def test_drawn_widths_outlive_another_size_and_another_day(window: Window, rest: Rest) -> None:
    items = the_list(window, rest)
    draw(items, TAGS, -50)
    drawn = items.columns.told()
    assert drawn == {str(TAGS): USUAL[TAGS] - 50, str(EXHIBIT): USUAL[EXHIBIT] + 50}
    window.resize(940, 700)
    window.resize(1440, 900)
    assert items.columnWidth(TAGS) == USUAL[TAGS] - 50
    told = arrangement.told_of(window)
    assert told["columns"] == drawn
    items.columns.put(None)
    assert items.columnWidth(TAGS) == USUAL[TAGS]
    arrangement.take(window, told)
    assert items.columnWidth(TAGS) == USUAL[TAGS] - 50
    items.columns.put({"1": 50, "3": "wide", "x": 9, "5": 999_999, "2": 90})
    assert items.columns.drawn == {WHO: 90}


def test_a_click_on_a_head_sorts_and_a_second_turns_it_round(window: Window, rest: Rest) -> None:
    items = the_list(window, rest)
    space = window.workspace
    assert space is not None
    header = items.horizontalHeader()
    assert (header.sortIndicatorSection(), header.isSortIndicatorShown()) == (WHEN, True)
    seen = []
    for column in (TITLE, TITLE, WHEN, WHEN, TAGS):
        at = QPoint(header.sectionViewportPosition(column) + 20, 10)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        rest()
        seen.append(space.wanted.order)
    assert seen == ["title", "-title", "-date", "date", "date"]
    assert len(items.chosen_ids()) == 1  # a head chooses no rows
    assert header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder


def test_columns_come_and_go_with_the_width_of_their_table(
    dressed: QApplication, qtbot: QtBot
) -> None:
    table = choosing_table("Things", 1, ("A", "B", "C", "D"), (60, 90, 80, 70))
    qtbot.addWidget(table)
    heads = Columns(table, 1, {0: 60, 2: 80, 3: 70}, {2: 300, 3: 400})
    table.show()

    def told(width: int) -> list[int]:
        table.resize(width, 200)
        QApplication.processEvents()
        assert table.horizontalScrollBar().maximum() == 0
        widths = [table.columnWidth(n) for n in range(4) if not table.isColumnHidden(n)]
        assert sum(widths) == table.viewport().width()
        return [n for n in range(4) if not table.isColumnHidden(n)]

    assert [told(width) for width in (500, 350, 250, 350)] == [
        [0, 1, 2, 3],
        [0, 1, 2],
        [0, 1],
        [0, 1, 2],
    ]
    heads.without = frozenset({2})
    heads.follow()
    assert told(500) == [0, 1, 3]

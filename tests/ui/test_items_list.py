from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.ids import ItemIds
from casekit.queries.items import ItemRow
from casekit.ui.items_list import (
    COMPACT_HEIGHT,
    ROW_HEIGHT,
    ItemsList,
    RowDelegate,
    draw_shape,
)
from casekit.ui.items_model import TAGS, TITLE, WHO, ItemsModel
from casekit.ui.window import Window
from tests.ui.test_items_model import row


def made(qtbot: QtBot, current: list[int | None], chosen: list[int]) -> ItemsList:
    def fetch(ids: list[int], done: object) -> None:
        rows: list[ItemRow] = [
            row(
                i, tags=("Hot", "Issue/A", "Issue/B"), privileged=i % 2 == 0, problems=1,
                parent_id=1, children=2, pages=3, noted=True,
            )
            for i in ids
        ]  # fmt: skip
        done(rows)  # type: ignore[operator]

    def take(ids: ItemIds) -> None:
        chosen[:] = ids.tolist()

    view = ItemsList(ItemsModel(fetch), current.append, take)
    qtbot.addWidget(view)
    view.set_tags({"Hot": "hot", "Issue/A": "ok"})
    view.resize(900, 300)
    view.show()
    return view


def test_current_and_selection_are_told_and_kept_by_id(dressed: QApplication, qtbot: QtBot) -> None:
    current: list[int | None] = []
    chosen: list[int] = []
    view = made(qtbot, current, chosen)
    view.show_ids(np.arange(100, 0, -1, dtype=np.int64), first=True)
    assert (current[-1], chosen) == (100, [100])
    view.go_by(2)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert chosen == [98, 97]
    view.show_ids(np.arange(98, 0, -1, dtype=np.int64))
    assert view.current_id() == 97
    assert sorted(view.chosen_ids().tolist()) == [97, 98]
    QTest.keyClick(view, Qt.Key.Key_End)
    assert current[-1] == 1
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert current[-1] == 98
    view.selectAll()
    assert len(chosen) == 98
    assert not view.go_to_id(4000)
    view.show_ids(np.empty(0, np.int64), first=True)
    assert (current[-1], chosen) == (None, [])


def test_a_row_is_painted_with_its_shapes(dressed: QApplication, qtbot: QtBot) -> None:
    view = made(qtbot, [], [])
    view.show_ids(np.arange(1, 50, dtype=np.int64), first=True)
    qtbot.waitUntil(lambda: view.items.row_at(0) is not None)
    picture = view.grab().toImage()
    ratio = picture.devicePixelRatio()
    hot = QColor("#A6341B").rgb()
    area = [
        (x, y)
        for x in range(int(8 * ratio), int(40 * ratio))
        for y in range(int(64 * ratio), int(96 * ratio))
    ]
    assert any(picture.pixel(x, y) == hot for x, y in area)
    assert view.status_words(row(2, tags=("Hot",), problems=1)) == ["hot", "problem"]


def test_a_long_title_leaves_room_for_what_is_done(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: dict[str, tuple[int, int, int]] = {}
    text = RowDelegate._text

    def noted(self: RowDelegate, painter: QPainter, rect: QRect, words: str, *rest: Any) -> int:
        used = text(self, painter, rect, words, *rest)
        drawn[words] = (rect.left(), rect.left() + used, rect.right() + 1)
        return used

    monkeypatch.setattr(RowDelegate, "_text", noted)
    rows = [row(1, title="long " * 90, done=True)]
    view = ItemsList(ItemsModel(lambda _ids, done: done(rows)), lambda _i: None, lambda _i: None)
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.show()
    view.show_ids(np.array([1], np.int64), first=True)
    qtbot.waitUntil(lambda: view.items.row_at(0) is not None)
    view.grab()
    left, right, most = drawn["✓ done"]
    assert drawn["long " * 90][1] < left < right <= most


def test_compact_rows_and_the_row_under_the_pointer(dressed: QApplication, qtbot: QtBot) -> None:
    view = made(qtbot, [], [])
    view.show_ids(np.arange(1, 50, dtype=np.int64), first=True)
    view.toggle_compact()
    assert view.rowHeight(0) == COMPACT_HEIGHT
    view.toggle_compact()
    assert view.rowHeight(0) == ROW_HEIGHT
    view._hover(3)
    assert view.hovered == 3
    view._hover(-1)
    assert view.hovered == -1


def test_each_shape_differs(dressed: QApplication) -> None:
    pictures = []
    for name in ("hot", "privileged", "warn"):
        picture = QImage(16, 16, QImage.Format.Format_ARGB32)
        picture.fill(0)
        painter = QPainter(picture)
        draw_shape(painter, name, QPointF(8, 8), QColor("#000000"))
        painter.end()
        pictures.append(bytes(picture.constBits()))
    assert len(set(pictures)) == 3


def test_in_a_narrow_list_the_title_keeps_its_room(window: Window) -> None:
    assert window.workspace is not None
    listed = window.workspace.list
    for width, left in ((900, 6), (640, 5), (560, 4), (450, 3), (340, 2)):
        listed.resize(width, 300)
        assert sum(not listed.isColumnHidden(n) for n in range(6)) == left
        assert listed.columnWidth(TITLE) >= 130


def test_a_list_may_do_without_columns_however_wide_it_becomes(
    dressed: QApplication, qtbot: QtBot
) -> None:
    view = made(qtbot, [], [])
    assert not view.isColumnHidden(TAGS)
    view.without = frozenset({TAGS})
    for width in (1000, 500, 1200):
        view.resize(width, 300)
        QApplication.processEvents()
        assert view.isColumnHidden(TAGS)
    assert not view.isColumnHidden(WHO)

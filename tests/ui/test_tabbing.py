from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSplitter, QWidget

from casekit.ui import pages, tabbing
from casekit.ui.window import Window

Rest = Callable[..., None]
STILL = 60  # a page of text keeps the focus for each of its links


def _walk(key: Qt.Key) -> list[QWidget]:
    """Where the key leads, from where the focus is until it is there again."""
    walked: list[QWidget] = []
    still = 0
    while (here := QApplication.focusWidget()) is not None:
        if walked and here is walked[-1]:
            still += 1
            assert still < STILL, f"{here} keeps the focus"
        elif here in walked:
            assert here is walked[0]
            break
        else:
            walked.append(here)
            still = 0
        QTest.keyClick(here, key)
    return walked


@pytest.mark.parametrize("page", [page.id for page in pages.PAGES])
def test_tab_goes_through_all_of_a_page_and_back(window: Window, rest: Rest, page: str) -> None:
    assert window.pages is not None
    window.show_page(page)
    rest()
    expected = tabbing.stops(window)
    start = window.pages.buttons[page]
    start.setFocus()
    forward = _walk(Qt.Key.Key_Tab)
    assert set(forward) == set(expected)
    begin = expected.index(start)
    assert forward == expected[begin:] + expected[:begin]
    backward = _walk(Qt.Key.Key_Backtab)
    assert backward == [forward[0], *reversed(forward[1:])]


@pytest.mark.parametrize("page", [page.id for page in pages.PAGES])
def test_all_that_tab_reaches_can_be_named_aloud(window: Window, rest: Rest, page: str) -> None:
    window.show_page(page)
    rest()
    for stop in tabbing.stops(window):
        said = stop.accessibleName() or (stop.text() if isinstance(stop, QAbstractButton) else "")
        assert any(character.isalpha() for character in said), (
            stop,
            stop.mapTo(window, QPoint(0, 0)),
        )


def test_what_came_late_is_reached_where_it_stands(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    order = tabbing.stops(window)
    sidebar = next(i for i, s in enumerate(order) if s.accessibleName() == "Exhibits")
    items = order.index(window.workspace.list)
    new_tag = next(i for i, s in enumerate(order) if s.accessibleName() == "New tag")
    assert order.index(window.search.edit) < sidebar < items < new_tag


def test_f6_goes_from_pane_to_pane_and_finds_its_place_again(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.workspace.list.setFocus()
    visited = []
    for _ in range(12):
        QTest.keyClick(window, Qt.Key.Key_F6)
        visited.append(QApplication.focusWidget())
        if visited[-1] is window.workspace.list:
            break
    assert visited[-1] is window.workspace.list
    assert window.workspace.viewer.page in visited or len(visited) >= 5
    QTest.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is not window.workspace.list
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is window.workspace.list


def test_side_by_side_comes_before_below(dressed: QApplication) -> None:
    root = QSplitter()
    left, right = QWidget(root), QWidget(root)
    fields = [QLineEdit(left), QLineEdit(left), QLineEdit(right)]
    fields[1].setGeometry(0, 0, 50, 20)
    fields[0].setGeometry(0, 30, 50, 20)
    fields[2].setGeometry(0, 0, 50, 20)
    root.resize(300, 100)
    root.show()
    assert tabbing.stops(root) == [fields[1], fields[0], fields[2]]
    fields[0].setGeometry(60, -4, 50, 20)  # a little higher, and beside it at the right
    assert tabbing.stops(root) == [fields[1], fields[0], fields[2]]
    fields[1].setEnabled(False)
    fields[2].hide()
    assert tabbing.stops(root) == [fields[0]]
    root.close()

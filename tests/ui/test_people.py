from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.people import Appearance
from casekit.ui import people
from casekit.ui.people import PeoplePage, Unite
from casekit.ui.window import Window

Rest = Callable[..., None]


def page_of(window: Window, rest: Rest) -> PeoplePage:
    assert window.pages is not None
    window.trigger("page.people")
    rest()
    page = window.pages.page("people")
    assert isinstance(page, PeoplePage)
    return page


def test_values_are_found_listed_and_opened(window: Window, rest: Rest, qtbot: QtBot) -> None:
    assert window.workspace is not None
    page = page_of(window, rest)
    assert page.who is not None
    page.kind.setCurrentIndex(page.kind.findData("address"))
    rest()
    first = page.who.appearances[0]
    QTest.keyClicks(page.sought, first.value[:6].upper())
    qtbot.waitUntil(lambda: not page._typed.isActive())
    rest()
    assert first.value[:6] in page.table.item(0, 2).text()
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    rest()
    assert window.pages is not None
    assert window.pages.current == "review"
    assert len(window.workspace.model.ids) == first.items


def test_who_is_who_is_decided_split_and_undone(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(window, rest)
    page.kind.setCurrentIndex(page.kind.findData("address"))
    rest()
    asked: list[Unite] = []

    def answer(form: Unite) -> dict[str, Any]:
        asked.append(form)
        return {**form.values(), "name": "Ann", "reason": "signature"}

    monkeypatch.setattr(window.ask, "form", answer)
    page.table.selectRow(0)
    page.table.selectionModel().select(
        page.table.model().index(1, 0),
        page.table.selectionModel().SelectionFlag.Select
        | page.table.selectionModel().SelectionFlag.Rows,
    )
    page.join.click()
    rest()
    top = page.tree.tree.topLevelItem(0)
    assert (top.text(0), top.childCount()) == ("Ann", 2)
    assert page.table.item(0, people.PERSON).text() == "Ann"
    monkeypatch.setattr(window.ask, "text", lambda *_: "Bea")
    top.child(1).setSelected(True)
    page.tree.split.click()
    rest()
    assert [page.tree.tree.topLevelItem(n).text(0) for n in range(2)] == ["Ann", "Bea"]
    for _ in range(2):
        window.trigger("edit.undo")
        rest()
    assert page.tree.tree.topLevelItemCount() == 0


def test_a_name_is_needed_and_an_item_is_a_number(dressed: QApplication, qtbot: QtBot) -> None:
    form = Unite(None, "", [("address", "<b>a</b>@x.example")], "")
    qtbot.addWidget(form)
    form.check()
    assert "name" in form.trouble.text()
    form.name.setText("Ann")
    form.item.setText("twelve")
    form.check()
    assert "number" in form.trouble.text()
    form.item.setText("12")
    form.check()
    assert form.values()["item_id"] == 12


def test_an_account_is_gone_to_from_a_finding_before_and_after_the_page_was_read(
    window: Window, rest: Rest
) -> None:
    from casekit.ui.findings_page import FindingsPage

    assert window.pages is not None
    findings = window.pages.page("findings")
    assert isinstance(findings, FindingsPage)
    for account in ("acct-0001", "acct-0002"):
        findings._account(account)
        rest()
        assert window.pages.current == "people"
        page = window.pages.page("people")
        assert isinstance(page, PeoplePage)
        assert [(row.kind, row.value) for row in page.chosen()] == [("account", account)]
        assert page.tabs.currentWidget() is page.links


@pytest.mark.parametrize("width", [1100, 1280, 1440, 1920])
def test_all_that_is_shown_of_a_value_has_room(window: Window, rest: Rest, width: int) -> None:
    window.resize(width, 800)
    window.show()
    page = page_of(window, rest)
    assert page.table.horizontalScrollBar().maximum() == 0
    assert page.table.columnWidth(people.VALUE) >= 200
    assert page.table.isColumnHidden(people.PERSON)  # nobody is decided yet


def test_each_head_sorts_both_ways_and_what_is_chosen_stays(window: Window, rest: Rest) -> None:
    window.resize(1920, 900)
    window.show()
    page = page_of(window, rest)
    table, head = page.table, page.table.horizontalHeader()
    given = [row.value for row in page.listed]
    table.selectRow(3)
    chosen = page.chosen()

    def click(column: int) -> list[str]:
        at = QPoint(head.sectionViewportPosition(column) + 20, 10)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert page.chosen() == chosen
        assert [table.item(n, people.VALUE).text() for n in range(5)] == [
            row.value for row in page.listed[:5]
        ]
        return [row.value for row in page.listed]

    for column in range(people.PERSON):
        sorted_by = []
        for _ in range(2):
            assert sorted(click(column)) == sorted(given)
            sorted_by.append([people._key(r, people._cells(r, {}), column) for r in page.listed])
        falling = column in (people.COUNT, people.FIRST, people.LAST)
        for keys, backwards in zip(sorted_by, (falling, not falling), strict=True):
            assert keys == sorted(keys, reverse=backwards)
    assert click(people.VALUE) == sorted(given, key=str.casefold)
    assert (head.sortIndicatorSection(), head.isSortIndicatorShown()) == (people.VALUE, True)


def test_as_what_somebody_appears_is_said_in_words() -> None:
    row = Appearance(
        "account", "acct_1", (), ("exchange", "reply-to", "x-odd"), 3, None, None, None
    )
    assert people._cells(row, {})[people.ROLES] == "uses the API, reply to, x-odd"

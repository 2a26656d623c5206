from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from casekit.errors import QueryError
from casekit.ui.list_head import ListHead
from casekit.ui.searching import Outcome, Wanted
from casekit.ui.sidebar import EVERYTHING, Scope

OUTPUTS = Scope("in:outputs", "Model outputs", "in:outputs")


def made(qtbot: QtBot, orders: list[str] | None = None, parts: list[int] | None = None) -> ListHead:
    head = ListHead(
        (orders if orders is not None else []).append,
        lambda: None,
        (parts if parts is not None else []).append,
    )
    qtbot.addWidget(head)
    return head


def test_the_count_has_its_noun_and_what_was_not_searched_its_reasons(
    dressed: QApplication, qtbot: QtBot
) -> None:
    head = made(qtbot)
    some = np.arange(3, dtype=np.int64)
    head.show_outcome(Outcome(Wanted(), some, 1204), OUTPUTS, empty_case=False)
    assert (head._count.text(), head._scope.text()) == ("1,204 exchanges", "Model outputs  ×")
    missing = (("without text", 30), ("encrypted", 8))
    head.show_outcome(
        Outcome(Wanted(text="x"), some, 1, ranked=True, not_searched=missing),
        EVERYTHING,
        empty_case=False,
    )
    assert head._count.text() == "1 item"
    assert head._notice.text() == (
        "Most alike first: a search rank, not a finding. 38 not searched: 30 without text, 8 encrypted"
    )
    head.show_outcome(
        Outcome(Wanted(text="x"), some, 9, by_assumption=2), EVERYTHING, empty_case=False
    )
    assert head._notice.text() == "2 match only by an assumed time zone."
    head.show_chosen(12)
    assert head._chosen.text() == "12 chosen"


def test_empty_lists_say_the_next_step(dressed: QApplication, qtbot: QtBot) -> None:
    head = made(qtbot)
    none = Outcome(Wanted(), np.empty(0, np.int64), 0)
    searched = Outcome(Wanted(text="x"), np.empty(0, np.int64), 0)
    exhibits = Scope("exhibits", "Exhibits", kind="exhibits")
    said = []
    for outcome, scope, empty in (
        (none, EVERYTHING, True),
        (searched, EVERYTHING, False),
        (none, exhibits, False),
        (none, OUTPUTS, False),
    ):
        head.show_outcome(outcome, scope, empty_case=empty)
        said.append(head.empty._head.text())
    assert said == [
        "This case has no evidence yet",
        "Nothing found",
        "No exhibits yet",
        "Nothing here yet",
    ]


def test_a_fault_has_a_caret_under_its_place_even_in_a_long_query(
    dressed: QApplication, qtbot: QtBot
) -> None:
    head = made(qtbot)
    query = "word " * 60 + "("
    head.show_query_error(
        QueryError("This parenthesis is never closed.", query=query, position=300)
    )
    lines = head._notice.text().split("\n")
    assert lines[0] == "This parenthesis is never closed."
    assert lines[1][lines[2].index("^")] == "("


def test_another_order_is_told(dressed: QApplication, qtbot: QtBot) -> None:
    orders: list[str] = []
    head = made(qtbot, orders)
    head._orders["title"].trigger()
    assert (orders, head._order.text()) == (["title"], "title, A to Z ▾")
    head.set_orders(ranked=True, kind="items")
    assert head._order.isHidden()


def test_parts_of_the_search_are_chips_that_can_be_taken_away(
    dressed: QApplication, qtbot: QtBot
) -> None:
    taken: list[int] = []
    head = made(qtbot, parts=taken)
    head.show_parts(("cap", "model:a & b", "x" * 50))
    chips = [c for c in head.findChildren(QPushButton) if c.accessibleName().startswith("Take")]
    assert [chip.text() for chip in chips] == ["cap  ×", "model:a && b  ×", "x" * 35 + "…  ×"]
    chips[1].click()
    assert taken == [1]
    head.show_parts([str(n) for n in range(9)])
    texts = [label.text() for label in head.findChildren(QLabel)]
    assert "and 3 more" in texts

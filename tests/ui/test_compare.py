from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries import items
from casekit.store.case import Case
from casekit.ui.compare import CompareView, Pair, Side, pair_sentence
from casekit.ui.writing import Span


def test_two_items_stand_side_by_side_with_what_they_share(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    with sample_case.read() as s:
        left, right = items.view(s, 1), items.view(s, 2)
    steps: list[int] = []
    opened: list[int] = []
    view = CompareView(steps.append, opened.append)
    qtbot.addWidget(view)
    pair = Pair(
        Side(left, "output", (Span(0, 7, 1),)),
        Side(right, "output", (Span(0, 6, 1),)),
        1,
        9,
        0.8234,
        (13, 9),
    )
    view.show_pair(pair)
    assert "To read [1] the clause" in view.left.toPlainText()
    assert "We can [1] begin" in view.right.toPlainText()
    view._tools[1].click()
    view._open.click()
    assert (steps, opened, view._tools[0].isEnabled()) == ([1], [2], False)
    assert pair_sentence(pair) == (
        "2 shared runs of 13 and 9 words. Likeness 0.823. Rank 1 of 9: a search rank, not a finding."
    )
    view.say("Looking …")
    assert view.pair is None


def test_what_is_said_where_nothing_is_shared(sample_case: Case) -> None:
    with sample_case.read() as s:
        one = items.view(s, 1)
    side = Side(one, "output")
    said = pair_sentence(Pair(side, side, 2, 3, None, ()))
    assert said == "No run of 5 words or more is shared. Rank 2 of 3: a search rank, not a finding."
    assert pair_sentence(Pair(side, side, 1, 1, None, (7,))).startswith("1 shared run of 7 words.")

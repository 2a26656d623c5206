from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.usage_figures import Adoption as Figure
from casekit.queries.usage_figures import Curve
from casekit.ui.usage_plots import NAMES, Adoption, adoption, rasters

PLOTS: dict[str, Any] = {
    "first_us": 1_767_225_600_000_000, "step_us": 86_400_000_000,
    "groups": [
        {"group": 2, "accounts": ["late", "early", None], "counts": [[0, 0, 4], [1, 0, 2], [9, 9, 9]],
         "beside": [[0, 1, 0]]},
        {"group": 3, "accounts": [None], "counts": [[5, 0, 0]], "beside": []},
    ],
    "releases": [
        {"model": "larch-3", "first_us": 1_767_225_600_000_000, "step_us": 6 * 3_600_000_000,
         "groups": [{"group": 2, "accounts": 2, "moved": [0, 1, 2, 2, 2]},
                    {"group": 3, "accounts": 1, "moved": [0, 0, 0, 0, 1]}],
         "ungrouped": {"accounts": 10, "moved": [0, 0, 0, 1, 1]}},
    ],
}  # fmt: skip
BODY: dict[str, Any] = {
    "groups": [{"group": 2, "named": 2}, {"group": 3, "named": 0}], "plots": PLOTS,
}  # fmt: skip


def test_named_accounts_stand_by_first_request_with_nameless_controls_below(
    dressed: QApplication, qtbot: QtBot
) -> None:
    told: list[str] = []
    ((number, drawn),) = rasters(BODY, told.append)
    assert number == 2
    qtbot.addWidget(drawn)
    drawn.resize(600, drawn.sizeHint().height())
    assert [(b.name, b.accounts, b.beside) for b in drawn.bands] == [
        ("Group 2: 3 accounts", ("early", None, "late"), False),
        ("In no group, as many requests: 1", (None,), True),
    ]
    middle = NAMES + 5
    assert drawn.said(0, middle) == "early   2026-01-01 00:00 UTC   1 request"
    assert drawn.said(1, middle).startswith("Group 2: 3 accounts   2026-01-01")
    assert drawn.said(3, middle).startswith("In no group, as many requests: 1   2026-01-01")
    assert drawn.said(0, 3) == drawn.said(-1, middle) == ""
    assert drawn.row_at(drawn.top(3) + 1) == 3
    assert drawn.row_at(drawn.top(1) + drawn.sizeHint().height()) == -1
    before = drawn.grab().toImage()
    for _ in range(3):
        qtbot.keyClick(drawn, Qt.Key.Key_Down)
    qtbot.keyClick(drawn, Qt.Key.Key_Return)
    assert drawn.grab().toImage() != before
    for _ in range(2):
        qtbot.keyClick(drawn, Qt.Key.Key_Up)
    qtbot.keyClick(drawn, Qt.Key.Key_Return)
    at = QPoint(NAMES + 20, int(drawn.top(2)) + 2)
    qtbot.mouseClick(drawn, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(drawn, Qt.MouseButton.LeftButton, pos=at)
    below = QPoint(NAMES + 20, int(drawn.top(3)) + 2)
    qtbot.mouseDClick(drawn, Qt.MouseButton.LeftButton, pos=below)
    assert told == ["late", "early", "late"]
    assert drawn.accessibleName()
    assert "Group 2: 3 accounts: 34 requests" in drawn.accessibleDescription()


def test_a_new_model_is_taken_up_by_named_groups_beside_the_others(
    dressed: QApplication, qtbot: QtBot
) -> None:
    (plot,) = adoption(BODY)
    qtbot.addWidget(plot)
    plot.resize(600, plot.sizeHint().height())
    assert plot.curves == (
        Curve(2, 2, (0, 1, 2, 2, 2)),
        Curve(None, 10, (0, 0, 0, 1, 1)),
    )
    end = plot.point(plot.curves[0], 4)
    assert plot.said(end.x(), end.y()) == "Group 2: 2 of 2 accounts within 24 hours"
    assert plot.said(end.x(), end.y() + 60) == plot.said(4_000, 10) == ""
    drawn = plot.grab().toImage()
    plot.curves = plot.curves[:1]
    assert plot.grab().toImage() != drawn


def test_where_nothing_can_be_drawn_nothing_is(dressed: QApplication, qtbot: QtBot) -> None:
    assert rasters({}, print) == adoption({}) == []
    assert rasters({**BODY, "plots": {**PLOTS, "groups": PLOTS["groups"][1:]}}, print) == []
    empty = Adoption(Figure("m", 0, 1, ()))
    qtbot.addWidget(empty)
    assert not empty.grab().isNull()
    assert empty.said(50, 50) == ""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.usage_places import places

BODY: dict[str, Any] = {
    "groups": [{"group": 1, "named": 3}],
    "plots": {
        "places": [
            {"group": 1, "by": by, "accounts": 4, "outside": 50, "rows": [
                {"name": name, "what": "place", "group": {"accounts": 3, "interval": [0.19, 0.99]},
                 "outside": {"accounts": 10, "interval": [0.1, 0.34]}},
                {"name": "", "what": "unknown", "group": {"accounts": 1, "interval": [0.01, 0.81]},
                 "outside": {"accounts": 40, "interval": [0.66, 0.9]}},
            ]}
            for by, name in (("country", "SG"), ("network", "vpn"))
        ],
    },
}  # fmt: skip


def test_a_bar_a_place_with_what_nobody_knows(dressed: QApplication, qtbot: QtBot) -> None:
    countries, kinds = places(BODY)
    for each in (countries, kinds):
        qtbot.addWidget(each)
        each.resize(600, each.sizeHint().height())
    assert countries.said(0) == "SG: 3 of 4 accounts of the group, 10 of 50 in no group"
    assert kinds.said(0).startswith("private network (VPN): 3 of 4")
    assert kinds.said(1).startswith("unknown: 1 of 4")
    assert kinds.said(2) == kinds.said(-1) == ""
    assert countries.accessibleName() != kinds.accessibleName()
    assert kinds.said(1) in kinds.accessibleDescription()
    drawn = countries.grab().toImage()
    assert drawn != kinds.grab().toImage()


def test_without_places_nothing_is_drawn(dressed: QApplication) -> None:
    assert places({}) == []

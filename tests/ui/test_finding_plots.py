from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.finding_plots import ROW, TOP, Dots, Strip, by_group, ticks

ROWS = [
    {"model": "a-7b", "family": "a", "log10_lr": -0.5},
    {"model": "a-13b", "family": "a", "log10_lr": 0.2},
    {"model": "b", "family": "b", "log10_lr": 0.4},
]


def test_models_stand_by_family_the_highest_first() -> None:
    assert by_group(ROWS, "log10_lr", "family") == [
        ("b", (("b", 0.4),)),
        ("a", (("a-7b", -0.5), ("a-13b", 0.2))),
    ]


def test_a_mark_is_named_where_it_is_drawn(dressed: QApplication, qtbot: QtBot) -> None:
    rows = [
        Dots("strangers", (("a-7b", -0.5), ("a-13b", 0.2))),
        Dots("s", (("s", 0.8),), "diamond"),
    ]
    strip = Strip(rows, "log10 LR", [(0.0, "LR 1"), (0.9, "cap")])
    qtbot.addWidget(strip)
    strip.resize(600, strip.sizeHint().height())
    assert strip.place(-0.5) < strip.place(0.2) < strip.place(0.9) < 600
    assert strip.nearest(strip.place(0.2) + 3, TOP + 4) == ("a-13b", 0.2)
    assert strip.nearest(strip.place(0.8), TOP + ROW + 4) == ("s", 0.8)
    assert strip.nearest(strip.place(0.2) + 30, TOP + 4) is None
    assert strip.nearest(strip.place(0.2), 4_000) is None
    assert "a-13b +0.20" in strip.accessibleDescription()
    drawn = strip.grab().toImage()
    strip.rows = (Dots("strangers", ()), rows[1])
    assert strip.grab().toImage() != drawn


def test_a_strip_without_values_is_still_drawn(dressed: QApplication, qtbot: QtBot) -> None:
    strip = Strip([Dots("nobody", ())], "log10 LR")
    qtbot.addWidget(strip)
    assert not strip.grab().isNull()


def test_numbers_of_an_axis_are_round() -> None:
    assert ticks(-0.9, 1.1) == [-0.5, 0.0, 0.5, 1.0]
    assert ticks(0.0, 803.0) == [0.0, 200.0, 400.0, 600.0, 800.0]
    assert ticks(0.0189, 0.0301) == [0.02, 0.025, 0.03]

from __future__ import annotations

from itertools import pairwise

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.finding_curves import of_power, of_validation, reliability, roc_points, steps

YES, NO = [-0.2, 0.5, 0.8], [-0.8, -0.5, 0.1]
BODY = {
    "students": [{"log10_lr": v} for v in YES],
    "controls": [{"log10_lr": v} for v in NO],
    "result": {"auc": 0.889, "curve": [{"prompts": 25, "auc": 0.8}, {"prompts": 100, "auc": 0.9}]},
}


def test_the_curves_are_those_of_the_ratios() -> None:
    assert steps([0.0, 1.0], -1.0, 2.0) == (
        (-1.0, 1.0), (0.0, 1.0), (0.0, 0.5), (1.0, 0.5), (1.0, 0.0), (2.0, 0.0),
    )  # fmt: skip
    points = roc_points(YES, NO)
    assert (points[0], points[-1]) == ((0.0, 0.0), (1.0, 1.0))
    assert (0.0, 2 / 3) in points
    area = sum((b[0] - a[0]) * (b[1] + a[1]) / 2 for a, b in pairwise(points))
    assert round(area, 3) == 0.889
    said = reliability([1.0] * 5, [-1.0] * 5)
    assert [(round(chance, 2), seen) for chance, seen in said] == [
        (0.09, 0.0), (0.09, 0.0), (0.5, 0.5), (0.91, 1.0), (0.91, 1.0),
    ]  # fmt: skip


def test_a_validation_has_four_curves_and_a_refused_one_none(
    dressed: QApplication, qtbot: QtBot
) -> None:
    curves = of_validation(BODY)
    for curve in curves:
        qtbot.addWidget(curve)
        assert not curve.grab().isNull()
    assert [c.title for c in curves] == [
        "Tippett: how often a ratio is reached", "ROC, area 0.889", "Reliability at even odds",
        "How many prompts it takes",
    ]  # fmt: skip
    assert "students: " in curves[0].accessibleDescription()
    assert curves[1].place((0, 0)).x() < curves[1].place((1, 0)).x()
    assert of_validation({"result": {"refused": "few"}}) == []
    assert len(of_validation({**BODY, "result": {"auc": 1.0}})) == 3
    for curve in of_validation({**BODY, "result": {"auc": 1.0}}):
        qtbot.addWidget(curve)


def test_power_rises_with_what_is_repeated(dressed: QApplication, qtbot: QtBot) -> None:
    power = [{"repeated": 0.05, "found": 0.2}, {"repeated": 0.5, "found": 1.0}]
    (curve,) = of_power({"result": {"power": power}})
    qtbot.addWidget(curve)
    assert curve.lines[0].points == ((0.05, 0.2), (0.5, 1.0))
    assert not curve.grab().isNull()
    assert of_power({"result": {"refused": "few"}}) == []

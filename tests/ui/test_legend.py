from __future__ import annotations

import sys

import pytest
from pytestqt.qtbot import QtBot

from casekit.ui.legend import Legend


def test_a_legend_tells_all_in_words_and_draws_what_has_room(dressed: object, qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.resize(300, 26)
    legend.show_entries([(0, "source", 3_998), (1, "subject", 60), (2, "a" * 80, 1)])
    assert legend.toolTip().splitlines()[:2] == ["source: 3,998", "subject: 60"]
    assert "subject: 60" in legend.accessibleName()
    drawn = legend.grab().toImage()
    legend.show_entries([])
    assert drawn != legend.grab().toImage()


def test_an_empty_legend_does_not_wait_for_the_chart_to_be_loaded(
    dressed: object, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "casekit.ui.time_chart", None)  # its import would be a fault
    legend = Legend()
    qtbot.addWidget(legend)
    assert not legend.grab().isNull()

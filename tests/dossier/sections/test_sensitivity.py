from __future__ import annotations

import pytest

from casekit.dossier.charts import Strip
from casekit.dossier.sections import sensitivity
from casekit.dossier.sheet import Grid, Remark
from casekit.dossier.wording import wording
from tests.ui.test_sensitivity_view import BODY


def test_the_lowest_and_highest_ratios_are_printed_without_names_of_tasks() -> None:
    strip, table, note = sensitivity.blocks(BODY, wording("neutral"))
    assert isinstance(strip, Strip)
    assert [(row.name, row.values, row.mark) for row in strip.rows] == [
        ("A family of strangers (2)", (0.4, 0.7), "ring"), ("A habit (2)", (-0.12,), "ring"),
        ("Half of the prompts (2)", (0.45, 0.55), "ring"), ("s-7b", (0.5,), "diamond"),
    ]  # fmt: skip
    assert [guide.at for guide in strip.guides] == [0.0, 0.85]
    assert "A family of strangers (2) +0.40 – +0.70" in strip.alt
    assert isinstance(table, Grid)
    assert table.rows == (
        ("A family of strangers (2)", "+0.40 without rival", "+0.70 without wild", "0"),
        ("A habit (2)", "-0.12 without layout", "-0.12 without layout", "1"),
        ("The prompts of a task (1)", "–", "–", "1"),
        ("Half of the prompts (2)", "+0.45", "+0.55", "0"),
    )
    assert isinstance(note, Remark)
    assert note.text.startswith("No part of the result.")


@pytest.mark.parametrize("of", ["neutral", "neutral-zh"])
def test_a_task_has_a_range_and_no_name(of: str) -> None:
    body = {**BODY, "sensitivity": [{**BODY["sensitivity"][4], "log10_lr": 0.3}]}
    _, table, _ = sensitivity.blocks(body, wording(of))
    assert isinstance(table, Grid)
    assert table.rows[0][1:] == ("+0.30", "+0.30", "0")


def test_a_finding_without_it_prints_nothing() -> None:
    assert sensitivity.blocks({"result": {"refused": "few"}}, wording("neutral")) == []

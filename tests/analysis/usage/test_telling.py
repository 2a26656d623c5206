from __future__ import annotations

from casekit.analysis.usage import telling
from casekit.analysis.usage.running import Run


def test_every_analytic_is_told_in_order_with_its_question_of_innocence(run: Run) -> None:
    told = telling.analytics(run)
    assert [one["id"] for one in told] == [f"A{n}" for n in range(1, 17)]
    by_id = {one["id"]: one for one in told}
    assert "MMD²" in by_id["A4"]["sentence"]
    assert "where accounts are exchanged (p = 0.0005" in by_id["A4"]["sentence"]
    assert "fell silent a week or more before the log ends" in by_id["A14"]["sentence"]
    assert {len(by_id[id_]["groups"]) for id_ in ("A4", "A14")} == {len(run.verdicts)}
    assert by_id["A15"]["refused"]
    for one in told:
        assert one["consistent_with"]
        assert {"accounts", "others_showing", "sentence"} <= set(one)


def test_numbers_are_rounded_to_what_machines_agree_on() -> None:
    assert telling.rounded(1 / 3) == 0.333333
    assert telling.rounded(float("nan")) is None

from __future__ import annotations

from collections.abc import Callable, Sequence

from casekit.analysis.usage import running, telling
from casekit.analysis.usage.frame import Frame
from casekit.analysis.usage.running import Run
from casekit.progress import Silent
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]


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


def test_a_key_of_a_named_account_in_two_countries_at_once_is_told_without_the_key(
    run: Run, framed: Framed
) -> None:
    assert "widest" not in next(one for one in telling.analytics(run) if one["id"] == "A2")
    rows = [*logs.campaign(2, 24, 240), *logs.ordinary(2, 150, 900)]
    first = rows[0]
    rows.append({**first, "sent_us": first["sent_us"] + 1, "country": "NZ"})
    made = running.analyse(framed(rows), 1, Silent())
    assert len(running.named(made)) == 24
    (told,) = [one for one in telling.analytics(made) if one["id"] == "A2"]
    assert [(row["account"], row["users"], row["countries"]) for row in told["widest"]] == [
        (first["account"], 1, 2)
    ]
    assert "was used from 2 countries, in 2 requests" in told["sentence"]
    assert "k-ring" not in str(told["widest"])

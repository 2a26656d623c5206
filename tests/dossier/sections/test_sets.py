from __future__ import annotations

from typing import Any

from casekit.dossier.plan import plan
from casekit.dossier.sections import sets
from casekit.dossier.sheet import Facts, Grid
from casekit.dossier.wording import wording
from casekit.ops import findings
from casekit.store.case import Case
from tests.set_body import BODY

WORDS = wording("neutral")


def test_measures_controls_and_duplicates_are_tables_in_words() -> None:
    measures, controls, inside = sets.blocks(BODY, WORDS)
    assert isinstance(measures, Grid)
    assert [row[0] for row in measures.rows] == [
        "Run in common with any answer", "Rare wording, weighed", "Longest run, in words",
    ]  # fmt: skip
    assert measures.rows[0][1:] == ("50.0 %", "25.0 %", "50.0 %", "1 of 5", "66 %")
    assert isinstance(controls, Grid)
    assert controls.rows == (
        ("s", "Subject", "50.0 %", "4.25", "12"), ("c", "f", "50.0 %", "4.25", "12"),
    )  # fmt: skip
    assert isinstance(inside, Grid)
    assert inside.rows == (("s", "0", "2"), ("Prompts", "0", "1"))
    assert sets.blocks({"controls": []}, WORDS) == []


def test_a_refused_one_is_printed_with_why(case: Case) -> None:
    body: dict[str, Any] = {
        "v": 1, "result": {"refused": "there are 2 families"}, "controls": [], "examined": {},
        "matrix": {}, "sentence": "No figure: there are 2 families.",
    }  # fmt: skip
    with case.write() as s:
        findings.add_finding(s, "sets", "Overlap of sets: s and t", body)
        findings.add_finding(s, "sets", "Overlap of sets: s and t", {"v": 1, **BODY})
    with case.read() as s:
        refused, made = plan(s).findings
    assert not any(isinstance(block, Grid) for block in refused.blocks)
    facts = {b.heading: b for b in refused.blocks if isinstance(b, Facts)}
    assert [row.value for row in facts["RESULT"].rows] == ["there are 2 families"]
    assert "DUPLICATES INSIDE EACH SET" in [getattr(b, "heading", "") for b in made.blocks]

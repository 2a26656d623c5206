from typing import Any

import msgspec
import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sections.method import blocks
from casekit.dossier.sheet import Facts, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.ops import findings
from casekit.store.case import Case

SPEC = DossierSpec(sections=("method", "findings"))
WORDS = wording("neutral")
BODY: dict[str, Any] = {
    "question": {"h1": "It was.", "h0": "It was not."},
    "parameters": {"min_words": 8, "index": {"kind": "Flat"}},
    "inputs": [{"model": "m-1", "role": "subject", "answers": 60, "root": "ab" * 32}],
    "controls": [{"model": "c-1", "hits": 2, "prompts": 60}], "result": {"false_positive_upper": 0.95},
    "limitations": ["One answer a prompt."], "innocent": ["Public text."], "dropped": [], "seed": 7,
    "versions": {"casekit": "0.1.0"}, "model": {"name": "mini", "precision": "fp32"},
}  # fmt: skip


def stated(case: Case, body: dict[str, Any]) -> dict[str, str]:
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs", body)
    with case.read() as s:
        (table,) = (b for b in plan(s, SPEC).further["method"] if isinstance(b, Facts))
    assert table.heading == "F-1  Runs"
    return {row.label: row.value for row in table.rows}


def test_every_row_is_from_the_findings_own_record(case: Case) -> None:
    assert stated(case, BODY) == {
        "Question (H1)": "It was.", "Against it (H0)": "It was not.",
        "Data": "subject m-1: 60 answers, root abababababababab…",
        "Parameters": "index.kind Flat · min_words 8",
        "Embedding model": '{"name":"mini","precision":"fp32"}', "Versions": "casekit 0.1.0", "Seed": "7",
        "Controls": "c-1: 2 of 60", "Error rate": "95 % upper bound: 95.0 %",
        "Innocent explanations": "1. Public text.", "Left out, and why": "none",
        "Limits": "1. One answer a prompt.",
    }  # fmt: skip


def test_a_lineage_has_its_error_rate_and_the_figures_of_its_controls(case: Case) -> None:
    body = {
        "result": {"false_positive_upper_bound": 0.582},
        "controls": [{"model": "guanaco-7b", "family": "guanaco", "log10_lr": 0.183}],
    }
    found = stated(case, body)
    assert found["Error rate"] == "95 % upper bound: 58.2 %"
    assert found["Controls"] == "guanaco-7b, Family guanaco, log10 LR 0.183"


def test_what_the_record_does_not_say_is_not_invented(case: Case) -> None:
    found = stated(case, {})
    assert set(found.values()) == {"not recorded"}
    assert "Embedding model" not in found


def test_a_finding_left_out_has_no_method(case: Case) -> None:
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs", BODY)
    with case.read() as s:
        assert blocks(s, SPEC, (), WORDS, draft=True) == (Remark(WORDS("method.none")),)


def test_what_a_person_states_follows_and_an_open_place_stops_the_issuing(case: Case) -> None:
    said = msgspec.structs.replace(SPEC, method={"design": "By lot.", "witness": "____"})
    with case.read() as s:
        *_, table = plan(s, said).further["method"]
        assert isinstance(table, Facts)
        rows = {row.label: row.value for row in table.rows}
        assert rows["Design"] == "By lot."
        assert "[TO BE STATED: who can testify" in rows["Who can testify"]
        with pytest.raises(CaseKitError, match="Who can testify"):
            plan(s, said, for_issue=True)
        silent = plan(s, msgspec.structs.replace(SPEC, method={"design": "  "})).further["method"]
        assert silent == plan(s, SPEC).further["method"]

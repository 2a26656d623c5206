from typing import Any

from casekit.dossier.plan import plan
from casekit.dossier.sections.usage_more import number, p_text
from casekit.dossier.sheet import Block, Grid
from casekit.dossier.spec import DossierSpec
from casekit.ops import findings, privilege
from casekit.store.case import Case
from tests.dossier import usage_body
from tests.dossier.builders import Builder, answer, log_record

HEADS = {
    "refused": None,
    "consistent_with": "x",
    "innocent": ["y"],
    "accounts": [],
    "others_showing": 0,
}


def blocks(case: Case, *analytics: dict[str, Any], pairs: int = 10) -> tuple[Block, ...]:
    body = {**usage_body.body(["acct_one"]), "analytics": [{**HEADS, **one} for one in analytics]}
    with case.write() as s:
        findings.add_finding(s, "usage", "Usage", body)
    with case.read() as s:
        return plan(s, DossierSpec(pairs=pairs)).findings[-1].blocks


def table(made: tuple[Block, ...], title: str) -> Grid:
    return next(b for b in made if isinstance(b, Grid) and title in {c.title for c in b.columns})


def test_coverage_and_life_cycle_have_a_row_a_group_that_is_shown(case: Case) -> None:
    row = {"prompts": 60, "subjects_met": 40, "subjects_as_if_even": 31.25}
    life = {
        "group": 1,
        "born": 4,
        "born_in_one_day": 3,
        "expected": 1.5,
        "p": 0.00001,
        "q": None,
        "silent": 2,
    }
    made = blocks(
        case,
        {"id": "A4", "groups": [{"group": 1, **row}, {"group": 2, **row}]},
        {"id": "A14", "groups": [life]},
    )
    assert table(made, "Subjects met").rows == (("1", "60", "40", "31.25"),)
    assert table(made, "Accounts of the group that").rows == (
        ("1", "appeared after the log’s first week", "4", "", "", ""),
        ("1", "· of these, most in one day", "3", "1.5", "< 0.0001", "–"),
        ("1", "fell silent", "2", "", "", ""),
    )


def test_answers_that_stand_again_are_listed_with_where_they_stand(
    case: Case, built: Builder
) -> None:
    log = built.add("log.jsonl", log_record(1))[0]
    said = built.add("a.json", answer("q", "words again", "meridian-r1"))[0]
    built.exhibit(said, "A-1")
    pair = {"account": None, "group": None, "words": 31, "in_controls": False,
            "left": {"item_id": log}, "right": {"item_id": said}}  # fmt: skip
    models = [
        {
            "model": "meridian-r1",
            "role": "subject",
            "answers": 60,
            "reappearing": 3,
            "longest_words": 31,
        }
    ]
    again = {"id": "A15", "models": models, "pairs": [pair, pair]}
    made = blocks(case, again, pairs=1)
    row = ("–", "31", f"item {log} of the case", "Exhibit A-1", "none")
    assert table(made, "Stands again in").rows == (row,)
    assert table(made, "Longest run").rows == (("meridian-r1", "subject", "60", "3", "31"),)
    with case.write() as s:
        privilege.assert_privilege(s, [said], "attorney-client")
    made = blocks(case, again)
    assert not any(isinstance(b, Grid) and b.heading.startswith("ANSWERS OF") for b in made)


def test_numbers_are_printed_to_what_they_are_worth() -> None:
    assert [number(v) for v in (None, 3, 1234567, 0.0512345, 2.0, 1234.56, 0)] == [
        "–", "3", "1,234,567", "0.05123", "2", "1,235", "0",
    ]  # fmt: skip
    assert [p_text(v) for v in (None, 0.00001, 0.25)] == ["–", "< 0.0001", "0.2500"]

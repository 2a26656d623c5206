from __future__ import annotations

from pathlib import Path

import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sheet import Grid
from casekit.dossier.spec import DossierSpec
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.jobs import dossier, production
from casekit.ops import checks, exhibits, matter, productions, pseudonyms, redactions
from casekit.queries import productions as production_queries
from casekit.queries.checks import Unchecked, refuse_unchecked
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item


@pytest.fixture
def made(case: Case, tmp_path: Path) -> Case:
    """An exhibit (1) and another item (2), each with a redaction, by a person other than Bob."""
    items = [make_item("a"), make_item("b")]
    for item, word in zip(items, ("zanzibar", "ravensworth"), strict=True):
        item.texts = [("body", f"{word} of org_4471")]
    file_items(case, items, tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "D-1")
        redactions.redact(s, [(1, "body", 0, 8), (2, "body", 0, 11)], "privacy")
    decide_all(case)
    return case


def by(case: Case, who: str, *refs: str) -> None:
    with case.write() as s:
        s.info["actor"] = who
        checks.approve(s, refs)


def test_nothing_is_issued_until_another_person_has_approved_all_of_it(
    made: Case, tmp_path: Path
) -> None:
    with made.write() as s:
        matter.set_matter(s, {"redaction_review": "second"})
    out = tmp_path / "d.pdf"
    with pytest.raises(Unchecked, match=r"redaction 1 \(item 1\)") as refused:
        dossier.write(made, DossierSpec(), out, issue=True)
    assert refused.value.refs == ("1",)
    with pytest.raises(Unchecked) as refused:
        production.plan(made, "*", Wish(prefix="ABC"))
    assert refused.value.refs == ("1", "2")
    assert not out.exists()
    assert dossier.write(made, DossierSpec(), tmp_path / "draft.pdf").pages
    by(made, "Bob", "1")
    assert dossier.write(made, DossierSpec(), out, issue=True).pages
    with made.write() as s:
        pseudonyms.give(s, "account", ["org_4471"])
        with pytest.raises(Unchecked, match="pseudonym 1"):
            refuse_unchecked(s, [1])
        refuse_unchecked_off(s)


def refuse_unchecked_off(s: object) -> None:
    matter.set_matter(s, {"redaction_review": ""})  # type: ignore[arg-type]
    refuse_unchecked(s, [1, 2])  # type: ignore[arg-type]
    with pytest.raises(CaseKitError, match="second"):
        matter.set_matter(s, {"redaction_review": "third"})  # type: ignore[arg-type]


def test_a_rejection_between_planning_and_issuing_stops_it(made: Case, tmp_path: Path) -> None:
    with made.write() as s:
        matter.set_matter(s, {"redaction_review": "second"})
    by(made, "Bob", "1", "2")
    volume = production.plan(made, "*", Wish(prefix="ABC"))
    with made.write() as s:
        s.info["actor"] = "Cy"
        checks.reject(s, ["2"], "too little")
    with pytest.raises(Unchecked, match="rejected by Cy: too little"):
        production.write(made, volume, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    with made.read() as s:
        assert production_queries.register(s) == []
        assert productions.next_number(s, "ABC") == 1


def test_the_redaction_log_says_who_made_and_who_checked_and_when(made: Case) -> None:
    with made.write() as s:
        pseudonyms.give(s, "account", ["org_4471"])
    by(made, "Bob", "1", "pseudonym:1")
    with made.read() as s:
        log, legend = (b for b in plan(s).redactions if isinstance(b, Grid))
    for cell in (log.rows[0][-1], legend.rows[0][-1]):
        maker, checked = cell.split("\n")
        assert maker == made.actor
        assert checked.startswith("approved by Bob, ")
        assert checked.rstrip()[-4:].isdecimal()

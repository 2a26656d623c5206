from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from casekit.dossier.companion import companion
from casekit.dossier.plan import plan
from casekit.dossier.sheet import DossierPlan, Grid, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.volume import Wish
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.jobs import companion as lists
from casekit.jobs import production
from casekit.ops import claims, exhibits, facts, privilege, redactions
from casekit.ops.facts import NewCite
from casekit.queries import claims as claim_queries
from casekit.queries.clearance import Undecided
from casekit.queries.moments import When
from casekit.store.case import Case
from casekit.store.fact_tables import fact_cite
from tests.builders import decide_all, file_items, make_item

SPEC = DossierSpec(sections=("claims", "facts", "exhibits"))


@pytest.fixture
def argued(case: Case, tmp_path: Path) -> Case:
    """Items 1 to 3, 1 an exhibit; a claim; facts 1 to 4 that cite 1, 2, 3 and nothing."""
    texts = ("The terms forbid training.", "We trained on it in May.", "Advice of counsel on May.")
    made = []
    for n, text in enumerate(texts, 1):
        made.append(make_item(f"Letter {n}", kind="document", name=f"{n}.txt"))
        made[-1].texts = [("body", text)]
        made[-1].columns["pages"] = 2
    file_items(case, made, tmp_path, "letters.zip")
    decide_all(case)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
        claims.add_claim(s, "Breach", kind="terms")
        (first, second, *_) = (e.id for c in claim_queries.claims(s) for e in c.elements)
        known = {"status": "undisputed", "material": "yes"}
        facts.add_fact(
            s, "Training was forbidden", cites=[NewCite(1, "body", 0, 16)], elements=[first],
            when=When("range", "2025-02", "2025-04", "+02:00"), **known,
        )  # fmt: skip
        facts.add_fact(
            s, "They trained in May", cites=[NewCite(2), NewCite(1, page=2, stance="contradicts")],
            when=When("about", "2025-05"), status="disputed-by-them", disputed_by="Meridian",
            material="yes", elements=[second],
        )  # fmt: skip
        facts.add_fact(s, "Counsel advised in May", cites=[NewCite(3)], elements=[second], **known)
        facts.add_fact(s, "Nobody knows why", **known)
    return case


def planned(case: Case, spec: DossierSpec = SPEC, *, for_issue: bool = False) -> DossierPlan:
    with case.read() as s:
        return plan(s, spec, for_issue=for_issue)


def grid(decided: DossierPlan, section: str) -> Grid:
    (found,) = (each for each in decided.further[section] if isinstance(each, Grid))
    return found


def remarks(decided: DossierPlan, section: str) -> str:
    return "\n".join(each.text for each in decided.further[section] if isinstance(each, Remark))


def test_each_fact_says_when_on_what_it_rests_and_how_it_stands(argued: Case) -> None:
    decided = planned(argued)
    found = grid(decided, "facts")
    assert found.rows == (
        ("1", "2025-02 to 2025-04 +02:00", "Training was forbidden",
         "Exhibit A-1: “The terms forbid”", "Not disputed"),
        ("2", "About 2025-05", "They trained in May",
         "Evidence outside this dossier\nAgainst it: Exhibit A-1, page 2 of the document",
         "Disputed by the other side: Meridian"),
        ("3", "Not dated", "Counsel advised in May", "Evidence outside this dossier", "Not disputed"),
    )  # fmt: skip
    assert found.links == ("EX-A-1", "EX-A-1", "")
    assert "no exhibit of this dossier: 2, 3." in remarks(decided, "facts")
    assert "cite nothing: 1." in remarks(decided, "facts")
    with pytest.raises(CaseKitError, match="no fact 9"):
        planned(argued, DossierSpec(sections=("facts",), facts=(1, 9)))
    only = DossierSpec(sections=("facts", "exhibits"), facts=(2,))
    assert [row[2] for row in grid(planned(argued, only), "facts").rows] == ["They trained in May"]


def test_what_was_handed_over_before_is_cited_by_its_number(argued: Case, tmp_path: Path) -> None:
    wish = Wish(prefix="ABC", start=7, images="none", natives=False)
    production.write(argued, production.plan(argued, "id:2", wish), tmp_path / "out")
    with argued.write() as s:
        facts.add_fact(
            s, "On its second page", status="undisputed", material="yes", when=When("on", "2025-06-01"),
            cites=[NewCite(2, page=2)],
        )  # fmt: skip
    rows = grid(planned(argued), "facts").rows
    assert rows[1][3].startswith("Document ABC-0000007\nAgainst it: Exhibit A-1")
    assert rows[2][3] == "Document ABC-0000007, page 2 of the document"
    assert "no exhibit" not in remarks(planned(argued, for_issue=True), "facts")


def test_gaps_are_told_only_where_counsel_chose_so(argued: Case) -> None:
    told = grid(planned(argued), "claims")
    assert (told.heading, len(told.rows)) == ("Breach", 2)
    assert told.rows[0][1:] == ("1. Training was forbidden", "–", "A-1")
    assert told.rows[1][1] == "2. They trained in May\n3. Counsel advised in May"
    gaps = DossierSpec(sections=SPEC.sections, gaps=True)
    whole = grid(planned(argued, gaps), "claims")
    assert len(whole.rows) > 2
    assert {row[1] for row in whole.rows[2:]} == {"Nothing is offered here"}


def test_a_fact_on_what_is_withheld_is_nowhere(argued: Case) -> None:
    with argued.write() as s:
        privilege.assert_privilege(s, [3], "attorney-client")
    draft = planned(argued)
    assert "privileged: 1." in remarks(draft, "facts")
    assert "Counsel advised" not in repr(draft)
    for kind in ("facts", "claims"):  # a list goes to others, however it is planned
        said = " ".join(companion(kind, draft, wording(draft.words)).texts())
        assert ("privileged" in said, "no exhibit of" in said) == (False, False)
        assert "They trained in May" in said
    issued = planned(argued, for_issue=True)
    assert "LEFT OUT" not in repr(issued.further)
    assert [row[0] for row in grid(issued, "facts").rows] == ["1", "2"]


def test_what_a_fact_rests_on_must_be_decided_too(argued: Case) -> None:
    with argued.write() as s:
        privilege.reopen_items(s, [2])
    planned(argued)
    with pytest.raises(Undecided) as refused:
        planned(argued, for_issue=True)
    assert refused.value.item_ids == (2,)
    planned(argued, DossierSpec(sections=("facts", "exhibits"), facts=(1,)), for_issue=True)


def test_a_passage_that_is_no_longer_what_was_cited_is_not_quoted(argued: Case) -> None:
    with argued.write() as s:
        s.execute(update(fact_cite).where(fact_cite.c.fact_id == 1).values(quote_sha256=bytes(32)))
    assert grid(planned(argued), "facts").rows[0][3] == "Exhibit A-1"


def test_a_list_waits_for_what_its_facts_rest_on(argued: Case, tmp_path: Path) -> None:
    with argued.write() as s:
        privilege.reopen_items(s, [2])
    with pytest.raises(Undecided):
        lists.write(argued, "facts", tmp_path / "f.docx")
    alone = DossierSpec(facts=(1,))
    assert lists.write(argued, "facts", tmp_path / "f.docx", alone).rows == 1


def test_redacted_passages_are_not_quoted_and_not_told(argued: Case) -> None:
    with argued.write() as s:
        redactions.redact(s, [(1, "body", 4, 16)], "privacy")
    assert grid(planned(argued), "facts").rows[0][3] == "Exhibit A-1"
    with argued.write() as s:
        redactions.redact(s, [(1, "body", 17, 25)], "privacy")
        facts.add_fact(
            s, "The contract forbid training", status="undisputed", material="yes",
            cites=[NewCite(1)],
        )  # fmt: skip
    with pytest.raises(CaseKitError, match=r"section “facts” of the dossier: redaction no\. 2"):
        planned(argued)

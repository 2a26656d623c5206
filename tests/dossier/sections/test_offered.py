from pathlib import Path

import pytest

from casekit.dossier.plan import plan
from casekit.dossier.render import render
from casekit.dossier.sheet import DossierPlan, Facts, Remark
from casekit.dossier.spec import DossierSpec, Offered
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.ops import findings, matter
from casekit.store.case import Case
from tests.dossier.builders import ANSWER, OTHER, PROMPT, Builder, answer, finding_body
from tests.dossier.pdf_text import bare, glyphs_of

AVAILABLE = Offered("summary", "At counsel’s office from 2 March 2026.", "M. Solberg.")


def planned(case: Case, *, for_issue: bool = False, **offered: Offered) -> DossierPlan:
    named = {name.replace("_", "-"): offer for name, offer in offered.items()}
    spec = DossierSpec(sections=("chronology", "exhibits", "findings"), offered=named)
    with case.read() as s:
        return plan(s, spec, for_issue=for_issue)


@pytest.fixture
def compared(case: Case, built: Builder) -> Case:
    left = built.add("a.json", answer(PROMPT, ANSWER, "Meridian-R1"))[0]
    right = built.add("b.json", answer(PROMPT, OTHER, "Aurora-4"))[0]
    with case.write() as s:
        matter.set_matter(s, {"profile": "us-federal"})
        findings.add_finding(s, "overlap", "Runs in common", finding_body(left, right))
    return case


def test_nothing_is_summary_or_aid_by_default(compared: Case) -> None:
    text = planned(compared).encoded().decode()
    words = wording("us-federal")
    for kind in ("summary", "aid"):
        assert words(f"offered.{kind}") not in text
        assert words(f"offered.{kind}_text") not in text
    assert all(chapter.stamp for chapter in planned(compared).findings)


def test_an_aid_says_that_it_is_no_evidence_and_bears_no_stamp(
    compared: Case, built: Builder, tmp_path: Path
) -> None:
    decided = planned(compared, S_1=Offered("aid"))
    finding, pair = decided.findings
    assert finding.stamp == "FINDING"
    assert pair.stamp == ""
    first = pair.blocks[0]
    assert isinstance(first, Remark)
    assert first.heading == "ILLUSTRATIVE AID UNDER FED. R. EVID. 107: NOT EVIDENCE"
    made = render(decided, built.originals, tmp_path / "d.pdf")
    pages = glyphs_of(made.path)
    text = bare("".join(glyph.character for page in pages for glyph in page))
    assert "SIMILARITYEXHIBIT" not in text
    assert "FINDINGF-1" in text


def test_a_summary_says_where_its_sources_are(compared: Case) -> None:
    decided = planned(compared, for_issue=True, F_1=AVAILABLE, chronology=AVAILABLE)
    for blocks in (decided.findings[0].blocks, decided.further["chronology"]):
        label, facts = blocks[:2]
        assert isinstance(label, Remark)
        assert label.heading == "SUMMARY OFFERED UNDER FED. R. EVID. 1006"
        assert isinstance(facts, Facts)
        assert [row.value for row in facts.rows] == [AVAILABLE.availability, AVAILABLE.preparer]


@pytest.mark.parametrize("name", ["F_1", "chronology"])
def test_a_summary_that_says_nothing_is_a_draft_with_gaps(compared: Case, name: str) -> None:
    offered = {name: Offered("summary", preparer="M. S.")}
    assert "[TO BE STATED: where" in planned(compared, **offered).encoded().decode()
    for open_still in ("", "TBD", "At [address], any day."):
        offered = {name: Offered("summary", open_still, "M. S.")}
        with pytest.raises(CaseKitError, match="Availability of the sources"):
            planned(compared, for_issue=True, **offered)


@pytest.mark.parametrize("name", ["F_9", "S_7", "custody", "parties"])
def test_a_label_of_nothing_is_refused(compared: Case, name: str) -> None:
    with pytest.raises(CaseKitError, match="not in this dossier"):
        planned(compared, **{name: Offered("aid")})

import msgspec
import pytest

from casekit.dossier.charts import Template
from casekit.dossier.plan import plan
from casekit.dossier.sheet import DossierPlan, Remark
from casekit.dossier.spec import DossierSpec
from casekit.ops import findings, matter, privilege, pseudonyms, redactions, tiers
from casekit.queries.clearance import Undecided
from casekit.queries.tiers import TierConflict
from casekit.store.case import Case
from tests.dossier import usage_body
from tests.dossier.builders import Builder, document, log_record, message

SPEC = DossierSpec(sections=("findings",), exhibits=(), recipients=("Jane Roe, opposing-party",))
NAMED = ["org_4471", "acct_two"]


@pytest.fixture
def ids(case: Case, built: Builder) -> list[int]:
    """Two requests of an account that a finding names, the first of which its template cites."""
    made = built.add("log.jsonl", log_record(1), log_record(2))
    with case.write() as s:
        privilege.clear_items(s, made)
        findings.add_finding(
            s, "usage", "Usage", usage_body.body(NAMED, made[:1], "Grade {1} by the tide tables.")
        )
    return made


def planned(case: Case, spec: DossierSpec = SPEC, *, for_issue: bool = False) -> DossierPlan:
    with case.read() as s:
        return plan(s, spec, for_issue=for_issue)


def said(decided: DossierPlan) -> str:
    return "\n".join(b.text for b in decided.findings[0].blocks if isinstance(b, Remark))


def test_what_nothing_is_withheld_of_is_printed(case: Case, ids: list[int]) -> None:
    decided = planned(case)
    assert "org_4471" in str(decided)
    assert any(isinstance(b, Template) for b in decided.findings[0].blocks)


def test_an_account_of_which_a_request_is_withheld_is_nowhere(case: Case, ids: list[int]) -> None:
    with case.write() as s:
        privilege.assert_privilege(s, ids[1:], "attorney-client")
    decided = planned(case)
    assert "org_4471" not in str(decided)
    assert "tide tables" not in str(decided)
    assert "1 account is kept back" in said(decided)
    assert "1 template is not shown" in said(decided)
    assert "acct_two" in str(decided)


def test_a_pseudonym_stands_in_every_table_and_figure(case: Case, ids: list[int]) -> None:
    with case.write() as s:
        pseudonyms.give(s, "account", ["org_4471"])
    decided = planned(case)
    assert "org_4471" not in str(decided)
    assert str(decided).count("[Account ") > 5


def test_a_template_with_words_redacted_elsewhere_is_left_out(
    case: Case, built: Builder, ids: list[int]
) -> None:
    letter = built.add("letter.txt", document("letter.txt", "The tide tables are ours."))[0]
    with case.write() as s:
        redactions.redact(s, [(letter, "body", 4, 15)], "privacy")
    decided = planned(case)
    assert "tide tables" not in str(decided)
    assert "1 template is not shown" in said(decided)


def test_a_template_cited_from_a_redacted_request_is_left_out(case: Case, ids: list[int]) -> None:
    with case.write() as s:
        redactions.redact(s, [(ids[0], "output", 0, 3)], "privacy")
    assert "tide tables" not in str(planned(case))


def test_the_finding_bears_the_strictest_tier_of_the_log(case: Case, ids: list[int]) -> None:
    with case.write() as s:
        tiers.set_order(
            s, [("AEO", "ATTORNEYS’ EYES ONLY", ["court", "own-counsel", "opposing-counsel"])]
        )
        tiers.give_tier(s, ids[1:], "AEO")
    allowed = msgspec.structs.replace(SPEC, recipients=("Jane Roe, opposing-counsel",))
    assert planned(case, allowed).findings[0].designation.startswith("ATTORNEYS’ EYES ONLY")
    with pytest.raises(TierConflict, match="Jane Roe"):
        planned(case)


def test_what_nobody_has_decided_stops_the_issuing(case: Case, ids: list[int]) -> None:
    with case.write() as s:
        matter.set_matter(s, {"privilege_review": "api-log"})
        privilege.reopen_items(s, ids)
    with pytest.raises(Undecided):
        planned(case, for_issue=True)


def test_a_price_list_that_is_withheld_is_not_cited(case: Case, built: Builder) -> None:
    mail = built.add("prices.eml", message(subject="Prices"))[0]
    body = usage_body.body([])
    body["prices"]["rows"] = [{"model": "aurora-4", "source": f"item {mail}"}]
    body["analytics"][-1]["value"]["by_price"][0] |= {"source": f"item {mail}", "source_date": ""}
    with case.write() as s:
        findings.add_finding(s, "usage", "Usage", body)
        privilege.clear_items(s, [mail], families=True)
    assert f"item {mail}" in str(planned(case))
    with case.write() as s:
        privilege.assert_privilege(s, [mail], "attorney-client")
    assert f"item {mail}" not in str(planned(case))
    assert "a document that is kept back" in str(planned(case))

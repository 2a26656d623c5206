import pytest

from casekit.dossier.plan import plan
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.ops import findings, privilege
from casekit.store.case import Case
from tests.dossier.builders import ANSWER, OTHER, PROMPT, Builder, answer, finding_body
from tests.dossier.finding_bodies import bodies


def labels(case: Case, spec: DossierSpec | None = None) -> list[str]:
    with case.read() as s:
        return [chapter.label for chapter in plan(s, spec).findings]


def test_each_finding_comes_before_its_pairs_and_a_withheld_pair_nowhere(
    case: Case, built: Builder
) -> None:
    left = built.add("a.json", answer(PROMPT, ANSWER, "Meridian-R1"))[0]
    right = built.add("b.json", answer(PROMPT, OTHER, "Aurora-4"))[0]
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs", finding_body(left, right))
        findings.add_finding(s, "own", "Own", bodies()["own"])
    assert labels(case) == ["F-1", "S-1", "F-2"]
    assert labels(case, DossierSpec(findings=(2, 1), pairs=0)) == ["F-2", "F-1"]
    with case.write() as s:
        privilege.assert_privilege(s, [left], "attorney-client")
    assert labels(case) == ["F-1", "F-2"]


def test_a_finding_that_is_not_there_is_refused(case: Case) -> None:
    with pytest.raises(CaseKitError, match="no finding 7"):
        labels(case, DossierSpec(findings=(7,)))

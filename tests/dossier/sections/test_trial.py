import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sections.trial import table, written
from casekit.dossier.sheet import Grid, Remark
from casekit.dossier.spec import DossierSpec
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.ops import privilege, redactions
from casekit.ops.trial import set_trial
from casekit.queries.trial import trial_rows
from casekit.store.case import Case
from tests.dossier.builders import Builder, document

SPEC = DossierSpec(sections=("trial", "exhibits"))
VALUES = {
    "witness": "Ann", "purpose": "Notice", "basis": "803(6)", "objected_by": "Meridian",
    "objection": "Hearsay", "response": "Not for its truth", "offered": "2026-03-14",
}  # fmt: skip


@pytest.fixture
def tried(case: Case, built: Builder) -> Case:
    for n in (1, 2, 3):
        built.exhibit(
            built.add(f"{n}.html", document(f"{n}.html", f"Text of the {n}th."))[0], f"A-{n}"
        )
    with case.write() as s:
        set_trial(s, {"A-1": VALUES, "A-3": {"purpose": "SECRETPURPOSE"}})
        privilege.assert_privilege(s, [3], "attorney-client")
    return case


def test_a_row_says_all_and_leaves_a_line_for_the_pen(tried: Case) -> None:
    with tried.read() as s:
        decided = plan(s, SPEC)
    grid = next(b for b in decided.further["trial"] if isinstance(b, Grid))
    assert grid.rows[0] == (
        "A-1", "1.html", "Sponsoring witness: Ann\nPurpose: Notice\nBasis for admission: 803(6)",
        "Objected by: Meridian\nObjection: Hearsay\nResponse: Not for its truth",
        "Stipulated: __________\nOffered: 2026-03-14\nAdmitted: __________",
    )  # fmt: skip
    assert grid.links == ("EX-A-1", "EX-A-2")
    assert b"SECRETPURPOSE" not in decided.encoded()


def test_a_table_has_a_column_for_everything_and_nothing_withheld(tried: Case) -> None:
    with tried.read() as s:
        decided, of = plan(s, SPEC), written(trial_rows(s))
    made = table(decided.exhibits, of, wording("neutral"))
    assert {len(row) for row in made.rows} == {len(made.columns)} == {13}
    assert made.rows[0][4:] == (*list(VALUES.values())[:6], "", "2026-03-14", "")
    assert "SECRETPURPOSE" not in str(made)


def test_a_purpose_that_tells_what_is_redacted_is_refused(tried: Case) -> None:
    with tried.write() as s:
        set_trial(s, {"A-2": {"purpose": "To show the text of the 2th."}})
        redactions.redact(s, [(2, "body", 0, 16)], "privacy")
    with pytest.raises(CaseKitError, match="section “trial”"), tried.read() as s:
        plan(s, SPEC)


def test_a_case_without_exhibits_says_so(case: Case) -> None:
    with case.read() as s:
        assert plan(s, SPEC).further["trial"] == (Remark("There is no exhibit."),)

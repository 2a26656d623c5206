import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sheet import DossierPlan, Grid, Remark
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.ops import events, matter, privilege, pseudonyms, redactions, tiers
from casekit.queries.clearance import Undecided
from casekit.queries.tiers import TierConflict
from casekit.store.case import Case
from tests.dossier.builders import Builder, document, message

SPEC = DossierSpec(sections=("chronology", "exhibits"), exhibits=(), events="all")


def put(case: Case, title: str, starts: str, **more: str | int | None) -> None:
    with case.write() as s:
        events.add_event(s, title, starts, **more)  # type: ignore[arg-type]


def planned(case: Case, spec: DossierSpec = SPEC, *, for_issue: bool = False) -> DossierPlan:
    with case.read() as s:
        return plan(s, spec, for_issue=for_issue)


def grid(decided: DossierPlan) -> Grid:
    return next(b for b in decided.further["chronology"] if isinstance(b, Grid))


def said(decided: DossierPlan) -> str:
    return "\n".join(b.text for b in decided.further["chronology"] if isinstance(b, Remark))


def test_events_are_printed_only_by_choice(case: Case) -> None:
    put(case, "Release", "2026-01-08")
    assert "Release" not in str(planned(case, DossierSpec(sections=("chronology",))).further)
    assert [row[2] for row in grid(planned(case)).rows] == ["Event: Release"]


def test_a_date_is_printed_as_precisely_as_it_is_known(case: Case) -> None:
    put(case, "Talks", "2025", kind="other")
    put(case, "Collection", "2025-11", ends="2026-01", kind="other")
    put(case, "Launch", "2026-02-03 08:30", zone="Asia/Shanghai", kind="release")
    assert [(row[0], row[2], row[3], row[4]) for row in grid(planned(case)).rows] == [
        ("2025", "Event: Talks", "Stated by counsel", "UTC, as stated"),
        ("2025-11 to 2026-01", "Event: Collection", "Stated by counsel", "UTC, as stated"),
        ("2026-02-03 08:30", "Release: Launch", "Stated by counsel", "Asia/Shanghai, as stated"),
    ]  # fmt: skip


def test_an_event_stands_among_exhibits_with_its_source_and_leads_to_it(
    case: Case, built: Builder
) -> None:
    letter = built.add("m.eml", message())[0]  # 11 November 2025
    built.exhibit(letter, "D-1")
    outside = built.add("n.txt", document("n.txt", "note"))[0]
    put(case, "Letter sent", "2025-11-11", kind="letter", item_id=letter)
    put(case, "Complaint", "2026-03", kind="legal", item_id=outside)
    decided = planned(case, DossierSpec(sections=SPEC.sections, events="all"))
    made = grid(decided)
    assert [(row[0], row[1], row[3]) for row in made.rows] == [
        ("2025-11-11", "D-1", "Exhibit D-1"),
        ("2025-11-11 15:02:10 UTC", "D-1", "Tue, 11 Nov 2025 16:02:10 +0100"),
        ("2026-03", "–", "Evidence outside this dossier"),
    ]  # fmt: skip
    assert made.links == ("EX-D-1", "EX-D-1", "")
    assert f"no exhibit of this dossier: {outside}." in said(decided)


def test_only_the_events_that_are_named(case: Case) -> None:
    put(case, "One", "2026-01-01")
    put(case, "Two", "2026-01-02")
    wanted = DossierSpec(sections=("chronology",), events=(2,))
    assert [row[2] for row in grid(planned(case, wanted)).rows] == ["Event: Two"]
    with pytest.raises(CaseKitError, match="no event 7"):
        planned(case, DossierSpec(sections=("chronology",), events=(7,)))


def test_an_event_on_what_is_withheld_is_nowhere(case: Case, built: Builder) -> None:
    advice = built.add("a.eml", message(subject="Advice"))[0]
    put(case, "HIDDENTALK", "2026-01-01", item_id=advice)
    with case.write() as s:
        privilege.assert_privilege(s, [advice], "attorney-client")
    decided = planned(case)
    assert "HIDDENTALK" not in str(decided)
    assert "withheld as privileged: 1." in said(decided)


def test_what_an_event_rests_on_passes_every_gate(case: Case, built: Builder) -> None:
    note = built.add("n.txt", document("n.txt", "The secret word is tangerine."))[0]
    put(case, "Talk", "2026-01-01", item_id=note)
    with pytest.raises(Undecided):
        planned(case, for_issue=True)
    with case.write() as s:
        privilege.clear_items(s, [note])
        tiers.set_order(s, [("AEO", "ATTORNEYS’ EYES ONLY", ["court", "own-counsel"])])
        tiers.give_tier(s, [note], "AEO")
    with pytest.raises(TierConflict):
        planned(case, DossierSpec(sections=("chronology",), events="all",
                                  recipients=("Jane Roe, opposing-party",)))  # fmt: skip


def test_words_of_an_event_that_are_redacted_or_have_a_pseudonym_do_not_leave(
    case: Case, built: Builder
) -> None:
    note = built.add("n.txt", document("n.txt", "The secret word is tangerine."))[0]
    put(case, "They said tangerine", "2026-01-01")
    put(case, "Mara Vance joined", "2026-01-02")
    with case.write() as s:
        redactions.redact(s, [(note, "body", 19, 28)], "privacy")
        pseudonyms.give(s, "person", ["Mara Vance"])
    with pytest.raises(CaseKitError, match="chronology"):
        planned(case)
    decided = planned(case, DossierSpec(sections=("chronology",), events=(2,)))
    assert "Mara Vance" not in str(decided)
    assert grid(decided).rows[0][2].startswith("Event: [Person ")


@pytest.mark.parametrize(
    "title", ["=HYPERLINK(1)", "\u202etxt.exe", "中文" * 190, "x" * 400, "<b>&amp;</b>"]
)
def test_a_title_is_printed_as_it_is(case: Case, title: str) -> None:
    put(case, title, "2026-01-01")
    assert grid(planned(case)).rows[0][2] == f"Event: {title}"


def test_an_event_s_words_are_the_court_s(case: Case) -> None:
    put(case, "Klage", "2026-01")
    with case.write() as s:
        matter.set_matter(s, {"profile": "neutral-zh"})
    assert grid(planned(case)).rows[0][3] == "律师陈述"

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from casekit.dossier import gaps as module
from casekit.dossier.gaps import WORDS, Gap, for_draft, look, with_issue
from casekit.dossier.plan import plan
from casekit.dossier.spec import (
    FIELDS,
    NARRATIVE,
    SECTIONS,
    Certificate,
    DossierSpec,
    Offered,
    in_use,
)
from casekit.errors import CaseKitError
from casekit.ops import exhibits, matter, privilege, tiers
from casekit.store.case import Case
from tests.dossier.builders import Builder, document

FULL = Certificate("copies", dict.fromkeys(FIELDS["copies"], "stated"), signed_in="us")


@pytest.fixture
def us(case: Case, built: Builder) -> Case:
    with case.write() as s:
        matter.set_matter(s, {"profile": "us-federal", "court": "N.D. Cal.", "number": "1"})
    for n, label in enumerate(("A-1", "A-2")):
        built.exhibit(built.add(f"{n}.txt", document(f"{n}.txt", f"text {n}"))[0], label)
    return case


def found(case: Case, spec: DossierSpec) -> list[Gap]:
    with case.read() as s:
        return list(look(s, spec)[1])


def places(case: Case, spec: DossierSpec) -> list[str]:
    return [gap.place for gap in found(case, spec) if gap.stops]


SPECS = {
    "usual": DossierSpec(),
    "full certificate": DossierSpec(sections=("exhibits", "certificates"), certificates=(FULL,)),
    "empty certificate": DossierSpec(
        sections=("exhibits", "certificates"), certificates=(Certificate("process"),)
    ),
    "not signed in": DossierSpec(
        sections=("exhibits", "certificates"),
        certificates=(msgspec.structs.replace(FULL, signed_in=""),),
    ),
    "no certificate": DossierSpec(sections=("exhibits", "certificates")),
    "of another exhibit": DossierSpec(
        sections=("exhibits", "certificates"), exhibits=("A-1",),
        certificates=(msgspec.structs.replace(FULL, exhibits=("A-2",)),),
    ),
    "unknown exhibit": DossierSpec(exhibits=("A-1", "Z-9")),
    "narrative": DossierSpec(sections=("exhibits", "collection"), narrative={"scope": "All."}),
    "hole": DossierSpec(sections=("exhibits", "collection"), narrative={"scope": "All of ____."}),
    "method": DossierSpec(sections=("exhibits", "method"), method={"design": "By lot."}),
    "method with a hole": DossierSpec(sections=("exhibits", "method"), method={"design": "TBD"}),
    "aid": DossierSpec(sections=("exhibits", "parties"), offered={"parties": Offered("aid")}),
    "summary": DossierSpec(sections=("exhibits", "parties"), offered={"parties": Offered("summary")}),
    "stated summary": DossierSpec(
        sections=("exhibits", "parties"), offered={"parties": Offered("summary", "Here", "Me")}
    ),
    "offered without it": DossierSpec(offered={"F-7": Offered("aid")}),
    "kept for later": DossierSpec(
        narrative={"scope": "____"}, certificates=(Certificate("copies"),), terms={"x": "y"},
        offered={"parties": Offered("summary")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPECS)
def test_what_stops_the_issuing_is_listed_exactly_when_the_plan_for_it_is_refused(
    us: Case, name: str
) -> None:
    spec = SPECS[name]
    stopping = places(us, spec)
    try:
        with us.read() as s:
            plan(s, in_use(spec), for_issue=True)
    except CaseKitError:
        assert stopping
    else:
        assert stopping == []


def test_each_open_field_of_a_certificate_is_named_by_its_place(us: Case) -> None:
    spec = SPECS["empty certificate"]
    wanted = [f"certificates/0/{name}" for name in (*FIELDS["process"], "signed_in")]
    assert places(us, spec) == wanted
    for gap in found(us, spec):
        assert gap.template in WORDS.values()
        assert "{" not in str(gap)


def test_notes_stop_nothing(us: Case) -> None:
    with us.write() as s:
        matter.set_matter(s, {"court": ""})
        privilege.assert_privilege(s, [2], "attorney-client")
    notes = found(us, SPECS["narrative"])
    assert {gap.place for gap in notes} == {
        "matter", "exhibits", *(f"narrative/{n}" for n in NARRATIVE if n != "scope"),
    }  # fmt: skip
    assert not any(gap.stops for gap in notes)
    assert [str(gap) for gap in notes if gap.place == "exhibits"] == [
        "Exhibit A-2 is withheld as privileged: it is left out."
    ]


def test_a_copy_of_what_is_withheld_is_a_refusal_that_leads_to_the_decision(
    us: Case, built: Builder
) -> None:
    text = "A private letter of advice on the claim, the defence and the costs of both, in full."
    one = built.add("p.txt", document("p.txt", text))[0]
    copy = built.add("q.txt", document("q.txt", text + " "))[0]
    with us.write() as s:
        privilege.assert_privilege(s, [one], "attorney-client")
        exhibits.mark_exhibit(s, copy, "B-1")
    (gap,) = [gap for gap in found(us, DossierSpec()) if gap.stops]
    assert (gap.kind, gap.section, gap.place) == ("refusal", "exhibits", "privilege")


def test_a_recipient_who_may_not_see_it_is_mended_where_recipients_are_named(us: Case) -> None:
    with us.write() as s:
        tiers.choose_order(s, "us-protective-order")
        tiers.give_tier(s, [1], "Source Code")
    spec = DossierSpec(recipients=("The press, public",))
    gap = found(us, spec)[0]
    assert (gap.kind, gap.section, gap.place) == ("refusal", "cover", "recipients")
    assert "Source Code: item 1" in str(gap)
    with us.read() as s:
        issue = with_issue(s, DossierSpec(), look(s, DossierSpec())[1])
    assert (issue[0].kind, issue[0].place) == ("gap", "recipients")


def test_a_draft_leaves_out_a_section_of_certificates_that_has_none(us: Case) -> None:
    assert for_draft(SPECS["no certificate"]).sections == ("exhibits",)
    assert for_draft(SPECS["full certificate"]) == SPECS["full certificate"]
    with us.read() as s:
        decided, _ = look(s, DossierSpec(sections=SECTIONS))
    assert decided is not None
    assert "certificates" not in decided.sections


def test_what_only_the_plan_for_issue_refuses_is_told_too(
    us: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.plan

    def strict(s: Any, spec: DossierSpec, *, for_issue: bool = False, **more: Any) -> Any:
        if for_issue:
            raise CaseKitError("The court wants {what}.", what="more")
        return real(s, spec, **more)

    monkeypatch.setattr(module, "plan", strict)
    with us.read() as s:
        found = look(s, DossierSpec())[1]
        assert not any(gap.stops for gap in found)
        (first, *_) = with_issue(s, DossierSpec(), found)
        assert (str(first), first.stops) == ("The court wants more.", True)
        stopped = look(s, SPECS["empty certificate"])[1]
        assert with_issue(s, SPECS["empty certificate"], stopped) == stopped

from __future__ import annotations

import msgspec
import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sections import certificates
from casekit.dossier.sheet import DossierPlan, Facts, Grid, Remark, Subhead
from casekit.dossier.spec import FIELDS, Certificate, DossierSpec, check
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.ops import matter, privilege, redactions
from casekit.ops.matter import PROFILES
from casekit.store.case import Case
from casekit.store.tables import receipt
from tests.dossier.builders import Builder, document

SAID = {name: f"What the person says of {name}." for kind in FIELDS.values() for name in kind}


def filled(kind: str, **changes: str) -> Certificate:
    fields = {name: SAID[name] for name in FIELDS[kind]} | changes  # type: ignore[index]
    return Certificate(kind, fields, signed_in="us")  # type: ignore[arg-type]


def spec_of(*found: Certificate) -> DossierSpec:
    return DossierSpec(sections=("exhibits", "certificates"), certificates=found)


def planned(case: Case, *found: Certificate, for_issue: bool = False) -> DossierPlan:
    with case.read() as s:
        return plan(s, spec_of(*found), for_issue=for_issue)


def printed(decided: DossierPlan) -> list[str]:
    """Every fact, remark and heading of the section."""
    found: list[str] = []
    for block in decided.further["certificates"]:
        if isinstance(block, Facts):
            found += [row.value for row in block.rows]
        elif isinstance(block, Remark | Subhead):
            found.append(block.text)
    return found


@pytest.fixture
def us(case: Case, built: Builder) -> Case:
    with case.write() as s:
        matter.set_matter(s, {"profile": "us-federal"})
    built.exhibit(built.add("a.txt", document("a.txt", "one"))[0], "A-1")
    return case


@pytest.mark.parametrize("kind", FIELDS)
def test_a_full_certificate_prints_the_words_of_the_person_and_is_issued(
    us: Case, kind: str
) -> None:
    decided = planned(us, filled(kind), for_issue=True)
    texts = printed(decided)
    for name in FIELDS[kind]:  # type: ignore[index]
        assert [t for t in texts if SAID[name] in t], name
    assert "I declare under penalty of perjury that the foregoing is true and correct." in texts
    assert not [t for t in texts if "TO BE STATED" in t]


@pytest.mark.parametrize("kind", FIELDS)
def test_each_empty_field_blocks_issue_and_is_marked_in_a_draft(us: Case, kind: str) -> None:
    words = wording("us-federal")
    for name in FIELDS[kind]:  # type: ignore[index]
        for nothing in (
            "",
            "  ",
            "TBD",
            "[name]",
            "to be completed",
            "…",
            "It was made at [..] by hand.",
        ):
            spoken = filled(kind, **{name: nothing})
            with pytest.raises(CaseKitError, match="cannot be issued") as refused:
                planned(us, spoken, for_issue=True)
            assert words(f"certificate.label.{name}") in str(refused.value)
            marks = [t for t in printed(planned(us, spoken)) if "TO BE STATED" in t]
            assert marks
            assert words(f"certificate.ask.{name}") in marks[0]


def test_a_certificate_that_speaks_of_no_exhibit_is_never_issued(us: Case) -> None:
    none = msgspec.structs.replace(filled("copies"), exhibits=())
    with pytest.raises(CaseKitError, match="not stated: Exhibits"):
        planned(us, none, for_issue=True)
    with us.write() as s:
        privilege.assert_privilege(s, [1], "work-product")
    with pytest.raises(CaseKitError, match="not stated: Exhibits"):
        planned(us, filled("copies"), for_issue=True)


@pytest.mark.parametrize("kind", FIELDS)
def test_a_place_left_open_within_the_words_blocks_issue(us: Case, kind: str) -> None:
    for name in FIELDS[kind]:  # type: ignore[index]
        with pytest.raises(CaseKitError, match="cannot be issued"):
            planned(us, filled(kind, **{name: "I, [NAME], say so."}), for_issue=True)


def test_none_is_an_answer(us: Case) -> None:
    assert "None." in printed(planned(us, filled("process", malfunctions="None."), for_issue=True))


def test_the_place_of_signing_decides_the_words_of_section_1746(us: Case) -> None:
    unsaid = msgspec.structs.replace(filled("copies"), signed_in="")
    abroad = msgspec.structs.replace(filled("copies"), signed_in="abroad")
    with pytest.raises(CaseKitError, match="Place of signing"):
        planned(us, unsaid, for_issue=True)
    assert not [t for t in printed(planned(us, unsaid)) if "perjury" in t]
    (text,) = (t for t in printed(planned(us, abroad, for_issue=True)) if "perjury" in t)
    assert "under the laws of the United States of America" in text


def test_an_english_statement_bears_the_statement_of_truth_wherever_it_is_signed(us: Case) -> None:
    with us.write() as s:
        matter.set_matter(s, {"profile": "england-wales"})
    for place in ("", "us", "abroad"):
        spoken = msgspec.structs.replace(filled("copies"), signed_in=place)
        texts = printed(planned(us, spoken, for_issue=True))
        assert [t for t in texts if "contempt of court" in t]
        assert not [t for t in texts if "perjury" in t]


def test_the_schedule_lists_every_receipt_with_both_hashes(case: Case, built: Builder) -> None:
    first = built.add("a.txt", document("a.txt", "one"))[0]
    built.exhibit(first, "A-1")
    built.exhibit(built.add("b.txt", document("b.txt", "two"))[0], "A-2")
    one = planned(case, Certificate("copies", exhibits=("A-1",)))
    (grid,) = (b for b in one.further["certificates"] if isinstance(b, Grid))
    ((exhibits, received, size, hashes, match),) = grid.rows
    (produced,) = (p for p in one.produced if p.label == "A-1")
    assert exhibits == "A-1"
    assert received.endswith("UTC")
    assert size == str(len(built.originals.bytes[first]))
    assert produced.original_sha256 in hashes.replace(" ", "").replace("\n", "")
    assert match == "none supplied"


def test_a_hash_that_would_tell_what_is_redacted_is_not_in_the_schedule(
    case: Case, built: Builder
) -> None:
    item = built.add("a.txt", document("a.txt", "a SECRETNAME here"))[0]
    built.exhibit(item, "A-1")
    sha256 = planned(case, Certificate("copies")).produced[0].original_sha256
    with case.write() as s:
        s.execute(receipt.update().values(supplied_hash=f"sha256:{sha256}", supplied_match="yes"))
    told = planned(case, Certificate("copies"))
    assert f"{sha256} – equals ours" in told.encoded().decode()
    (grid,) = (b for b in told.further["certificates"] if isinstance(b, Grid))
    assert "SHA256 supplied" in grid.rows[0][3]
    assert grid.rows[0][4] == "equal"
    with case.write() as s:
        redactions.redact(s, [(item, "body", 2, 12)], "privacy")
    decided = planned(case, Certificate("copies"))
    (grid,) = (b for b in decided.further["certificates"] if isinstance(b, Grid))
    assert sha256[:8] not in decided.encoded().decode()
    assert grid.rows[0][3] == wording("neutral")("redacted.hash")


def test_words_withheld_elsewhere_are_refused_in_a_certificate(case: Case, built: Builder) -> None:
    item = built.add("a.txt", document("a.txt", "a SECRETNAME here"))[0]
    built.exhibit(item, "A-1")
    with case.write() as s:
        redactions.redact(s, [(item, "body", 2, 12)], "privacy")
    with pytest.raises(CaseKitError, match="redacted elsewhere"):
        planned(case, filled("copies", source="The disk of SECRETNAME."))


def test_a_withheld_exhibit_is_in_no_certificate(case: Case, built: Builder) -> None:
    item = built.add("HIDDEN.txt", document("HIDDEN.txt", "HIDDEN"))[0]
    built.exhibit(item, "A-1")
    with case.write() as s:
        privilege.assert_privilege(s, [item], "work-product")
    assert b"HIDDEN" not in planned(case, Certificate("copies")).encoded()
    with pytest.raises(CaseKitError, match="not in this dossier"):
        planned(case, Certificate("copies", exhibits=("A-1",)))


def test_a_certificate_that_would_not_be_printed_is_refused() -> None:
    for spec in (
        DossierSpec(certificates=(Certificate("copies"),)),
        DossierSpec(sections=("certificates",)),
        spec_of(Certificate("copies", {"malfunctions": "none"})),
    ):
        with pytest.raises(CaseKitError):
            check(spec)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_paragraph_has_its_label_and_its_question_everywhere(profile: str) -> None:
    words = wording(profile)
    for kind, names in FIELDS.items():
        assert words(f"certificate.{kind}")
        for name in names:
            assert words(f"certificate.label.{name}")
            assert words(f"certificate.ask.{name}")
    assert words("about.jurisdiction")
    assert certificates.missing(Certificate("copies"), [], words)

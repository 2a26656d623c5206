from pathlib import Path

import pytest

from casekit.dossier.plan import plan
from casekit.dossier.sheet import Facts, Grid
from casekit.dossier.spec import NARRATIVE, DossierSpec
from casekit.dossier.wording import wording
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.ops import exhibits, privilege
from casekit.ops.matter import PROFILES
from casekit.store.case import Case
from tests.dossier.builders import Builder, document

SPEC = DossierSpec(sections=("collection", "exhibits"))


def said(case: Case, spec: DossierSpec, *, for_issue: bool = False) -> dict[str, str]:
    with case.read() as s:
        decided = plan(s, spec, for_issue=for_issue)
    (block,) = (b for b in decided.further["collection"] if isinstance(b, Facts))
    return {row.label: row.value for row in block.rows}


def test_silence_is_marked_in_a_draft_and_printed_as_silence_when_issued(case: Case) -> None:
    spec = DossierSpec(
        sections=SPEC.sections, narrative={"people": "M. S., engineer.", "scope": " "}
    )
    words = wording("neutral")
    draft, issued = said(case, spec), said(case, spec, for_issue=True)
    assert len(draft) == len(NARRATIVE)
    assert draft["Who collected it"] == issued["Who collected it"] == "M. S., engineer."
    assert draft["Scope"] == words("collection.gap", what=words("collection.ask.scope"))
    assert issued["Scope"] == issued["Known gaps"] == "Not stated."


def test_a_place_left_open_in_the_words_is_marked_and_never_issued(case: Case) -> None:
    gap = wording("neutral")("collection.ask.scope")
    for left in ("TBD", "All mails of [custodian name]."):
        spec = DossierSpec(sections=SPEC.sections, narrative={"scope": left})
        assert gap in said(case, spec)["Scope"]
        with pytest.raises(CaseKitError, match="left open under “Scope”"):
            said(case, spec, for_issue=True)


def test_what_came_together_is_one_row_and_what_is_withheld_is_none(
    case: Case, built: Builder
) -> None:
    ids = [built.add(f"{n}.txt", document(f"{n}.txt", f"text {n}"))[0] for n in range(3)]
    kept = built.add("x.txt", document("x.txt", "x"), custodian="HIDDEN custodian")[0]
    for n, item_id in enumerate((*ids, kept)):
        built.exhibit(item_id, f"A-{n}")
    with case.write() as s:
        privilege.assert_privilege(s, [kept], "work-product")
    with case.read() as s:
        decided = plan(s, SPEC)
    (grid,) = (b for b in decided.further["collection"] if isinstance(b, Grid))
    assert sum(int(row[3]) for row in grid.rows) == 3
    assert {row[1] for row in grid.rows} == {"Platform team, Aurora"}
    assert grid.rows[0][2] == "from export of 20 January 2026"
    assert b"HIDDEN" not in decided.encoded()


def test_the_books_are_those_of_the_imports_of_the_exhibits(case: Case, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"The text of {name}.")
        ingest(case, [tmp_path / f"{name}.txt"])
    with case.write() as s:
        exhibits.mark_exhibit(s, 2, "A-1")
    with case.read() as s:
        decided = plan(s, SPEC)
    books = [b for b in decided.further["collection"] if isinstance(b, Grid)][1]
    size = (tmp_path / "two.txt").stat().st_size
    assert books.rows == (("2", "1", f"{size:,}", "0", "0"),)


def test_every_question_is_asked_in_every_wording() -> None:
    for profile in PROFILES:
        for name in NARRATIVE:
            assert wording(profile)(f"collection.ask.{name}")
            assert wording(profile)(f"collection.label.{name}")

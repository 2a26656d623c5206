from pathlib import Path

import pytest

from casekit.cli import run
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import dossier, privilege_log, production
from casekit.ops import boxes, clawback, exhibits, privilege, pseudonyms, redactions
from casekit.ops.boxes import NewBox
from casekit.ops.clawback import Notice
from casekit.queries import items
from casekit.queries.boxes import EVERYTHING, BoxWord
from casekit.queries.names import check_name, odd_signs
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item

SECRET = "Strategie für Vergleich.txt"


@pytest.fixture
def guarded(case: Case, tmp_path: Path) -> Case:
    """A case in which a document and its name are privileged, and words of another are redacted."""
    texts = {
        SECRET: "We would settle at four million.",
        "Re: Letter.txt": "A short one.",
        "minutes.txt": "The code name of the project is Blue Heron. Call 212-555-0147 about it.",
    }
    for name, text in texts.items():
        (tmp_path / name.replace(":", "")).write_text(text, "utf-8")
    ingest(case, [tmp_path / name.replace(":", "") for name in sorted(texts)])
    with case.write() as s:
        from casekit.queries.items import rows

        ids = {row.name: row.id for row in rows(s, [1, 2, 3])}
        privilege.assert_privilege(s, [ids[SECRET], ids["Re Letter.txt"]], "attorney-client")
        minutes = ids["minutes.txt"]
        text = texts["minutes.txt"]
        for words in ("Blue Heron", "212-555-0147"):
            start = text.index(words)
            redactions.redact(s, [(minutes, "body", start, start + len(words))], "confidential")
        exhibits.mark_exhibit(s, minutes, "A-1")
    return case


@pytest.mark.parametrize(
    "name",
    [
        "Strategie für Vergleich.pdf",
        "STRATEGIE_FUR-VERGLEICH (final).pdf",  # without its accent
        "Strategie fu\u0308r Vergleich.pdf",  # as a Mac writes it
        "on the strategie für vergleich of May.pdf",
    ],
)
def test_a_name_with_a_privileged_title_is_refused(guarded: Case, name: str) -> None:
    with guarded.read() as s, pytest.raises(CaseKitError, match="withheld as privileged"):
        check_name(s, name)


@pytest.mark.parametrize(
    "name", ["blue_heron.pdf", "Aurora Blue-Heron draft.pdf", "2125550147.pdf"]
)
def test_a_name_with_redacted_words_is_refused_and_they_are_not_told(
    guarded: Case, name: str
) -> None:
    with guarded.read() as s, pytest.raises(CaseKitError, match="redaction no") as refused:
        check_name(s, name)
    told = str(refused.value).replace(name, "").lower()
    assert "heron" not in told
    assert "0147" not in told


@pytest.mark.parametrize(
    "name",
    [
        "dossier.pdf", "Aurora v Meridian exhibits.pdf", "letter brief.pdf", "Vergleich.pdf",
        "blue sky.pdf", "heron.pdf",
    ],
)  # fmt: skip
def test_other_names_pass(guarded: Case, name: str) -> None:
    with guarded.read() as s:
        check_name(s, name)


def test_signs_that_filing_systems_refuse_are_named(guarded: Case, tmp_path: Path) -> None:
    assert odd_signs("Aurora v Meridian - exhibits_2.pdf") == ""
    assert odd_signs("Ex. A (final).pdf") == ".()"
    decide_all(guarded)
    made = dossier.write(guarded, DossierSpec(), tmp_path / "Ex. A (final).pdf")
    assert [p for p in made.problems if "holds . ( )" in p]
    made = dossier.write(guarded, DossierSpec(profile="archive"), tmp_path / "Ex. A.pdf")
    assert not [p for p in made.problems if "holds" in p]


def test_all_that_leaves_is_named_so(guarded: Case, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    bad = "Blue Heron"
    head = guarded.head()
    with pytest.raises(CaseKitError, match="cannot be used"):
        dossier.write(guarded, DossierSpec(), tmp_path / f"{bad}.pdf", issue=True)
    with pytest.raises(CaseKitError, match="cannot be used"):
        privilege_log.write(guarded, tmp_path / f"{bad}.xlsx")
    decide_all(guarded)
    head = guarded.head()
    volume = production.plan(guarded, "kind:document")
    with pytest.raises(CaseKitError, match="cannot be used"):
        production.write(guarded, volume, tmp_path / bad)
    assert run(["dossier", str(guarded.folder), str(tmp_path / f"{bad}.pdf")]) != 0
    assert sorted(tmp_path.iterdir()) == before
    assert guarded.head() == head


def test_a_case_whose_matter_is_called_as_a_privileged_item_keeps_its_name(
    case: Case, tmp_path: Path
) -> None:
    with case.read() as s:
        from casekit.queries import matter

        name = matter.get(s).name
    (tmp_path / f"{name}.txt").write_text("Privileged.")
    ingest(case, [tmp_path / f"{name}.txt"])
    with case.write() as s:
        privilege.assert_privilege(s, [1], "work-product")
    with case.read() as s:
        check_name(s, f"{name} dossier.pdf")


def test_a_value_with_a_pseudonym_is_in_no_name(case: Case) -> None:
    with case.write() as s:
        pseudonyms.give(s, "person", ["Ann Lee"])
    with case.read() as s:
        check_name(s, "Ann Leeds.pdf")
        with pytest.raises(CaseKitError, match="as pseudonym 1"):
            check_name(s, "lee, ann (draft).pdf")


def test_a_name_with_words_that_lie_under_a_box_is_refused(case: Case, tmp_path: Path) -> None:
    report = make_item("report")
    report.columns |= {"media_type": "application/pdf", "pages": 1}
    file_items(case, [report], tmp_path)
    word = BoxWord("Ravensworth", 100_000, 100_000, 200_000, 120_000, 0, 11)
    with case.write() as s:
        boxes.add_boxes(s, [NewBox(1, 1, EVERYTHING, words=(word,), source="text")], "privacy")
    with case.read() as s:
        check_name(s, "dossier.pdf")
        with pytest.raises(CaseKitError, match="redaction box 1"):
            check_name(s, "ravensworth.pdf")


def test_a_name_with_what_is_sequestered_is_refused(case: Case, tmp_path: Path) -> None:
    text = "The harbour audit was called Osprey."
    file = tmp_path / "Reserve for the harbour audit.txt"
    file.write_text(text)
    ingest(case, [file])
    with case.write() as s:
        redactions.redact(
            s, [(1, "body", text.index("Osprey"), text.index("Osprey") + 6)], "privacy"
        )
        clawback.receive_notice(s, Notice("Meridian", ["item 1"], reference="letter of 3 March"))
    with case.read() as s:
        with pytest.raises(
            CaseKitError, match="item 1, which is withheld as privileged or sequest"
        ):
            check_name(s, "Reserve for the harbour audit.pdf")
        with pytest.raises(CaseKitError, match=r"redaction no\. 1"):
            check_name(s, "Osprey.pdf")
        check_name(s, "Aurora.pdf")
        assert items.item_ids(s).tolist() == []  # hidden from this session as before

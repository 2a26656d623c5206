import zipfile
from pathlib import Path

import pytest

from casekit.dossier.packed import texts_of
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.jobs import companion, dossier
from casekit.ops import events, exhibits, privilege, redactions
from casekit.ops.journal import Act
from casekit.queries.clearance import Undecided
from casekit.queries.conflicts import PrivilegeConflict
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item, make_mail

NAME = "Jonathan Quillfeather Vandermeer Osgood"


@pytest.fixture
def listed(case: Case, tmp_path: Path) -> Case:
    """Two dated mails as exhibits, one withheld mail."""
    mails = [
        make_mail(f"Mail {n}", "a@x.example", "b@x.example", n * 86_400_000_000) for n in (1, 2, 3)
    ]
    file_items(case, mails, tmp_path)
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
        exhibits.mark_exhibit(s, 2, "A-2")
        privilege.assert_privilege(s, [3], "attorney-client", note="Advice")
    decide_all(case)
    return case


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
@pytest.mark.parametrize("kind", ["index", "chronology", "privilege"])
def test_every_list_is_written_twice_with_the_same_bytes(
    kind: companion.Kind, ending: str, listed: Case, tmp_path: Path
) -> None:
    outs = [tmp_path / f"{n}.{ending}" for n in (1, 2)]
    rows = [companion.write(listed, kind, out).rows for out in outs]
    assert rows == [1 if kind == "privilege" else 2] * 2
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert [p.name for p in tmp_path.glob(".*part")] == []


def test_what_is_undecided_blocks_the_lists_that_name_it(listed: Case, tmp_path: Path) -> None:
    with listed.write() as s:
        privilege.reopen_items(s, [2])
    for kind in ("index", "chronology"):
        with pytest.raises(Undecided, match="item 2 “Mail 2”"):
            companion.write(listed, kind, tmp_path / "a.docx")
    assert not (tmp_path / "a.docx").exists()
    companion.write(listed, "privilege", tmp_path / "a.docx")  # names what is withheld alone


def test_what_blocks_a_dossier_blocks_its_lists(listed: Case, tmp_path: Path) -> None:
    copy = make_mail("Mail 3", "a@x.example", "b@x.example", 3 * 86_400_000_000)
    file_items(listed, [copy], tmp_path, "again.txt")
    with listed.write() as s:
        exhibits.mark_exhibit(s, 4, "A-3")
    for kind in ("index", "chronology"):
        with pytest.raises(PrivilegeConflict):
            companion.write(listed, kind, tmp_path / "a.docx")
    assert not (tmp_path / "a.docx").exists()


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_words_redacted_elsewhere_block_a_list_that_tells_them(
    ending: str, listed: Case, tmp_path: Path
) -> None:
    new = make_item("Note")
    new.texts = [("body", f"Pay {NAME} today.")]
    file_items(listed, [new], tmp_path, "note.txt")
    with listed.write() as s:
        redactions.redact(s, [(4, "body", 4, 4 + len(NAME))], "privacy")
        privilege.describe(s, [3], f"Advice on what {NAME} said")
    with pytest.raises(CaseKitError, match=r"redaction no\. 1"):
        companion.write(listed, "privilege", tmp_path / f"a.{ending}")
    assert list(tmp_path.glob(f"*.{ending}*")) == []
    companion.write(listed, "index", tmp_path / f"a.{ending}")


def test_the_finished_file_is_read_back(
    listed: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = make_item("Note")
    new.texts = [("body", f"Pay {NAME} today.")]
    file_items(listed, [new], tmp_path, "note.txt")
    with listed.write() as s:
        redactions.redact(s, [(4, "body", 4, 4 + len(NAME))], "privacy")

    def leak(made: object, path: Path) -> None:
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("docProps/app.xml", f"<Manager>{NAME}</Manager>")

    monkeypatch.setattr(companion, "write_word", leak)
    with pytest.raises(CaseKitError, match=r"docProps/app\.xml"):
        companion.write(listed, "index", tmp_path / "a.docx")
    assert list(tmp_path.glob("*.docx*")) == []


def test_nothing_to_list_and_wrong_places_are_refused(case: Case, tmp_path: Path) -> None:
    for kind, match in (
        ("index", "no exhibit"), ("issued", "Nothing was issued"), ("trial", "no exhibit"),
        ("chronology", "No exhibit"),
        ("privilege", "Nothing is withheld"),
        ("redactions", "Nothing in the exhibits"),
    ):  # fmt: skip
        with pytest.raises(CaseKitError, match=match):
            companion.write(case, kind, tmp_path / "a.docx")  # type: ignore[arg-type]
    with pytest.raises(CaseKitError, match="name the file so"):
        companion.write(case, "index", tmp_path / "a.pdf")
    with pytest.raises(CaseKitError, match="is not there"):
        companion.write(case, "index", tmp_path / "absent" / "a.docx")


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_list_is_judged_by_what_it_prints_alone(
    ending: str, listed: Case, tmp_path: Path
) -> None:
    """Neither the log nor the texts of exhibits stand in an index; a dossier with either is still refused."""
    new = make_item("Note")
    new.texts = [("body", f"Pay {NAME} today.")]
    telling = make_item("Memo")
    telling.texts = [("body", f"{NAME} was paid.")]
    file_items(listed, [new, telling], tmp_path, "note.txt")
    with listed.write() as s:
        redactions.redact(s, [(4, "body", 4, 4 + len(NAME))], "privacy")
        exhibits.mark_exhibit(s, 5, "A-3", title="Memo")
        Act(s, "verify", f"Letter to {NAME} verified", act_class="custody").record(extra={"n": 1})
    decide_all(listed)
    assert companion.write(listed, "index", tmp_path / f"a.{ending}").rows == 3
    refused = (
        (("exhibits", "custody"), "the custody of the dossier: redaction"),
        (("exhibits",), "A-3, text: redaction"),
    )
    for sections, said in refused:
        with pytest.raises(CaseKitError, match=said):
            dossier.write(listed, DossierSpec(sections=sections), tmp_path / "d.pdf")
    with listed.write() as s:
        exhibits.unmark_exhibit(s, "A-3")
    dossier.write(listed, DossierSpec(sections=("exhibits",)), tmp_path / "d.pdf")


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_events_stand_in_the_chronology_by_choice(
    listed: Case, tmp_path: Path, ending: str
) -> None:
    with listed.write() as s:
        events.add_event(s, "=Talks began", "2025-11", kind="other")
    spec = DossierSpec(events="all")
    made = companion.write(listed, "chronology", tmp_path / f"with{ending}", spec)
    without = companion.write(listed, "chronology", tmp_path / f"without{ending}")
    assert made.rows == without.rows + 1
    told = "\n".join(text for _, text in texts_of(made.path))
    assert "Event: =Talks began" in told
    assert "2025-11" in told
    assert "Stated by counsel" in told

import json
import zipfile
from pathlib import Path

import pytest

from casekit.dossier.load_file import read_dat
from casekit.dossier.spec import DossierSpec
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import companion, dossier, overlay, production, provenance
from casekit.ops import exhibits, tiers
from casekit.queries import custody
from casekit.queries.issued import issued
from casekit.queries.tiers import TierConflict
from casekit.store.case import Case
from tests.builders import decide_all

MAIL = b"From: a@x.example\nTo: b@x.example\nSubject: m%d\nMessage-ID: <m%d@x>\n\nWords %d.\n"
COUNSEL, PARTY = "Jane Roe, opposing-counsel", "Meridian Ltd, opposing-party"
EYES = "HIGHLY CONFIDENTIAL – ATTORNEYS’ EYES ONLY"


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """Three mails as exhibits: the first of no tier, the second confidential, the third for counsel alone."""
    for no in (1, 2, 3):
        (tmp_path / f"{no}.eml").write_bytes(MAIL % (no, no, no))
        ingest(case, [tmp_path / f"{no}.eml"])
    with case.write() as s:
        for no in (1, 2, 3):
            exhibits.mark_exhibit(s, no, f"A-{no}")
        tiers.choose_order(s, "us-protective-order")
        tiers.give_tier(s, [2], "Confidential")
        tiers.give_tier(s, [3], "Attorneys’ Eyes Only")
    decide_all(case)
    return case


def _text(pdf: Path) -> str:
    import subprocess

    return subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True
    ).stdout.decode()


def test_a_dossier_is_issued_to_who_may_see_all_of_it(filed: Case, tmp_path: Path) -> None:
    out = tmp_path / "out" / "d.pdf"
    with pytest.raises(TierConflict, match="say who receives"):
        dossier.write(filed, DossierSpec(), out, issue=True)
    with pytest.raises(TierConflict, match="Eyes Only: item 3") as refused:
        dossier.write(filed, DossierSpec(recipients=(COUNSEL, PARTY)), out, issue=True)
    assert "item 2" not in str(refused.value)
    assert not out.exists()
    with filed.read() as s:
        assert issued(s) == []
    made = dossier.write(filed, DossierSpec(recipients=(COUNSEL,)), out, issue=True)
    told = json.loads(made.manifest.read_bytes())
    assert told["recipients"] == [{"name": "Jane Roe", "role": "opposing-counsel"}]
    with filed.read() as s:
        assert [one.recipients for one in issued(s)] == [(COUNSEL,)]
        last = custody.entries(s, act_class="custody")[-1]
        assert last.op == "production.issue"
    pages = _text(out).split("\f")
    first = {n: next(p for p in pages if f"Words {n}." in p) for n in (1, 2, 3)}
    assert "CONFIDENTIAL" not in first[1]
    assert "CONFIDENTIAL" in first[2]
    assert EYES not in first[2]
    assert EYES in first[3]
    assert EYES in pages[0]


def test_a_draft_without_recipients_says_so(filed: Case, tmp_path: Path) -> None:
    made = dossier.write(filed, DossierSpec(), tmp_path / "d.pdf")
    assert any("No recipient is named" in each for each in made.problems)
    assert "no recipient named" in _text(tmp_path / "d.pdf")


def test_a_part_that_a_recipient_may_see_goes(filed: Case, tmp_path: Path) -> None:
    spec = DossierSpec(exhibits=("A-1", "A-2"), recipients=(PARTY,))
    dossier.write(filed, spec, tmp_path / "d.pdf", issue=True)
    assert EYES not in _text(tmp_path / "d.pdf")


def test_a_tier_given_after_the_plan_stops_the_issue(filed: Case, tmp_path: Path) -> None:
    planned = production.plan(filed, "id:1", Wish(prefix="ABC", recipients=(PARTY,)))
    with filed.write() as s:
        tiers.give_tier(s, [1], "Source Code")
    with pytest.raises(CaseKitError, match="tier has been given or changed"):
        production.write(filed, planned, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_production_and_its_overlay_bear_the_tier_of_each_document(
    filed: Case, tmp_path: Path
) -> None:
    with pytest.raises(TierConflict, match="say who receives"):
        production.plan(filed, "*", Wish(prefix="ABC"))
    with pytest.raises(TierConflict, match="Eyes Only: item 3"):
        production.plan(filed, "*", Wish(prefix="ABC", recipients=(PARTY,)))
    wish = Wish(prefix="ABC", images="pdf", recipients=(COUNSEL,))
    made = production.write(filed, production.plan(filed, "*", wish), tmp_path / "out")
    rows = {r["SUBJECT"]: r for r in read_dat((made.path / "DATA/VOL001.DAT").read_bytes())}
    stamps = {1: "", 2: "CONFIDENTIAL", 3: EYES}
    for no, stamp in stamps.items():
        row = rows[f"m{no}"]
        assert row["CONFIDENTIALITY"] == stamp
        (page,) = made.path.rglob(f"{row['BEGBATES']}.pdf")
        assert stamp in _text(page)
        assert ("CONFIDENTIAL" in _text(page)) == bool(stamp)
    told = json.loads((made.path / "manifest.json").read_bytes())
    assert told["recipients"] == [{"name": "Jane Roe", "role": "opposing-counsel"}]
    with filed.write() as s:
        tiers.give_tier(s, [1], "Source Code")
    with pytest.raises(TierConflict, match="say who receives"):
        overlay.plan(filed, "*")
    with pytest.raises(TierConflict, match="Source Code: item 1"):
        overlay.plan(filed, "*", recipients=[PARTY])
    path = overlay.write(filed, overlay.plan(filed, "*", recipients=[COUNSEL]), tmp_path / "out")
    (row,) = read_dat(next(path.glob("DATA/*.DAT")).read_bytes())
    assert row["CONFIDENTIALITY"] == "HIGHLY CONFIDENTIAL – SOURCE CODE"
    wish = Wish(replace=(rows["m1"]["BEGBATES"],), reason="Tier", recipients=(PARTY,))
    with pytest.raises(TierConflict, match="Source Code: item 1"):
        production.plan(filed, "", wish)
    with filed.read() as s:
        assert [(one.kind, one.recipients) for one in issued(s)] == [
            ("volume", (COUNSEL,)), ("overlay", (COUNSEL,)),
        ]  # fmt: skip


def test_a_list_tells_nothing_to_who_may_not_see_it(filed: Case, tmp_path: Path) -> None:
    out = tmp_path / "a.docx"
    with pytest.raises(TierConflict, match="Eyes Only: item 3"):
        companion.write(filed, "index", out, DossierSpec(recipients=(PARTY,)))
    assert not out.exists()
    companion.write(filed, "index", out)
    assert "Not for release" in zipfile.ZipFile(out).read("word/document.xml").decode()
    companion.write(filed, "index", out, DossierSpec(recipients=(COUNSEL,)))
    text = zipfile.ZipFile(out).read("word/document.xml").decode()
    assert "Not for release" not in text
    assert EYES in text


def test_the_provenance_tells_nothing_to_who_may_not_see_it(filed: Case, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonld"
    with pytest.raises(TierConflict, match="say who receives"):
        provenance.write(filed, out)
    with pytest.raises(TierConflict, match="Eyes Only: item 3"):
        provenance.write(filed, out, DossierSpec(recipients=(PARTY,)))
    assert not out.exists()
    provenance.write(filed, out, DossierSpec(recipients=(COUNSEL,)))
    assert out.exists()


def test_a_matter_without_an_order_asks_for_nobody(filed: Case, tmp_path: Path) -> None:
    with filed.write() as s:
        tiers.give_tier(s, [2, 3], "")
        tiers.choose_order(s, "none")
    dossier.write(filed, DossierSpec(), tmp_path / "d.pdf", issue=True)
    assert "recipients" not in json.loads((tmp_path / "d.manifest.json").read_bytes())

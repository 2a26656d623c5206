from pathlib import Path

import pytest

from casekit.dossier.load_file import read_dat
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.ingest.provenance import Provenance
from casekit.jobs import overlay, production
from casekit.jobs.verify_volume import verify_volume
from casekit.ops import privilege, redactions
from casekit.queries import items
from casekit.queries.productions import last_fields, register
from casekit.store.case import Case
from tests.builders import decide_all

MAIL = b"From: a@x.example\nTo: b@x.example\nSubject: %s\nMessage-ID: <%s@x>\n\n%s"


@pytest.fixture
def handed_over(case: Case, tmp_path: Path) -> Case:
    """Three mails, of which the first two were handed over in VOL001."""
    for no in (1, 2, 3):
        (tmp_path / f"{no}.eml").write_bytes(MAIL % (b"m%d" % no, b"m%d" % no, b"walnut"))
        ingest(case, [tmp_path / f"{no}.eml"])
    decide_all(case)
    volume = production.plan(case, "id:1 OR id:2", Wish(prefix="ABC", designation="CONFIDENTIAL"))
    production.write(case, volume, tmp_path / "out")
    return case


def _rows(path: Path) -> list[dict[str, str]]:
    return read_dat(next(path.glob("DATA/*.DAT")).read_bytes())


def test_only_what_changed_is_told(handed_over: Case, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    twin = tmp_path / "again" / "1.eml"
    twin.write_bytes((tmp_path / "1.eml").read_bytes())
    ingest(handed_over, [twin], provenance=Provenance(custodian="Ann"))
    planned = overlay.plan(handed_over, "*", designation="CONFIDENTIAL")
    path = overlay.write(handed_over, planned, tmp_path / "out")
    assert path.name == "OVL001"
    assert _rows(path) == [{"BEGBATES": "ABC-0000001", "CUSTODIAN": "Ann", "ALLCUSTODIANS": "Ann"}]
    assert planned.unknown == 1
    assert verify_volume(path).damaged == []
    with handed_over.read() as s:
        assert last_fields(s)[1]["CUSTODIAN"] == "Ann"
        assert [(r.first, r.last, r.production) for r in register(s)] == [(1, 2, "VOL001")]
    with pytest.raises(CaseKitError, match="nothing to overlay"):
        overlay.plan(handed_over, "*", designation="CONFIDENTIAL")


def test_a_new_designation_goes_to_all(handed_over: Case, tmp_path: Path) -> None:
    planned = overlay.plan(handed_over, "*", designation="HIGHLY CONFIDENTIAL")
    path = overlay.write(handed_over, planned, tmp_path / "out")
    assert [row["CONFIDENTIALITY"] for row in _rows(path)] == ["HIGHLY CONFIDENTIAL"] * 2
    assert {tuple(row) for row in _rows(path)} == {("BEGBATES", "CONFIDENTIALITY")}


def test_what_is_withheld_by_now_is_left_out(handed_over: Case) -> None:
    with handed_over.write() as s:
        privilege.assert_privilege(s, [2], "other")
    planned = overlay.plan(handed_over, "*", designation="NEW")
    assert [row["BEGBATES"] for row in planned.rows] == ["ABC-0000001"]


def test_redacted_words_and_changes_meanwhile_stop_it(handed_over: Case, tmp_path: Path) -> None:
    planned = overlay.plan(handed_over, "*", designation="walnut only")
    with handed_over.read() as s:
        assert items.view(s, 3).text("body").startswith("walnut")
    with handed_over.write() as s:
        redactions.redact(s, [(3, "body", 0, 6)], "privacy")
    with pytest.raises(CaseKitError, match="The overlay would tell"):
        overlay.write(handed_over, planned, tmp_path / "out")
    other = overlay.plan(handed_over, "*", designation="other")
    with handed_over.write() as s:
        redactions.redact(s, [(3, "body", 0, 3)], "privacy")
    with pytest.raises(CaseKitError, match="since this was planned"):
        overlay.write(handed_over, other, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["VOL001"]


def test_redacted_words_behind_code_points_stop_it(handed_over: Case, tmp_path: Path) -> None:
    """A sign that has no place in the load file stands there as its code point, and cuts a word in two."""
    (tmp_path / "4.txt").write_text("þornfield is the place.", encoding="utf-8")
    ingest(handed_over, [tmp_path / "4.txt"])
    with handed_over.write() as s:
        redactions.redact(s, [(4, "body", 0, 9)], "privacy")
    planned = overlay.plan(handed_over, "kind:mail", designation="þornfield")
    assert planned.rows[0]["CONFIDENTIALITY"] == "[U+00FE]ornfield"
    with pytest.raises(CaseKitError, match="The overlay would tell"):
        overlay.write(handed_over, planned, tmp_path / "out")

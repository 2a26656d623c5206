from pathlib import Path

import pytest

from casekit.dossier.spec import DossierSpec
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import ingest
from casekit.jobs import dossier
from casekit.ops import exhibits, privilege
from casekit.queries import exhibits as exhibit_queries
from casekit.store.case import Case


@pytest.fixture
def marked(case: Case, tmp_path: Path) -> Case:
    (tmp_path / "note.txt").write_bytes(b"What was seen.")
    ingest(case, [tmp_path / "note.txt"])
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
    return case


def test_a_draft_records_nothing_and_an_issue_freezes(marked: Case, tmp_path: Path) -> None:
    head = marked.head()
    dossier.write(marked, DossierSpec(), tmp_path / "draft.pdf")
    assert marked.head() == head
    issued = dossier.write(marked, DossierSpec(), tmp_path / "issued.pdf", issue=True)
    assert marked.head() == head + 1
    with marked.read() as s:
        (row,) = exhibit_queries.exhibits(s)
    assert row.bates_first.endswith("-0000001")
    with pytest.raises(CaseKitError, match="never replaces"):
        dossier.write(marked, DossierSpec(), issued.path, issue=True)


def test_a_cancelled_dossier_leaves_nothing(marked: Case, tmp_path: Path) -> None:
    class Stop:
        def step(self, done: int, total: int | None, text: str) -> None:
            raise Cancelled

    out = tmp_path / "out" / "d.pdf"
    with pytest.raises(Cancelled):
        dossier.write(marked, DossierSpec(), out, Stop())
    assert list(out.parent.iterdir()) == []


def test_an_item_withheld_after_planning_stops_the_issue(
    marked: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = dossier.render

    def render_while_counsel_withholds(*arguments: object) -> object:
        with marked.write() as s:
            privilege.assert_privilege(s, [1], "work-product")
        return render(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(dossier, "render", render_while_counsel_withholds)
    with pytest.raises(CaseKitError, match="withheld"):
        dossier.write(marked, DossierSpec(), tmp_path / "d.pdf", issue=True)
    assert list(tmp_path.glob("d.*")) == []

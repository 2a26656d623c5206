import dataclasses
import json
import random
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from casekit.dossier.draw import Drawing
from casekit.dossier.flow import Page, Text
from casekit.dossier.in_parts import PartFile
from casekit.dossier.plan import plan
from casekit.dossier.sheet import Pages
from casekit.dossier.spec import DossierSpec
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import ingest
from casekit.jobs import dossier
from casekit.ops import boxes, exhibits, privilege, redactions
from casekit.queries import exhibits as exhibit_queries
from casekit.queries.boxes import Rect
from casekit.store.case import Case
from casekit.store.tables import item
from tests import verapdf
from tests.builders import decide_all


@pytest.fixture
def marked(case: Case, tmp_path: Path) -> Case:
    (tmp_path / "note.txt").write_bytes(b"What was seen.")
    ingest(case, [tmp_path / "note.txt"])
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
    decide_all(case)
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


def test_nothing_replaces_an_issued_dossier_or_what_lies_beside_one(
    marked: Case, tmp_path: Path
) -> None:
    out = tmp_path / "d.pdf"
    dossier.write(marked, DossierSpec(title="Old"), out)
    dossier.write(marked, DossierSpec(), out)  # a draft may replace a draft
    for path in tmp_path.glob("d.*"):
        path.unlink()
    dossier.write(marked, DossierSpec(), out, issue=True)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("d.*")}
    with pytest.raises(CaseKitError, match="issued or signed"):
        dossier.write(marked, DossierSpec(), out)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("d.*")} == before
    out.unlink()  # moved elsewhere, its manifest left behind
    for issue in (False, True):
        with pytest.raises(CaseKitError, match="issued or signed"):
            dossier.write(marked, DossierSpec(), out, issue=issue)
    (tmp_path / "e.pdf.p7s").write_bytes(b"a signature left behind")
    with pytest.raises(CaseKitError, match="issued or signed"):
        dossier.write(marked, DossierSpec(), tmp_path / "e.pdf", issue=True)


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


def test_a_leak_that_only_the_finished_file_shows_stops_it(
    marked: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a fault in the drawing would make it: no plan holds the words, the pages do."""
    with marked.write() as s:
        redactions.redact(s, [(1, "body", 5, 13)], "privacy")
    dossier.write(marked, DossierSpec(), tmp_path / "sound.pdf")
    page = Drawing.page

    def page_with_more(self: Drawing, drawn: Page, *others: Any) -> None:
        first = next(op for op in drawn.ops if isinstance(op, Text))
        more = dataclasses.replace(first, y=300.0, runs=((first.runs[0][0], "was seen"),))
        page(self, dataclasses.replace(drawn, ops=[*drawn.ops, more]), *others)

    monkeypatch.setattr(Drawing, "page", page_with_more)
    with pytest.raises(CaseKitError, match=r"page 1: redaction no\. 1 \(item 1\)"):
        dossier.write(marked, DossierSpec(), tmp_path / "d.pdf", issue=True)
    assert list(tmp_path.glob("d.*")) == []
    with marked.read() as s:
        assert exhibit_queries.exhibits(s)[0].bates_first == ""


def test_pictures_that_were_never_read_are_named_where_words_are_withheld(
    marked: Case, tmp_path: Path
) -> None:
    Image.new("RGB", (40, 30), "#1F4E79").save(tmp_path / "shot.png")
    ingest(marked, [tmp_path / "shot.png"])
    with marked.write() as s:
        exhibits.mark_exhibit(s, 2, "A-2")
    assert dossier.write(marked, DossierSpec(), tmp_path / "1.pdf").problems == ()
    with marked.write() as s:
        redactions.redact(s, [(1, "body", 5, 13)], "privacy")
    (problem,) = dossier.write(marked, DossierSpec(), tmp_path / "2.pdf").problems
    assert problem.startswith("Exhibit A-2: ")
    assert "pages 1, " in problem


def pictures_on(page: pikepdf.Page) -> int:
    """How many pictures a page draws."""
    held = page.Resources.get("/XObject", {})
    names = [str(step.operands[0]) for step in pikepdf.parse_content_stream(page, "Do")]
    return sum(str(held[name].get("/Subtype")) == "/Image" for name in names)


@pytest.mark.corpus
@pytest.mark.slow
def test_real_pdfs_are_printed_page_for_page(case: Case, corpus: Path, tmp_path: Path) -> None:
    """Two hundred of many hundred foreign PDFs: each page is there, and all that is written is PDF/A."""
    files = sorted((corpus / "pdf").rglob("*.pdf"))
    random.Random(20260101).shuffle(files)
    ingest(case, files[:260])
    with case.write() as s:
        whole = (item.c.media_type == "application/pdf") & item.c.parent_id.is_(None)
        rows = s.execute(select(item.c.id, item.c.pages).where(whole).order_by(item.c.id))
        chosen = [row for row in rows if row.pages][:200]
        for no, row in enumerate(chosen, 1):
            exhibits.mark_exhibit(s, row.id, f"F-{no}")
    assert len(chosen) == 200
    made = dossier.write(case, DossierSpec(), tmp_path / "out" / "foreign.pdf")
    lost = [each for each in made.problems if each.startswith("Page ")]
    told = [each.split(" of ")[1].split(" ")[0] for each in lost]
    assert set(told) <= {
        "boundingBox_invalid.pdf",
        "poppler-937-0-fuzzed.pdf",
    }  # damaged on purpose
    others = [each for each in made.problems if each not in lost]
    assert all(each.startswith("Exhibit F-") and "5.2" in each for each in others)
    with case.read() as s:
        blocks = [block for chapter in plan(s).exhibits for block in chapter.blocks]
    wanted = sum(len(block.pages) for block in blocks if isinstance(block, Pages))
    assert wanted >= sum(row.pages for row in chosen)
    with pikepdf.open(made.path) as pdf:
        assert sum(pictures_on(page) for page in pdf.pages) == wanted - len(lost)
    if not (why := verapdf.missing()):
        assert verapdf.failures(made.path, "2u") == {}
    else:
        pytest.skip(f"all pages are there; PDF/A was not proved, because {why}")


@pytest.fixture
def scanned(marked: Case, tmp_path: Path) -> Case:
    """A second exhibit: a scan of four pages that no compression makes small."""
    noise = random.Random(4)
    pages = [Image.frombytes("L", (300, 400), noise.randbytes(120_000)) for _ in range(4)]
    pages[0].save(tmp_path / "scan.pdf", "PDF", save_all=True, append_images=pages[1:], quality=95)
    ingest(marked, [tmp_path / "scan.pdf"])
    decide_all(marked)
    with marked.write() as s:
        exhibits.mark_exhibit(s, 2, "A-2")
    return marked


def test_boxes_are_proved_on_the_page_that_they_have_in_their_part(
    scanned: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scanned.write() as s:
        boxes.add_boxes(
            s,
            [boxes.NewBox(2, n, Rect(100_000, 100_000, 600_000, 300_000)) for n in (1, 4)],
            "privacy",
        )
    spec = DossierSpec(limit_mb=1.0)
    made = dossier.write(scanned, spec, tmp_path / "d.pdf", pixels=False)
    assert len(made.parts) >= 3
    monkeypatch.setattr(PartFile, "page", lambda self, no: no)
    with pytest.raises(CaseKitError):
        dossier.write(scanned, spec, tmp_path / "e.pdf", pixels=False)
    assert list(tmp_path.glob("e*")) == []


def test_a_leak_in_any_part_stops_all_of_them(
    scanned: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scanned.write() as s:
        redactions.redact(s, [(1, "body", 5, 13)], "privacy")
    spec = DossierSpec(limit_mb=1.0)
    sound = dossier.write(scanned, spec, tmp_path / "sound.pdf")
    assert len(sound.parts) >= 3
    manifest = json.loads(sound.manifest.read_bytes())
    last = manifest["parts"][-1]["last"]
    page = Drawing.page

    def page_with_more(self: Drawing, drawn: Page, *others: Any) -> None:
        if drawn.no == last:
            first = next(op for op in drawn.ops if isinstance(op, Text))
            more = dataclasses.replace(first, y=300.0, runs=((first.runs[0][0], "was seen"),))
            drawn = dataclasses.replace(drawn, ops=[*drawn.ops, more])
        page(self, drawn, *others)

    monkeypatch.setattr(Drawing, "page", page_with_more)
    with pytest.raises(CaseKitError, match=r"redaction no\. 1"):
        dossier.write(scanned, spec, tmp_path / "d.pdf", issue=True)
    assert list(tmp_path.glob("d*")) == []


def test_a_draft_in_parts_replaces_no_part_of_another_dossier(
    scanned: Case, tmp_path: Path
) -> None:
    spec = DossierSpec(limit_mb=1.0)
    made = dossier.write(scanned, spec, tmp_path / "d.pdf", issue=True)
    before = {path: path.read_bytes() for path in made.files}
    with pytest.raises(CaseKitError, match="issued or signed"):
        dossier.write(scanned, DossierSpec(), tmp_path / "d.pdf")
    with pytest.raises(CaseKitError, match="already there"):
        dossier.write(scanned, spec, tmp_path / "d.pdf", issue=True)
    for part in made.parts:  # chosen in the dialog as the place of a draft
        with pytest.raises(CaseKitError, match="issued or signed"):
            dossier.write(scanned, DossierSpec(), part)
    assert {path: path.read_bytes() for path in made.files} == before
    made.manifest.unlink()  # the manifest was moved elsewhere
    for wish in (spec, DossierSpec(limit_mb=30)):
        with pytest.raises(CaseKitError, match="belongs to no draft"):
            dossier.write(scanned, wish, tmp_path / "d.pdf")
    dossier.write(scanned, DossierSpec(), tmp_path / "d.pdf")
    assert all(path.read_bytes() == before[path] for path in made.parts)

from __future__ import annotations

from pathlib import Path

import pytest

from casekit.confine import WorkerFailed
from casekit.ingest.ocr import usual_name
from casekit.ingest.ocr.engine import PageText
from casekit.jobs.intake import take_in
from casekit.jobs.recognise import recognise
from casekit.jobs.verify import verify
from casekit.progress import Silent
from casekit.queries.items import item_ids, view
from casekit.queries.recognised import machine_texts
from casekit.search import search
from casekit.store.case import Case
from tests.ingest.documents import pdf, picture
from tests.ingest.ocr.engines import needs_engine, page, use_engine


@pytest.fixture
def scans(case: Case, tmp_path: Path) -> Case:
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "letter.png").write_bytes(page("Zebra 4711"))
    (folder / "mixed.pdf").write_bytes(pdf("Own text", ""))
    (folder / "broken.png").write_bytes(picture(size=(200, 200))[:-50])
    take_in(case, [folder])
    return case


def ids(case: Case) -> list[int]:
    with case.read() as s:
        return list(map(int, item_ids(s)))


@needs_engine
def test_what_was_read_can_be_found_and_is_marked(scans: Case) -> None:
    assert search(scans, "zebra").total == 0
    report = recognise(scans, ids(scans), Silent())
    assert (report.items, report.pages, report.with_text) == (3, 2, 1)
    assert [page for _, page, _ in report.failed] == [1]
    found = search(scans, "zebra")
    (hit,) = found.hits
    assert {span.part for span in hit.spans} == {"ocr/page/1"}
    with scans.read() as s:
        (read,) = machine_texts(s, hit.id)
        assert (read.text, read.engine) == ("Zebra 4711", usual_name())
        assert view(s, hit.id).texts == ()
    again = recognise(scans, ids(scans), Silent())
    assert (again.pages, len(again.failed)) == (0, 1)
    assert verify(scans).damaged == []


def test_a_program_that_fails_costs_its_page(scans: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(png: bytes, language: str, dpi: int) -> PageText:
        if dpi:
            return PageText("Read at 300", 88, bytes(32))
        raise WorkerFailed("ProgramFailed")

    engine = use_engine(monkeypatch, read)
    report = recognise(scans, ids(scans), Silent())
    assert engine.closed == 1
    assert (report.pages, report.with_text, len(report.failed)) == (1, 1, 2)
    assert report.as_json()["engine"] == "tesseract 9"

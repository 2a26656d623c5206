from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtGui import QDesktopServices

from casekit import jobs
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.ingest.report import IngestReport
from casekit.ingest.run import FROM_VAULT
from casekit.jobs import dossier, two_copies
from casekit.jobs.recognise import RecognitionReport
from casekit.queries import runs
from casekit.search import Hit, SearchResult
from casekit.ui.reports import Reports
from casekit.ui.sidebar import Scope
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_an_import_is_reported_and_then_indexed(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("A short letter about the cap.")
    indexed: list[int] = []
    monkeypatch.setattr(window.ask, "provenance", lambda _files: {"custodian": "Helen Marsh"})
    monkeypatch.setattr(window.long, "index", lambda _w: indexed.append(1))
    window.import_sources([file])
    rest()
    assert "Imported. Files: 1 · items: 1 · problems: 0" in window.notice.text
    assert indexed == [1]
    assert window.workspace is not None
    assert window.workspace.model.rowCount() == 385
    window.trigger("evidence.report")
    rest()
    reports = window.findChild(Reports)
    assert reports is not None
    assert "Files received\t1" in reports.text.toPlainText()
    reports.close()


def test_files_of_the_problems_listed_are_read_again(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.workspace.show_scope(Scope("problems", "Problems", kind="problems"))
    rest()
    pane = window.workspace.problems
    pane._kind.setCurrentIndex(pane._kind.findData("duplicate-key"))
    pane._kind.activated.emit(pane._kind.currentIndex())
    rest()
    pane.again.click()
    rest()
    assert "Read again. Files: " in window.notice.text
    with window.shell.case.read() as s:
        assert runs.runs(s)[0].sources == (FROM_VAULT,)


def test_text_is_recognised_in_what_is_listed_and_told(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recognise(
        _case: object, ids: list[int], _progress: object, *, language: str, engine: str
    ) -> object:
        asked.append((len(ids), language, engine))
        return RecognitionReport("tesseract 5", 1, 2, 1, [(384, 2, "The page is broken.")])

    asked: list[tuple[int, str, str]] = []
    shown: list[tuple[list[tuple[str, str]], str]] = []
    monkeypatch.setattr(jobs.recognise, "recognise", recognise)
    monkeypatch.setattr(window.ask, "recognition", lambda items: (f"eng+{items}", "rapidocr"))
    monkeypatch.setattr(
        window.ask, "report", lambda _t, _h, lines, text="": shown.append((lines, text))
    )
    window.trigger("evidence.recognise")
    rest()
    assert asked == [(384, "eng+384", "rapidocr")]
    ((lines, text),) = shown
    assert ("Pages with text", "1") in lines
    assert text == "Item 384, page 2: The page is broken."


def test_verification_names_what_is_damaged(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[str] = []
    monkeypatch.setattr(window.ask, "report", lambda _t, head, _l, text="": heads.append(head))
    window.trigger("case.verify")
    rest()
    assert len(heads) == 1


def test_a_dossier_is_written_and_its_folder_shown(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = DossierSpec("Findings", profile="archive", machine_texts=True)
    written: list[tuple[DossierSpec, bool]] = []

    def write(_case: object, spec: Any, out: Path, _progress: object, *, issue: bool) -> object:
        written.append((spec, issue))
        return SimpleNamespace(pages=12, parts=(), problems=())

    opened: list[str] = []
    monkeypatch.setattr(dossier, "write", write)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    monkeypatch.setattr(
        window.ask, "dossier", lambda _t, _f: (spec, False, tmp_path / "d.pdf", None)
    )
    window.trigger("dossier.export")
    rest()
    assert (written, opened) == ([(spec, False)], [str(tmp_path)])
    assert window.notice.text == "✓ Dossier written: 12 pages, d.pdf"

    def write_two(_case: object, _spec: Any, *rest: Any, issue: bool) -> tuple[object, object]:
        pair.append(rest[:2])
        return SimpleNamespace(
            pages=12, parts=(), problems=("Page 2 of scan.pdf cannot be read.",)
        ), SimpleNamespace()

    pair: list[Any] = []
    shown: list[str] = []
    monkeypatch.setattr(window.ask, "report", lambda _t, _h, _l, text="": shown.append(text))
    monkeypatch.setattr(two_copies, "write_two", write_two)
    window.long.write_dossier(
        window, spec, tmp_path / "d.pdf", issue=False, sealed=tmp_path / "d-SEALED.pdf"
    )
    rest()
    assert pair == [(tmp_path / "d.pdf", tmp_path / "d-SEALED.pdf")]
    assert len(written) == 1
    assert window.notice.text.endswith(
        "12 pages, d.pdf · sealed copy: d-SEALED.pdf · ▲ 1 thing to look at"
    )
    assert (shown, len(opened)) == (["Page 2 of scan.pdf cannot be read."], 1)


def test_similar_items_are_walked_and_refusals_said_in_place(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None

    def similar(_case: object, _id: int, **_more: object) -> SearchResult:
        return SearchResult((Hit(2, 0.9, meaning_score=0.9), Hit(3, 0.4, meaning_score=0.4)), 2, ())

    monkeypatch.setattr("casekit.search.similar", similar)
    window.workspace.open_item(1)
    rest()
    window.trigger("item.similar")
    rest()
    compare = window.workspace.compare
    assert compare.pair is not None
    assert (compare.pair.right.view.row.id, len(compare.pair.left.spans)) == (2, 2)
    compare._tools[1].click()
    rest()
    assert compare.pair is not None
    assert compare.pair.right.view.row.id == 3

    def refuse(_case: object, _id: int, **_more: object) -> SearchResult:
        raise CaseKitError("Item {id} cannot be compared.", id=4)

    monkeypatch.setattr("casekit.search.similar", refuse)
    window.workspace.open_item(4)
    rest()
    window.trigger("item.similar")
    rest()
    assert compare._said.text() == "▲ Item 4 cannot be compared."


def test_an_import_of_nothing_says_why_at_once(window: Window, rest: Rest) -> None:
    """A full disk was told of in the report alone."""
    why = "log.jsonl could not be taken into the case (No space left on device)."
    report = IngestReport(problems=[{"path": "log.jsonl", "text": why}])
    window.long._imported(window, report, "Imported. ")
    assert window.notice.text == f"▲ Nothing was taken in. {why}"
    assert window.notice._do.text() == "Show the report"
    rest()

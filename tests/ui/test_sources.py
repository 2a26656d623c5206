from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex

from casekit.ingest import ingest
from casekit.jobs import originals
from casekit.store.case import Case, create_case, open_case
from casekit.ui.sidebar import Scope
from casekit.ui.sources import Sources
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_pages_and_pictures_are_drawn_in_the_worker(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.workspace.open_item(383)
    rest()
    viewer = window.workspace.viewer
    window.trigger("view.pages")
    rest(lambda: not viewer.pages._picture.isNull())
    assert viewer.pages._picture.width() == 1224
    window.workspace.open_item(384)
    rest(lambda: viewer.pages._picture.width() == 320)
    assert viewer.tab == "pages"


def test_raw_bytes_are_those_of_the_pointer(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    window.workspace.open_item(5)
    rest()
    window.trigger("view.raw")
    rest()
    assert window.workspace.viewer.raw.toPlainText().startswith('{"model":')


def test_damaged_evidence_is_said_in_place(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None
    assert window.shell is not None

    def damaged(case: Case, item_id: int) -> bytes:
        return case.vault.open(bytes(32)).read()

    monkeypatch.setattr(originals, "raw_bytes", damaged)
    window.workspace.open_item(383)
    rest()
    window.trigger("view.raw")
    rest()
    assert "is missing from the case" in window.workspace.viewer.raw.toPlainText()
    window.trigger("view.pages")
    rest()
    assert "is missing from the case" in window.workspace.viewer.pages._paper.text()


def test_the_bytes_of_a_problem_in_a_packed_file_are_shown(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(b'{"prompt": "Why?", "output": "So."}\n{"cut": \n')
    (tmp_path / "a.jsonl.gz").write_bytes(packed)
    with create_case(tmp_path / "Packed", "Packed") as case:
        ingest(case, [tmp_path / "a.jsonl.gz"])
        folder = case.folder
    window.enter(open_case(folder))
    rest()
    assert window.workspace is not None
    window.workspace.show_scope(Scope("problems", "Problems", kind="problems"))
    rest()
    pane = window.workspace.problems
    pane.table.selectRow(2)
    rest(lambda: pane._bytes.toPlainText().strip() == '{"cut":')
    pane.table.clearSelection()
    pane.table.setCurrentIndex(QModelIndex())

    def damaged(case: Case, *_: object) -> bytes | None:
        return case.vault.open(bytes(32)).read()

    monkeypatch.setattr(originals, "problem_bytes", damaged)
    pane.table.selectRow(2)
    rest(lambda: "is missing from the case" in pane._bytes.toPlainText())


def test_what_is_drawn_page_by_page_is_read_once(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    case, asked, read = window.shell.case, [], originals.raw_bytes

    def counted(of: Case, item_id: int) -> bytes:
        asked.append(item_id)
        return read(of, item_id)

    monkeypatch.setattr(originals, "raw_bytes", counted)
    sources = Sources()
    one = sources._bytes_of(case, 383)
    assert sources._bytes_of(case, 383) is one
    assert sources._bytes_of(case, 384) == read(case, 384) != one
    sources.close()
    assert sources._bytes_of(case, 384) == read(case, 384)
    assert asked == [383, 384, 384]

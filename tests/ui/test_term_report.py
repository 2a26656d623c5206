from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casekit.progress import Silent
from casekit.search import filling
from casekit.ui.term_report import TermReportDialog
from casekit.ui.window import Window

Rest = Callable[..., None]


@pytest.fixture
def dialog(window: Window) -> TermReportDialog:
    assert window.shell is not None
    filling.index_pending(window.shell.case, Silent())
    window.trigger("search.report")
    (found,) = window.findChildren(TermReportDialog)
    return found


def cells(dialog: TermReportDialog, row: int) -> list[str]:
    found = [dialog.table.item(row, n) for n in range(5)]
    return [cell.text() if cell else "" for cell in found]


def test_terms_are_counted_listed_and_saved(
    window: Window, dialog: TermReportDialog, rest: Rest, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    dialog.terms.setPlainText("cap\ncap AND (\nnowhere")
    dialog.count.click()
    rest()
    assert cells(dialog, 0)[0] == "cap"
    assert cells(dialog, 1)[1:4] == ["–", "–", "–"]
    assert cells(dialog, 1)[4].startswith("▲")
    assert cells(dialog, 2)[1:4] == ["0", "0", "0"]
    hits = int(cells(dialog, 0)[1])
    assert hits > 0
    dialog.open_row(0)
    rest()
    assert window.workspace is not None
    assert window.workspace.outcome is not None
    assert window.workspace.outcome.total == hits
    assert window.search.edit.text() == "cap"
    out = tmp_path / "t.xlsx"
    monkeypatch.setattr(window.ask, "save_file", lambda *_: out)
    dialog.save.click()
    rest()
    assert out.is_file()


def test_an_empty_list_is_refused_in_place_and_a_file_fills_it(
    window: Window, dialog: TermReportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.count.click()
    assert dialog.said.text().startswith("▲ This list holds no term")
    file = tmp_path / "t.txt"
    file.write_bytes("cap\n\nflat".encode("utf-16"))
    monkeypatch.setattr(window.ask, "one_file", lambda: file)
    dialog._load()
    assert dialog.terms.toPlainText() == "cap\nflat"
    file.write_bytes(b"\xff\x00\x01x")
    dialog._load()
    assert dialog.said.text().startswith("▲ This file is not plain text")


def test_it_ends_with_its_case_while_it_counts(
    window: Window, dialog: TermReportDialog, rest: Rest
) -> None:
    dialog.terms.setPlainText("\n".join(["cap"] * 200))
    dialog.count.click()
    window.close_case()
    rest()
    assert window.findChildren(TermReportDialog) == []

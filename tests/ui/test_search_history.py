from __future__ import annotations

from collections.abc import Callable

import pytest

from casekit.progress import Silent
from casekit.search import filling
from casekit.ui.search_history import SearchHistory
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_what_was_searched_is_kept_listed_again_and_annotated(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, shell = window.workspace, window.shell
    assert workspace is not None
    assert shell is not None
    window.trigger("search.history")
    rest()
    assert window.findChildren(SearchHistory) == []
    filling.index_pending(shell.case, Silent())
    for text in ("cap", "flat", "flat"):
        workspace.change_search(text)
        rest()
    window.trigger("search.history")
    rest()
    (dialog,) = window.findChildren(SearchHistory)
    assert [run.query for run in dialog.runs] == ["flat", "cap"]
    dialog.table.selectRow(1)
    dialog.count_again()
    monkeypatch.setattr(window.ask, "text", lambda *_: "ours")
    dialog.annotate()
    rest()
    cells = [dialog.table.item(1, n) for n in (3, 4, 5)]
    hits = dialog.runs[1].hits
    assert hits > 0
    assert [c.text() for c in cells if c] == [f"{hits}", f"{hits} (+0; 0 received since)", "ours"]
    dialog.list_again()
    rest()
    assert window.search.edit.text() == "cap"

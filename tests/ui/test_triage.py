from __future__ import annotations

from collections.abc import Callable

import pytest

from casekit.queries.judgements import JudgementRow, judgements
from casekit.ui import likeness
from casekit.ui.triage import Judgements
from casekit.ui.window import Window

Rest = Callable[..., None]


def said(window: Window) -> list[tuple[int, int, str]]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return [(row.item_id, row.other_id, row.verdict) for row in judgements(s)]


@pytest.fixture
def beside(window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch) -> Window:
    """The window with Similar open on item 1, to which 2, 4 and 5 are alike."""
    monkeypatch.setattr(likeness, "similar_ids", lambda _c, _v: [(2, 0.9), (4, 0.8), (5, 0.7)])
    assert window.workspace is not None
    window.workspace.open_item(1)
    rest()
    window.trigger("similar.same")
    assert "Open Similar first" in window.notice.text
    window.trigger("item.similar")
    rest()
    return window


def test_three_keys_judge_three_hits_and_each_goes_on(beside: Window, rest: Rest) -> None:
    assert beside.workspace is not None
    compare = beside.workspace.compare
    for action, rank in (("similar.same", 2), ("hit.next", 3), ("similar.unsure", 3)):
        beside.trigger(action)
        rest()
        assert compare.pair is not None
        assert compare.pair.rank == rank
    assert said(beside) == [(1, 2, "same"), (1, 4, "different"), (1, 5, "unsure")]
    assert beside.notice.text == "All 3 similar items are judged."
    assert compare.verdicts["unsure"].isChecked()
    assert "3 judged" in compare._where.text()
    compare.verdicts["different"].click()
    rest()
    assert said(beside)[2] == (1, 5, "different")
    beside.trigger("edit.undo")
    rest()
    assert said(beside)[2] == (1, 5, "unsure")


def test_what_is_judged_already_is_passed_over(beside: Window, rest: Rest) -> None:
    assert beside.workspace is not None
    compare = beside.workspace.compare
    compare._tools[1].click()
    rest()
    beside.trigger("similar.same")
    rest()
    compare._tools[0].click()
    compare._tools[0].click()
    rest()
    beside.trigger("similar.same")
    rest()
    assert compare.pair is not None
    assert compare.pair.rank == 3


def test_the_list_tells_disputes_and_lists_what_is_the_same(window: Window, rest: Rest) -> None:
    rows = [JudgementRow(1, 2, "same", "Ann", 0), JudgementRow(1, 2, "different", "Bo", 1)]
    dialog = Judgements(window, rows, {})
    assert [dialog.table.item(n, 4).text() for n in range(2)] == ["✓ Same ▲", "✗ Different ▲"]
    dialog.list_same()
    rest()
    assert window.workspace is not None
    assert window.workspace.model.rowCount() == 2
    dialog.go()
    rest()
    assert window.shell is not None
    assert window.shell.selection.current == 1
    dialog.deleteLater()
    window.trigger("similar.list")
    rest()
    (opened,) = [d for d in window.findChildren(Judgements) if d.isVisible()]
    assert opened.table.rowCount() == 0
    opened.accept()

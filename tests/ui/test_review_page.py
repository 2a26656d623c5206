from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casekit.ops import reviews
from casekit.ops.journal import Act
from casekit.queries import agreement
from casekit.queries import reviews as queries
from casekit.ui.overview import OverviewPage
from casekit.ui.pages import REVIEW
from casekit.ui.review_page import CONFLICTS, ReviewPage
from casekit.ui.window import Window

Rest = Callable[..., None]


def page_of(window: Window, rest: Rest) -> ReviewPage:
    assert window.pages is not None
    window.trigger("page.sets")
    rest()
    page = window.pages.page("sets")
    assert isinstance(page, ReviewPage)
    return page


def differ(s: Any) -> Any:
    act = Act(s, "review.merge", "Merged")
    reviews.add_conflict(act, 2, 3, "tag:Hot", (None, "A. One"), ("yes", "B. <b>Two</b>"))
    reviews.add_conflict(act, 2, 4, "tag:Hot", (None, "A. One"), ("yes", "B. Two"))
    return act.record({"reviews"})


def test_sets_are_given_out_by_batch_and_listed(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, workspace = window.shell, window.workspace
    assert shell is not None
    assert workspace is not None
    page = page_of(window, rest)
    assert page.empty.isVisible()
    assert not page.panes.isVisible()
    shell.do("set", lambda s: reviews.make_set(s, "First", range(1, 9), batch_size=2))
    shell.do("set", lambda s: reviews.make_set(s, "Other", range(1, 13), sample=5, seed=3))
    rest()
    assert page.panes.isVisible()
    assert page.sets.rowCount() == 2
    count = page.batches.rowCount()
    monkeypatch.setattr(window.ask, "text", lambda *_: "A. One")
    page.batches.selectRow(1)
    window.trigger("review.assign")
    rest()
    with shell.case.read() as s:
        given = [b.reviewer for b in queries.batches(s, 1)]
    assert given == ["", "A. One", *[""] * (count - 2)]
    monkeypatch.setattr(window.ask, "text", lambda *asked: "" if asked[3] else None)
    window.trigger("review.assign")
    rest()
    with shell.case.read() as s:
        assert {b.reviewer for b in queries.batches(s, 1)} == {""}
    page.sets.selectRow(1)
    rest()
    assert page.row is not None
    assert page.row.name == "Other"
    shell.do("again", lambda s: reviews.assign(s, 1, ["B. Two"]))
    rest()
    assert page.sets.currentRow() == 1
    page.list_items()
    rest()
    assert window.pages is not None
    assert window.pages.current == REVIEW
    assert len(workspace.model.ids) == 5


def test_a_conflict_is_read_side_by_side_and_decided(window: Window, rest: Rest) -> None:
    shell, workspace = window.shell, window.workspace
    assert shell is not None
    assert workspace is not None
    shell.do("set", lambda s: reviews.make_set(s, "First", range(1, 9)))
    shell.do("set", lambda s: reviews.make_set(s, "Second", range(1, 9)))
    shell.do("differ", differ)
    rest()
    assert window.pages is not None
    window.trigger("page.overview")
    rest()
    overview = window.pages.page("overview")
    assert isinstance(overview, OverviewPage)
    assert overview.told is not None
    steps = [step.key for step in overview.told.state.steps]
    overview.rows[f"step:{steps.index('conflicts')}"].click()
    rest()
    page = page_of(window, rest)
    assert page.row is not None
    assert (page.row.name, page.views.currentIndex()) == ("Second", CONFLICTS)
    assert (page.ours.text(), page.theirs.text()) == (
        "Tag “Hot”: nothing\nA. One", "Tag “Hot”: yes\nB. <b>Two</b>",
    )  # fmt: skip
    page.open_conflict()
    rest()
    assert shell.selection.current == 3
    page = page_of(window, rest)
    page.conflicts.selectAll()
    assert [one.split()[0] for one in page.theirs.text().splitlines()] == ["3", "4"]
    page.conflicts.selectRow(0)
    assert "\nB. <b>Two</b>" in page.theirs.text()
    page.reason.setText("Read again")
    page.deciding[-1].setFocus()
    page.decide("theirs")
    assert page.conflicts.hasFocus(), "the next one is an arrow away"
    assert not any(button.isEnabled() for button in page.deciding)
    rest()
    assert all(button.isEnabled() for button in page.deciding)
    with shell.case.read() as s:
        first, second = agreement.conflicts(s, decided=True)
    assert (first.decided, first.reason, second.decided) == ("theirs", "Read again", "")
    assert page.conflicts.rowCount() == 1
    assert page.reason.text() == ""
    window.trigger("edit.undo")
    rest()
    assert page.conflicts.rowCount() == 2

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ops import reviews
from casekit.ops.journal import Act, Changes
from casekit.queries import agreement
from casekit.store.case import Case
from casekit.ui.pages import REVIEW
from casekit.ui.review_conflicts import OURS, SHOW, THEIRS, DecideCodings
from casekit.ui.window import Window

Rest = Callable[..., None]


def differ(s: object) -> Changes:
    """Two items of a set that a second reviewer coded otherwise."""
    reviews.make_set(s, "Answers", [1, 2, 3])  # type: ignore[arg-type]
    act = Act(s, "test.differ", "Codings differ")  # type: ignore[arg-type]
    for item_id in (1, 2):
        reviews.add_conflict(act, 1, item_id, "tag:Hot", (None, "R. One"), ("yes", "R. Two"))
    return act.record({"reviews"})


def test_both_versions_stand_side_by_side(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    with sample_case.write() as s:
        differ(s)
    with sample_case.read() as s:
        dialog = DecideCodings(None, agreement.conflicts(s))
    qtbot.addWidget(dialog)
    cells = [c.text() for n in range(6) if (c := dialog.table.item(0, n))]
    assert (cells[0], cells[2], cells[4:]) == ("1", "Answers", ["nothing (R. One)", "yes (R. Two)"])
    dialog.check()
    assert "at least one row" in dialog.trouble.text()
    assert not dialog.form.isRowVisible(dialog.reason)
    dialog.decision.setCurrentIndex(dialog.decision.findData(THEIRS))
    assert dialog.form.isRowVisible(dialog.reason)
    dialog.table.selectRow(1)
    dialog.check()
    assert (dialog.result(), [row.item_id for row in dialog.chosen()]) == (1, [2])


def test_they_are_shown_and_decided(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, workspace = window.shell, window.workspace
    assert shell is not None
    assert workspace is not None
    window.trigger("review.conflicts")
    rest()
    assert "No coding differs" in window.notice.text
    shell.do("differ", differ)
    rest()

    def answered(decision: str, row: int) -> Callable[[DecideCodings], object]:
        return lambda form: ([form._rows[row]], decision, "seen again")

    monkeypatch.setattr(window.ask, "form", answered(SHOW, 1))
    window.trigger("page.overview")
    window.trigger("review.conflicts")
    rest()
    assert window.pages is not None
    assert window.pages.current == REVIEW
    assert list(workspace.model.ids) == [2]
    for decision, row in ((THEIRS, 1), (OURS, 0)):
        monkeypatch.setattr(window.ask, "form", answered(decision, row))
        window.trigger("review.conflicts")
        rest()
    with shell.case.read() as s:
        decided = {r.item_id: (r.decided, r.reason) for r in agreement.conflicts(s, decided=True)}
    assert decided == {1: ("ours", "seen again"), 2: ("theirs", "seen again")}

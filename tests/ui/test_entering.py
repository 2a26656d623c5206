from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casekit.store.case import Case, open_case
from casekit.ui import entering
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_the_case_before_stays_in_sight_until_the_next_one_is_ready(
    window: Window, rest: Rest, built: Path, tmp_path: Path
) -> None:
    before = window.pages
    shutil.copytree(built, tmp_path / "Other.casekit")
    other = open_case(tmp_path / "Other.casekit")
    steps = entering.steps(window, other)
    for _ in range(5):
        next(steps)
        assert window.stack.currentWidget() is before
        assert window.shell is not None
        assert window.shell.case is not other
    for _ in steps:
        pass
    rest()
    assert window.pages is window.stack.currentWidget() is not before
    assert window.shell.case is other
    assert window.workspace is not None
    assert window.workspace.model.rowCount() > 0


def test_a_window_closed_before_the_panes_are_made_closes_the_case(
    window: Window, sample_case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(sample_case.folder)
    closed: list[bool] = []
    monkeypatch.setattr(type(case), "close", lambda _case: closed.append(True))
    pages = window.stack.count()
    steps = entering.steps(window, case)
    next(steps)
    window.jobs.in_turns("enter case", steps)
    window.jobs.close()
    monkeypatch.undo()
    assert closed == [True]
    assert window.stack.count() == pages

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casekit import settings
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


@pytest.mark.parametrize("late", [False, True])
def test_of_two_cases_asked_for_the_last_one_is_shown(
    window: Window, rest: Rest, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    late: bool,
) -> None:  # fmt: skip
    """Whichever is read first: the one before it is closed, half made or not yet begun."""
    cases = []
    for name in ("One", "Two"):
        shutil.copytree(built, tmp_path / f"{name}.casekit")
        cases.append(open_case(tmp_path / f"{name}.casekit"))
    given: dict[str, Callable[[Case], None]] = {}
    with monkeypatch.context() as held:
        held.setattr(
            window.jobs,
            "start",
            lambda _l, work, done, _f: given.setdefault(str(work(None).folder), done),
        )
        for case in cases:
            window._open(lambda case=case: case)
    pages, closed = window.stack.count(), []
    close = type(cases[0]).close
    monkeypatch.setattr(
        type(cases[0]), "close", lambda one: (closed.append(one.folder), close(one))
    )
    for case in reversed(cases) if late else cases:
        given[str(case.folder)](case)
    rest()
    assert window.shell is not None
    assert window.shell.case is cases[1]
    assert cases[0].folder in closed
    assert cases[1].folder not in closed
    assert window.stack.count() == pages
    assert settings.load().recent[0] == str(cases[1].folder.resolve())
    assert str(cases[0].folder.resolve()) not in settings.load().recent


def test_a_fault_while_the_panes_are_made_closes_the_case_and_leaves_the_one_shown(
    window: Window, rest: Rest, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(built, tmp_path / "Other.casekit")
    case, before, pages = open_case(tmp_path / "Other.casekit"), window.shell, window.stack.count()
    faults: list[BaseException] = []
    closed: list[bool] = []
    monkeypatch.setattr(window.jobs, "_bug", faults.append)
    monkeypatch.setattr("casekit.ui.workspace.CodingPane", lambda *_: 1 / 0)
    monkeypatch.setattr(type(case), "close", lambda _case: closed.append(True))
    window._open(lambda: case)
    rest()
    monkeypatch.undo()
    assert [type(fault) for fault in faults] == [ZeroDivisionError]
    assert closed == [True]
    assert (window.shell, window.stack.count()) == (before, pages)


def test_a_case_that_is_left_as_soon_as_it_is_in_sight_is_not_begun(
    window: Window, rest: Rest, built: Path, tmp_path: Path
) -> None:
    shutil.copytree(built, tmp_path / "Other.casekit")
    other = open_case(tmp_path / "Other.casekit")
    steps = entering.steps(window, other)
    while window.shell is None or window.shell.case is not other:
        next(steps)
    left = window.workspace
    window.close_case()
    assert list(steps) == []
    assert left is not None
    assert not left._look.isActive()
    rest()
    assert window.stack.currentWidget() is window.welcome


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

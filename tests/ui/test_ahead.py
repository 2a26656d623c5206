from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import notes
from casekit.store.case import Case, open_case
from casekit.ui import ahead, entering, searching
from casekit.ui.ahead import Ahead
from casekit.ui.pages import PAGES
from casekit.ui.searching import Outcome, Wanted
from casekit.ui.window import Window

Rest = Callable[..., None]


@pytest.mark.parametrize("late", [False, True])
def test_what_was_read_is_handed_over_once_both_are_ready(
    window: Window, rest: Rest, late: bool
) -> None:
    assert window.shell is not None
    read, found = Ahead(window.shell), list[tuple[int, Outcome | CaseKitError]]()
    if late:
        rest()
    read.hand_over(lambda head, outcome: found.append((head, outcome)))
    rest()
    ((head, outcome),) = found
    assert isinstance(outcome, Outcome)
    assert head == window.shell.case.head()
    assert outcome.rows[0].id == outcome.ids[0]


def test_a_refusal_is_handed_over_too(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None

    def refused(*_: object, **__: object) -> None:
        raise CaseKitError("Not now.")

    monkeypatch.setattr(searching, "run", refused)
    read, found = Ahead(window.shell), list[tuple[int, Outcome | CaseKitError]]()
    read.hand_over(lambda head, outcome: found.append((head, outcome)))
    rest()
    ((head, outcome),) = found
    assert (head, str(outcome)) == (0, "Not now.")


def test_what_is_done_while_the_first_rows_are_read_is_news(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    run, case = searching.run, window.shell.case

    def meanwhile(case: Case, wanted: Wanted, *, first: bool = False) -> Outcome:
        with case.write() as s:
            notes.add_note(s, 1, "Meanwhile")
        return run(case, wanted, first=first)

    before = case.head()
    monkeypatch.setattr(searching, "run", meanwhile)
    read, found = Ahead(window.shell), list[tuple[int, Outcome | CaseKitError]]()
    read.hand_over(lambda head, outcome: found.append((head, outcome)))
    rest(lambda: bool(found))
    assert found[0][0] == before < case.head()


def test_rows_are_read_while_the_panes_are_made_and_shown_with_them(
    window: Window, rest: Rest, built: Path, tmp_path: Path
) -> None:
    """Nothing is asked of the case again before its first rows are seen."""
    shutil.copytree(built, tmp_path / "Other.casekit")
    steps = entering.steps(window, open_case(tmp_path / "Other.casekit"))
    next(steps)
    rest()
    for _ in steps:
        pass
    assert window.workspace is not None
    assert window.workspace.model.row_at(0) is not None
    assert window.workspace.head_known > 0
    rest()
    assert window.workspace.contents is not None


def test_a_case_left_before_its_first_rows_are_read_is_not_begun(
    window: Window, rest: Rest, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(built, tmp_path / "Other.casekit")
    go_on, run = threading.Event(), searching.run

    def slow(case: Case, wanted: Wanted, *, first: bool = False) -> Outcome:
        go_on.wait()
        return run(case, wanted, first=first)

    monkeypatch.setattr(searching, "run", slow)
    for _ in entering.steps(window, open_case(tmp_path / "Other.casekit")):
        pass
    left = window.workspace
    assert left is not None
    assert left.model.rowCount() == 0
    window.close_case()
    go_on.set()
    rest()
    assert left.contents is None
    assert not left._look.isActive()


def test_rows_that_were_read_before_an_act_are_read_anew(window: Window, rest: Rest) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    space = window.workspace
    before, known = searching.run(window.shell.case, Wanted(), first=True), space.head_known
    assert before.rows[0].id == window.shell.selection.current
    window.trigger("code.1")
    rest()
    assert space.head_known > known
    space.model.set_ids(before.ids[:0])
    space._listed((space._asked, known), True, None, before)
    rest()
    row = space.model.row_at(0)
    assert row is not None
    assert row.id == before.rows[0].id
    assert row.tags != before.rows[0].tags


def test_the_pages_loaded_before_they_are_asked_for_are_all_that_there_are() -> None:
    made = [page.make.__code__ for page in PAGES if page.make is not None]
    names = {name for code in made for name in code.co_names if name.startswith("casekit.ui.")}
    assert names == {f"casekit.ui.{name}" for name in ahead._PAGES}

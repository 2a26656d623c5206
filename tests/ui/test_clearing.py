from __future__ import annotations

from collections.abc import Callable

from casekit.ui.window import Window

Rest = Callable[..., None]
MAIL = 352  # a mail of the sample


def review_of(window: Window) -> str:
    assert window.shell is not None
    assert window.shell.selection.view is not None
    return window.shell.selection.view.row.review


def test_one_key_decides_takes_back_and_undoes(window: Window, rest: Rest) -> None:
    workspace = window.workspace
    assert workspace is not None
    workspace.open_item(MAIL)
    rest()
    assert review_of(window) == "undecided"
    assert workspace.coding._basis.currentText() == "Not decided"
    assert "◇ privilege not decided" in workspace.viewer._state.text()
    assert workspace.contents is not None
    before = workspace.contents.review["undecided"]
    window.trigger("privilege.clear")
    rest()
    assert review_of(window) == "not-privileged"
    assert workspace.coding._basis.currentText() == "Not privileged"
    assert workspace.contents.review["undecided"] == before - 1
    window.trigger("privilege.clear")
    rest()
    assert review_of(window) == "undecided"
    window.trigger("privilege.clear_families")
    rest()
    assert review_of(window) == "not-privileged"
    window.trigger("edit.undo")
    rest()
    assert review_of(window) == "undecided"


def test_the_pane_releases_what_is_withheld_before_it_decides(window: Window, rest: Rest) -> None:
    workspace = window.workspace
    assert workspace is not None
    workspace.open_item(MAIL)
    rest()
    window.trigger("privilege.mark")
    rest()
    assert review_of(window) == "privileged"
    decide = workspace.coding._decide.privilege
    decide("not-privileged")
    rest()
    assert review_of(window) == "not-privileged"
    decide("work-product")
    rest()
    assert review_of(window) == "privileged"
    decide("undecided")
    rest()
    assert review_of(window) == "undecided"
    workspace.open_item(1)
    rest()
    assert workspace.coding._basis.currentText() == "No decision needed"


def test_the_sidebar_lists_what_is_undecided(window: Window, rest: Rest) -> None:
    workspace = window.workspace
    assert workspace is not None
    workspace.sidebar._rows["privilege:undecided"].click()
    rest()
    assert workspace.contents is not None
    assert len(workspace.model.ids) == workspace.contents.review["undecided"] > 0

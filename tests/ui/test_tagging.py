from __future__ import annotations

from collections.abc import Callable

from casekit.queries import facets
from casekit.ui.tagging import TagMany
from casekit.ui.window import Window

Rest = Callable[..., None]


def counted(window: Window) -> dict[str, int]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return {t.name: t.count for t in facets.tags(s)}


def test_the_preview_says_how_many_have_it_and_the_act_is_one(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    window.workspace.list.selectAll()
    window.trigger("code.2")
    rest()
    dialog = window.findChild(TagMany)
    assert dialog is not None
    assert dialog.said.text() == "3 of 384 have it already; 381 get it."
    dialog.check()
    rest()
    assert counted(window)["Hot"] == 384
    window.trigger("edit.undo")
    rest()
    assert counted(window)["Hot"] == 3


def test_all_none_and_new(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    assert window.workspace.contents is not None
    dialog = TagMany(window, window.shell, window.workspace.contents.tags, [1, 7], "Hot")
    rest()
    assert (dialog.said.text(), dialog.ok.isEnabled(), dialog.off.isEnabled()) == (
        "All 2 have it already.",
        False,
        True,
    )
    dialog.box.setCurrentText("Not responsive")
    rest()
    assert (dialog.said.text(), dialog.off.isEnabled()) == (
        "None of the 2 has it; all get it.",
        False,
    )
    dialog.box.setCurrentText("Fresh")
    assert dialog.said.text() == "A new tag; all 2 items get it."
    dialog.box.setCurrentText("")
    dialog.check()
    assert dialog.trouble.text() == "▲ Choose a tag or type a new one."
    dialog.box.setCurrentText("Hot")
    rest()
    dialog.off.click()
    rest()
    assert counted(window)["Hot"] == 1

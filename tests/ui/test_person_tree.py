from __future__ import annotations

from collections.abc import Callable

import pytest

from casekit.ops import people
from casekit.ui.person_tree import PersonTree
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_a_person_is_opened_renamed_and_taken_away(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    shell = window.shell
    shell.do("unite", lambda s: people.unite(s, [("name", "A"), ("name", "B")], "Ann"))
    window.trigger("page.people")
    rest()
    assert window.pages is not None
    tree: PersonTree = window.pages.page("people").tree  # type: ignore[attr-defined]
    assert not tree.open.isEnabled()
    tree.tree.topLevelItem(0).setSelected(True)
    assert (tree.open.isEnabled(), tree.split.isEnabled()) == (True, False)
    monkeypatch.setattr(window.ask, "text", lambda *_: "Ann Lee")
    tree.name.click()
    rest()
    assert tree.tree.topLevelItem(0).text(0) == "Ann Lee"
    tree.tree.topLevelItem(0).child(0).setSelected(True)
    tree.remove.click()
    rest()
    assert tree.tree.topLevelItem(0).childCount() == 1
    tree.tree.topLevelItem(0).setSelected(True)
    tree.open.click()
    rest()
    assert window.pages.current == "review"

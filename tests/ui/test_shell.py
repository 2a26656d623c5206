from __future__ import annotations

from collections.abc import Callable

import numpy as np

from casekit.errors import CaseKitError
from casekit.ops import tags
from casekit.ops.journal import Changes
from casekit.queries import items
from casekit.ui.shell import Selection
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_the_chosen_items_go_before_the_current_one() -> None:
    assert Selection().ids() == []
    assert Selection(current=3).ids() == [3]
    assert Selection(current=3, chosen=np.array([5, 3], dtype=np.int64)).ids() == [5, 3]


def test_an_act_is_told_to_everybody_once_and_ends_what_could_be_redone(
    window: Window, rest: Rest
) -> None:
    assert window.shell is not None
    heard: list[Changes] = []
    done: list[str] = []
    window.shell.bus.changed.connect(heard.append)
    window.shell.undone.append(99)
    window.shell.do("tag", lambda s: tags.add_tag(s, [5], "New"), lambda c: done.append(c.label))
    rest()
    assert [c.ids for c in heard] == [(5,)]
    assert (done, window.shell.undone) == (["Tag “New” put on 1 item"], [])


def test_a_refused_act_changes_nothing_and_is_shown(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    window.shell.do("tag", lambda s: tags.remove_tag(s, [5], "No such tag"))
    rest()
    assert "There is no tag" in window.notice.text


def test_a_reading_runs_on_a_session_and_may_be_refused(window: Window, rest: Rest) -> None:
    assert window.shell is not None
    found: list[int] = []
    refused: list[CaseKitError] = []
    window.shell.read("count", items.count, found.append)
    window.shell.read("view", lambda s: items.view(s, 10_000), found.append, refused.append)
    rest()
    assert (found, [str(e) for e in refused]) == ([384], ["There is no item 10000 in this case."])

from __future__ import annotations

from casekit.ui import actions, wiring
from casekit.ui.window import Window


def test_every_action_is_made_with_its_key_and_menus_hold_them(window: Window) -> None:
    made = window.qactions
    assert list(made) == [action.id for action in actions.ACTIONS]
    whole = wiring.menu(made, window)
    below = [action.menu() for action in whole.actions() if action.menu() is not None]
    assert len(below) == len(actions.MENUS)
    some = wiring.menu_of(made, ("edit.undo", "", "edit.redo"), window)
    assert [a.isSeparator() for a in some.actions()] == [False, True, False]


def test_only_what_acts_on_items_sleeps_elsewhere(window: Window) -> None:
    wiring.wake(window.qactions, "findings")
    asleep = {name for name, action in window.qactions.items() if not action.isEnabled()}
    assert asleep == {a.id for a in actions.ACTIONS if a.needs in wiring.OF_ITEMS}
    wiring.wake(window.qactions, "review")
    assert all(action.isEnabled() for action in window.qactions.values())

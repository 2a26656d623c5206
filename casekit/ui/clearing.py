"""Deciding from the window whether the chosen items may leave: not privileged, undecided again, or withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casekit.i18n import tr

if TYPE_CHECKING:
    from casekit.ops.journal import Changes
    from casekit.queries.items import ItemRow
    from casekit.ui.window import Window

# The words of `queries.clearance.STATES`, which the window reads later: it must be there before the database.
UNDECIDED, CLEARED, PRIVILEGED, NOT_APPLICABLE = (
    "undecided",
    "not-privileged",
    "privileged",
    "not-applicable",
)
WORDS = {
    UNDECIDED: "privilege not decided", CLEARED: "not privileged", NOT_APPLICABLE: "",
    PRIVILEGED: "withheld as privileged",
}  # fmt: skip


def review_words(row: ItemRow) -> str:
    """What was decided of an item, in words; empty where nothing need be."""
    words = WORDS[row.review]
    return tr(words) if words else ""


def clear(window: Window) -> None:
    """Decide that the chosen items are not privileged; where the current one is decided so, take it back."""
    _clear(window, families=False)


def clear_families(window: Window) -> None:
    """The same for the chosen items with their whole families."""
    _clear(window, families=True)


def _clear(window: Window, *, families: bool) -> None:
    shell = window.shell
    if shell is None:
        return
    ids = shell.selection.ids()

    def op(s: Any) -> Changes:
        from casekit.ops import privilege
        from casekit.queries import items

        # As the case has it now: what is in sight may still be the item before.
        cleared = all(row.review == CLEARED for row in items.rows(s, ids))
        change = privilege.reopen_items if cleared else privilege.clear_items
        return change(s, ids, families=families)

    shell.do("privilege", op, lambda c: window.say(c.label))


def decide(window: Window, state: str, *, families: bool = False) -> None:
    """Bring the chosen items to `undecided` or `not-privileged`; what is withheld is released first."""
    from casekit.ops import privilege

    shell = window.shell
    if shell is None:
        return
    ids = shell.selection.ids()
    view = shell.selection.view
    held = view is not None and view.row.privileged

    def op(s: Any) -> Changes:
        changes = privilege.release_privilege(s, ids) if held else None
        if state == CLEARED:
            return privilege.clear_items(s, ids, families=families)
        return changes or privilege.reopen_items(s, ids, families=families)

    shell.do("privilege", op, lambda c: window.say(c.label))

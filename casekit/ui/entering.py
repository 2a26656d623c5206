"""From an open case to the panes that show it, in steps so short that the window never stands still."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from casekit import settings
from casekit.ui import arrangement, keying, tiering, verbs
from casekit.ui.coding import Decisions
from casekit.ui.pages import REVIEW, CasePages
from casekit.ui.shell import Bus, Shell

if TYPE_CHECKING:
    from casekit.store.case import Case
    from casekit.ui.window import Window


def steps(window: Window, case: Case, wanted: Callable[[], bool] = lambda: True) -> Generator[None]:
    """Make the pages of a case out of sight, then put them in the place of the case shown before.

    To end it early closes the case; so does a fault while the pages are made.

    Args:
        window: Where the case is shown.
        case: An open case.
        wanted: Asked between the steps until the case is in sight; once it is not, the case is closed and the
            one shown before stays.
    """
    from casekit.ui.ahead import Ahead
    from casekit.ui.workspace import Workspace  # with numpy: not before there is a case

    shell = Shell(case, window.jobs, Bus(window), window)
    ahead = Ahead(shell)
    space = Workspace(shell, _decisions(window), lambda step: window.long.similar(window, step))
    made = CasePages(shell, space, window.page_shown)
    window.stack.addWidget(made)
    whole = False
    try:
        yield
        for _ in space.build():
            yield
            if not wanted():
                return
        yield
        whole = wanted()
    finally:
        if not whole:
            ahead.give_up()
            window.stack.removeWidget(made)
            made.deleteLater()
            case.close()
    if not whole:
        return
    settings.remember_case(case.folder)
    window.close_case()
    window.shell, window.workspace, window.pages = shell, space, made
    arrangement.bring_back_panes(space)
    window.stack.setCurrentWidget(made)
    window.page_shown(REVIEW)
    window.bar.show()
    window.setWindowTitle(f"{case.name} – CaseKit")
    window.bar.show_matter(case.name, "", "")
    window.search.put("", "words")
    yield
    if window.workspace is space:
        arrangement.bring_back_viewer(window)
        space.start(ahead)
        space.list.setFocus()
        window.jobs.start("look at place", lambda _p: case.warnings(), window.warn)


def _decisions(window: Window) -> Decisions:
    return Decisions(
        tag=lambda name, on: verbs.toggle_tag(window, name, on),
        new_tag=lambda name: verbs.toggle_tag(window, name, True),
        usual_tags=lambda: verbs.usual_tags(window),
        usual_templates=lambda: keying.take_usual(window),
        code=lambda codes, item_id: keying.code_chosen(window, codes, item_id),
        privilege=lambda basis: verbs.set_privilege(window, basis),
        tier=lambda name: tiering.put_tier(window, name),
        exhibit=lambda: verbs.mark_exhibit(window),
        note=lambda text: verbs.add_note(window, text),
        change_note=lambda note, text: verbs.change_note(window, note, text),
        next_item=lambda: keying.save_and_next(window),
    )

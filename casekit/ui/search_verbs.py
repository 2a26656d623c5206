"""What is done with the search in the field: go there, build, complete, save, empty it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casekit.i18n import tr

if TYPE_CHECKING:
    from casekit.ui.window import Window


def focus_search(window: Window) -> None:
    """Go to the search field."""
    window.search.edit.setFocus()
    window.search.edit.selectAll()


def complete_search(window: Window) -> None:
    """Go to the search field and show what can be written where the cursor is."""
    window.search.complete()


def save_search(window: Window) -> None:
    """Keep the present search under a name."""
    from casekit.ui import saved_searches

    workspace = window.workspace
    if workspace is None:
        return
    wanted = workspace.wanted
    inner = f"({wanted.text})" if wanted.scope and wanted.text else wanted.text
    text = " ".join(t for t in (wanted.scope, inner) if t)
    if not text:
        window.say(tr("Search for something first; then it can be saved."))
        return
    saved_searches.save(window, text, wanted.mode, window.search.edit.text().strip())


def build_search(window: Window) -> None:
    """Open the builder on the search in the field."""
    from casekit.ui import query_builder  # with the query language: not before it is asked for

    query_builder.build(window)


def clear_search(window: Window) -> None:
    """Empty the search field."""
    window.search.clear()

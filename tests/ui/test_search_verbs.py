from __future__ import annotations

from collections.abc import Callable

from casekit.ui.window import Window


def test_the_field_is_gone_to_and_emptied(window: Window, rest: Callable[..., None]) -> None:
    window.activateWindow()
    window.search.put("damages", "words")
    window.trigger("search.focus")
    assert window.search.edit.selectedText() == "damages"
    window.trigger("search.clear")
    rest()
    assert window.search.edit.text() == ""
    window.trigger("search.complete")
    assert window.search.edit.hasFocus()
    rest()

from __future__ import annotations

from collections.abc import Callable

from casekit.ui.editor import Editor
from casekit.ui.window import Window


def test_the_dossier_window_opens_once_and_again_after_it_was_closed(
    window: Window, rest: Callable[..., None]
) -> None:
    window.trigger("dossier.edit")
    window.trigger("dossier.edit")
    rest()
    (editor,) = window.findChildren(Editor)
    editor.close()
    rest()
    window.trigger("dossier.edit")
    rest()
    (other,) = [each for each in window.findChildren(Editor) if not each.leaving]
    assert other is not editor

"""Opening the dossier window; the window itself is loaded only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casekit.ui.window import Window


def edit_dossier(window: Window) -> None:
    """Open the dossier window, or bring it to the front."""
    from casekit.ui.editor import Editor

    shell = window.shell
    if shell is None:
        return
    present = window.findChild(Editor)
    if present is None or present.leaving:
        present = Editor(window, shell)
        present.show()
    present.raise_()
    present.activateWindow()

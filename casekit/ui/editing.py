"""Opening the dossier window; the window itself is loaded only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casekit.ui.window import Window


def edit_dossier(window: Window) -> None:
    """Open the dossier window, or bring it to the front."""
    shell = window.shell
    if shell is None:
        return

    def load(_progress: object) -> None:
        import casekit.jobs.preview
        import casekit.ui.editor  # noqa: F401 - read here, so that the window goes on meanwhile

    def opened(_nothing: None) -> None:
        from casekit.ui.editor import Editor

        if window.shell is not shell:  # the case was closed meanwhile
            return
        present = next((each for each in window.findChildren(Editor) if not each.leaving), None)
        if present is None:
            present = Editor(window, shell)
            present.show()
        present.raise_()
        present.activateWindow()

    shell.jobs.start("dossier window", load, opened, lane="page")

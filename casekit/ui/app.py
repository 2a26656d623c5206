"""Starts the window: `casekit-app [CASE]`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from casekit import __version__, i18n, log, settings
from casekit.jobs import run_if_follower
from casekit.ui import fonts, theme
from casekit.ui.garbage import Sweeper
from casekit.ui.window import Window

USAGE = "usage: casekit-app [CASE]"
CJK_AFTER_MS = 50
QT_CATALOGUES = {"zh": "qtbase_zh_CN"}


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window, on a case if one is named, until it is closed.

    Args:
        argv: Arguments without the program's name; None takes the process's.

    Returns:
        Exit code: 0 done, 2 the arguments could not be used.
    """
    if getattr(sys, "frozen", False):
        from casekit.confine import run_if_child

        run_if_child()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if run_if_follower(arguments):  # a frozen program is its own follower
        return 0
    if len(arguments) > 1 or any(a.startswith("-") for a in arguments):
        sys.stderr.write(USAGE + "\n")
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    if sys.platform == "linux" and not _has_display():
        sys.stderr.write(
            "There is no display, so the window cannot be shown: use the casekit command instead.\n"
        )
        return 2
    log.start()
    app = make_app()
    window = Window()
    sys.excepthook = window.ask.excepthook
    window.show()
    window.jobs.start("warm", _warm)
    if arguments:
        window.open_case(Path(arguments[0]))
    QTimer.singleShot(CJK_AFTER_MS, fonts.load_cjk)
    Sweeper(app).start()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return app.exec()


def _warm(_progress: object) -> None:
    """Load what the first case needs while the user looks at the first page."""
    from casekit.ingest import pointer  # noqa: F401
    from casekit.queries import custody, exhibits, facets, items, matter  # noqa: F401
    from casekit.store import case  # noqa: F401
    from casekit.ui import workspace  # noqa: F401


def make_app() -> QApplication:
    """The application with its faces, theme and language."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, True)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["casekit"])
    app.setApplicationName("CaseKit")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("casekit")
    chosen = settings.load()
    i18n.use(chosen.language)
    _translate_qt(app)
    fonts.load()
    theme.apply(app, chosen.theme)
    return app


def _translate_qt(app: QApplication) -> QTranslator | None:
    """Let Qt's own words be said in the user's language: menus of fields, dialogs for files, buttons.

    Returns:
        What says them; None for English, and where Qt came without its translations.
    """
    name = QT_CATALOGUES.get(i18n.spoken())
    translator = QTranslator(app)
    if name and translator.load(name, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
        return translator
    return None


def _has_display() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)


if __name__ == "__main__":
    sys.exit(main())

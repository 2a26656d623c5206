"""The main window: the bar, the welcome page or the three panes, the actions, and what drops on it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from casekit import settings
from casekit.errors import Cancelled, CaseKitError
from casekit.i18n import tr
from casekit.sentences import original, translated
from casekit.ui import actions, arrangement, chrome, entering, tabbing, theme, verbs, wiring
from casekit.ui.asking import Ask
from casekit.ui.completing import offer_of
from casekit.ui.jobs import Jobs
from casekit.ui.long_work import LongWork
from casekit.ui.notice import Foot, Notice
from casekit.ui.pages import REVIEW, CasePages
from casekit.ui.review_packages import PACKAGE
from casekit.ui.shell import Shell
from casekit.ui.sources import Sources
from casekit.ui.top_bar import SearchField, TopBar
from casekit.ui.welcome import Welcome

if TYPE_CHECKING:
    from casekit.queries.matter import MatterRow
    from casekit.store.case import Case
    from casekit.ui.new_case import Wanted
    from casekit.ui.workspace import Workspace


class Window(QMainWindow):
    """One window over at most one case."""

    def __init__(self) -> None:
        super().__init__()
        self.shell: Shell | None = None
        self.workspace: Workspace | None = None
        self.pages: CasePages | None = None
        self._asked = self._entered = 0  # cases asked for, and the last one that is being entered
        self.ask = Ask(self)
        self.jobs = Jobs(self.ask.bug, self)
        self.long = LongWork()
        self.sources = Sources()
        self.setWindowTitle("CaseKit")
        self.resize(1440, 900)
        arrangement.bring_back(self)
        self.setMinimumSize(QSize(940, 490))
        self.setAcceptDrops(True)
        self.qactions = wiring.make(self)
        wiring.draw_icons(self.qactions)
        self.search = SearchField(
            self._search, self._leave_search, self._search_typed, offer_of(self)
        )
        self.bar = TopBar(self.search, wiring.menu(self.qactions, self))
        self.bar.add_tools([self.qactions[name] for name in actions.TOOLS])
        page = QWidget()
        page.setObjectName("page")
        self.notice = Notice(page)
        self.foot = Foot(self.notice, self.qactions)
        self.welcome = Welcome(self.trigger, self.open_case, lambda: self.jobs.long)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.welcome)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, self.stack, self.foot):
            column.addWidget(widget)
        self.setCentralWidget(page)
        self._show_welcome()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    # -- actions ----------------------------------------------------------------------------------

    def menu_of(self, names: Sequence[str], parent: QWidget) -> QMenu:
        """A menu of actions by their ids; an empty one is a line."""
        return wiring.menu_of(self.qactions, names, parent)

    def trigger(self, name: str) -> None:
        """Do an action by its id, if what it needs is there; a refusal is shown."""
        action = actions.BY_ID[name]
        in_order = action.needs in wiring.OF_ITEMS or name.startswith("edit.")
        if self.shell is not None and in_order:
            self.shell.strokes.put(lambda: self._run(action))  # for the item it was struck for
        else:
            self._run(action)

    def _run(self, action: actions.Action) -> None:
        if self.allows(action.needs):
            try:
                action.run(self)
            except CaseKitError as error:
                self.refuse(error)

    def allows(self, need: actions.Need) -> bool:
        """Whether there is what an action needs."""
        return wiring.allows(self, need)

    # -- the case ---------------------------------------------------------------------------------

    def open_case(self, folder: Path) -> None:
        """Open a case; the panes appear at once and fill as they are read."""
        from casekit.store.case import open_case

        self._open(lambda: open_case(folder))

    def make_case(self, wanted: Wanted, refused: Callable[[CaseKitError], None]) -> None:
        """Make a case and open it; `refused` is told why it cannot be made."""
        from casekit.store.case import create_case

        made = partial(create_case, wanted.folder, wanted.matter, details=wanted.details)
        self._open(made, refused)

    def open_sample(self) -> None:
        """Build the sample matter beside the user's cases if needed, and open it."""
        self.long.sample(self)

    def enter(self, case: Case) -> None:
        """Show an open case, at once."""
        deque(entering.steps(self, case), maxlen=0)

    def _open(
        self, opened: Callable[[], Case], refused: Callable[[CaseKitError], None] | None = None
    ) -> None:
        """Open a case and show it, unless one that was asked for later is there before."""
        self._asked += 1
        asked = self._asked

        def arrived(case: Case) -> None:
            self._entered = max(self._entered, asked)
            steps = entering.steps(self, case, lambda: asked == self._entered)
            self.jobs.in_turns("enter case", steps)

        self.jobs.start("open case", lambda _p: opened(), arrived, refused or self.refuse)

    def close_case(self) -> None:
        """Leave the case and show the welcome page."""
        if self.workspace is None or self.shell is None:
            return
        verbs.keep_note(self)
        arrangement.keep(self)
        self.notice.hide()  # what it says is of this case
        for apart in self.findChildren(arrangement.ViewerWindow):
            apart.close()
        self.workspace.stop()
        for job in list(self.jobs.long):
            job.cancel()
        if self.pages is not None:
            self.stack.removeWidget(self.pages)
            self.pages.deleteLater()
        case = self.shell.case
        self.workspace, self.pages, self.shell = None, None, None
        self.jobs.start("close case", lambda _p: case.close(), lane="write")
        self._show_welcome()

    def show_page(self, name: str, *, keep_focus: bool = False) -> None:
        """Raise a page of the case; the keys go to it, unless they are to stay where they are."""
        if self.pages is not None and not (keep_focus and self.pages.current == name):
            self.pages.show_page(name)
            if keep_focus:
                self.search.edit.setFocus()

    def page_shown(self, name: str) -> None:
        """Wake the keys of a page that was raised."""
        wiring.wake(self.qactions, name)
        if name == REVIEW and self.workspace is not None:
            self.workspace.list.setFocus()

    def _show_welcome(self) -> None:
        self.welcome.show_recent([Path(name) for name in settings.load().recent])
        self.stack.setCurrentWidget(self.welcome)
        self.bar.hide()
        self.setWindowTitle("CaseKit")

    def show_matter(self, matter: MatterRow) -> None:
        """Name, number and court in the bar."""
        self.bar.show_matter(matter.name, matter.number, matter.court)
        self.setWindowTitle(f"{matter.name} – CaseKit")

    # -- saying -----------------------------------------------------------------------------------

    def refuse(self, error: CaseKitError) -> None:
        """Show a refusal where it does not stop the work."""
        cancelled = isinstance(error, Cancelled)  # known to the user, so that it goes by itself
        self.notice.show_text(
            translated(error),
            "quiet" if cancelled else "bad",
            seconds=8 if cancelled else 0,
            original=original(error),
        )

    def say(self, text: str) -> None:
        """Show a sentence, the window's own or the core's, for a few seconds."""
        self.notice.show_text(translated(text), "quiet", seconds=5, original=original(text))

    def warn(self, sentences: Sequence[str]) -> None:
        """Show what may go wrong where a case lies."""
        for sentence in sentences:
            self.notice.show_text(translated(sentence), "warn", original=original(sentence))

    def show_palette(self) -> None:
        """Open the command palette."""
        from casekit.ui.palette import Palette

        Palette(self).open_over(self)

    # -- search -----------------------------------------------------------------------------------

    def _search(self, text: str, mode: str) -> None:
        if self.workspace is not None:
            self.show_page(REVIEW)
            self.workspace.run_search(text, mode)

    def _search_typed(self, text: str, mode: str) -> None:
        if self.workspace is not None:
            self.show_page(REVIEW, keep_focus=True)
            self.workspace.run_search(text, mode, typing=True)

    def _leave_search(self) -> None:
        if self.workspace is not None:
            self.workspace.list.setFocus()

    # -- files dropped ----------------------------------------------------------------------------

    def import_sources(self, paths: list[Path]) -> None:
        """Ask what is known of files, then import them."""
        self.long.import_files(self, paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere while a case is open; a case folder also without one."""
        if event.mimeData().hasUrls() and any(u.isLocalFile() for u in event.mimeData().urls()):
            wiring.take_copy(event)
            if self.shell is not None:
                self.notice.show_text(
                    tr("Let go to import into this case. The files themselves stay as they are."),
                    "quiet",
                    seconds=8,
                )

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is to be let go any more."""
        self.notice.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped, or open it if it is a case."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        wiring.take_copy(event)
        self.notice.hide()
        is_case = (
            (paths[0] / "case.json").is_file() or paths[0].suffix == PACKAGE if paths else False
        )
        if len(paths) == 1 and is_case:
            self.open_case(paths[0])
        elif self.shell is not None and paths:
            QTimer.singleShot(0, self, lambda: self.import_sources(paths))

    # -- looks and end ----------------------------------------------------------------------------

    def dress(self, choice: str) -> None:
        """Put on a theme."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, choice)
        wiring.draw_icons(self.qactions)
        chrome.redress(self)
        if self.pages is not None:
            self.pages.redress()
        self.update()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the window as it is read."""
        return tabbing.step(self, forward)

    def _scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        if settings.load().theme == "system":
            self.dress("system")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop work safely and let go of the case."""
        arrangement.keep(self)
        self.close_case()
        self.jobs.close()
        self.sources.close()
        super().closeEvent(event)

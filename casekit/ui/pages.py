"""The pages of an open case, one row each, and the rail at the left that names them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import fonts, icons, theme
from casekit.ui.guide import Guide

if TYPE_CHECKING:
    from casekit.ui.shell import Shell

REVIEW = "review"
WIDTH, HEIGHT = 76, 56
_AHEAD_MS, _BETWEEN_MS = 1500, 120
"""When the first page is made ahead, and how long the window is left to its user after each step of it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a case.

    Attributes:
        id: Noun; the action that goes there is `page.ID`.
        text: Its name in the rail.
        icon: Name in the icon set.
        keys: Shortcut in Qt's portable form.
        help: One sentence for palette, legend and handbook.
        make: Makes its widget when it is first shown; a widget that has `shown()` is told each time it is
            raised, one that has `redress()` after a change of theme; `prepare()`, if it has that, makes in
            steps what can be made before it is looked at. None for the page that is always there.
    """

    id: str
    text: str
    icon: str
    keys: str
    help: str
    make: Callable[[Shell], QWidget] | None


def _overview(shell: Shell) -> QWidget:
    from casekit.ui.overview import OverviewPage

    return OverviewPage(shell)


def _people(shell: Shell) -> QWidget:
    from casekit.ui.people import PeoplePage

    return PeoplePage(shell)


def _timeline(shell: Shell) -> QWidget:
    from casekit.ui.timeline import TimelinePage

    return TimelinePage(shell)


def _findings(shell: Shell) -> QWidget:
    from casekit.ui.findings_page import FindingsPage

    return FindingsPage(shell)


def _facts(shell: Shell) -> QWidget:
    from casekit.ui.facts_page import FactsPage

    return FactsPage(shell)


def _collecting(shell: Shell) -> QWidget:
    from casekit.ui.collect_page import CollectPage

    return CollectPage(shell)


def _sets(shell: Shell) -> QWidget:
    from casekit.ui.review_page import ReviewPage

    return ReviewPage(shell)


def _clusters(shell: Shell) -> QWidget:
    from casekit.ui.clusters_page import ClustersPage

    return ClustersPage(shell)


PAGES: tuple[Page, ...] = (
    Page("overview", "Overview", "view-dashboard-outline", "Ctrl+1",
         "How the matter stands: what came in, what failed, how far the review is, what is to do",
         _overview),
    Page(REVIEW, "Review", "text-box-search-outline", "Ctrl+2",
         "List, read and code the evidence", None),
    Page("timeline", "Timeline", "chart-timeline-variant", "Ctrl+3",
         "What lies where in time: records, letters, documents and events", _timeline),
    Page("people", "People", "account-group-outline", "Ctrl+4",
         "Who and what appears, and who is who", _people),
    Page("facts", "Facts", "notebook-check-outline", "Ctrl+5",
         "What is stated, on what it rests, and what each claim still lacks", _facts),
    Page("findings", "Findings", "scale-balance", "Ctrl+6",
         "What was computed, with its error rate and what speaks against it", _findings),
    Page("collect", "Collecting", "cloud-download-outline", "Ctrl+7",
         "Ask models prompts that were registered before, and keep every byte", _collecting),
    Page("sets", "Review sets", "clipboard-check-multiple-outline", "Ctrl+8",
         "Who reads what, how far each is, where two codings differ, and what went out in packages", _sets),
    Page("clusters", "Clusters", "vector-arrange-below", "Ctrl+9",
         "What is nearly the same, what is about the like, and what people have named of it", _clusters),
)  # fmt: skip


class RailButton(QAbstractButton):
    """A page's place in the rail: its icon above its name."""

    def __init__(self, page: Page, on_click: Callable[[str], None]) -> None:
        super().__init__()
        self.page = page
        self.setText(tr(page.text))
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(tr(page.text))
        self.setToolTip(f"{tr(page.help)}   {page.keys}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(fonts.sans(11, fonts.MEDIUM))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: on_click(page.id))

    def sizeHint(self) -> QSize:
        """As wide as the rail."""
        return QSize(WIDTH, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk the rail, Return goes to the page."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a bar at the left of the page that is shown, the icon and the name."""
        t = theme.current()
        on = self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if on or self.underMouse():
            painter.setBrush(QColor(t.soft if on else t.hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(6, 2, -6, -2), 6, 6)
        if on:
            painter.setBrush(QColor(t.accent))
            painter.drawRoundedRect(QRectF(0, 10, 3, self.height() - 20), 1.5, 1.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(t.accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(6.5, 2.5, -6.5, -2.5), 6, 6)
        drawn = icons.icon(self.page.icon).pixmap(QSize(20, 20))
        painter.drawPixmap((self.width() - 20) // 2, 9, drawn)
        painter.setPen(QColor(t.ink if on else t.ink2))
        below = QRectF(2, 31, self.width() - 4, 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.text())


class CasePages(QWidget):
    """The rail and the page that is shown; `on_page` is told when another one is."""

    def __init__(self, shell: Shell, review: QWidget, on_page: Callable[[str], None]) -> None:
        super().__init__()
        self.current = REVIEW
        self._shell, self._on_page = shell, on_page
        self._made: dict[str, QWidget] = {REVIEW: review}
        self._ahead: dict[str, QWidget] = {}  # made, and not in the stack yet
        self._faded: set[str] = set()  # pages that bear the colours of an earlier theme
        self.buttons = {page.id: RailButton(page, self.show_page) for page in PAGES}
        rail = QWidget()
        rail.setObjectName("rail")
        rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(rail)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(2)
        for button in self.buttons.values():
            column.addWidget(button)
        column.addStretch(1)
        self.stack = QStackedWidget()
        self.stack.addWidget(review)
        self.guide = Guide(shell.window)
        self.guide.offer(shell.case.name)
        right = QVBoxLayout()
        right.addWidget(self.guide)
        right.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        row.addLayout(right, 1)
        self.buttons[REVIEW].setChecked(True)

    def page(self, name: str) -> QWidget:
        """The widget of a page, made if this is the first time it is wanted."""
        if name not in self._made:
            self._made[name] = self._ahead.pop(name) if name in self._ahead else self._make(name)
            self.stack.addWidget(self._made[name])
        return self._made[name]

    def make_ahead(self) -> None:
        """Make all pages before they are asked for, in short steps with time for the user between them."""
        timer, steps = QTimer(self), self._steps_ahead()

        def step() -> None:
            timer.setInterval(_BETWEEN_MS)
            if next(steps, timer) is timer:
                timer.deleteLater()

        timer.timeout.connect(step)
        timer.start(_AHEAD_MS)

    def _steps_ahead(self) -> Generator[None]:
        for page in PAGES:
            if page.id in self._made:
                continue
            self._ahead[page.id] = self._make(page.id)
            yield
            widget = self.page(page.id)
            yield
            if (prepare := getattr(widget, "prepare", None)) is not None:
                yield from prepare()
                yield
            for part in widget.findChildren(QWidget):
                part.ensurePolished()
            yield

    def _make(self, name: str) -> QWidget:
        make = next(page.make for page in PAGES if page.id == name)
        assert make is not None, name
        return make(self._shell)

    def show_page(self, name: str) -> None:
        """Raise a page."""
        widget = self.page(name)
        theme.dress_all(widget)
        self._redress(name)
        self.current = name
        self.buttons[name].setChecked(True)
        self.stack.setCurrentWidget(widget)
        self._on_page(name)
        shown = getattr(widget, "shown", None)
        if shown is not None:
            shown()

    def redress(self) -> None:
        """Take colours anew after a change of theme: what is in sight now, the others when they are raised."""
        self._faded = {*self._made, *self._ahead}
        for name in (self.current, REVIEW):  # the viewer may stand in a window of its own
            self._redress(name)

    def _redress(self, name: str) -> None:
        redress = getattr(self._made[name], "redress", None)
        if redress is not None and name in self._faded:
            redress()
        self._faded.discard(name)

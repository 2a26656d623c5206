"""What surrounds the panes of the dossier window: names and verbs above, what must be mended below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.sentences import original, translated
from casekit.ui import fonts, tabbing
from casekit.ui.basics import Choice, Label, height_within
from casekit.ui.chrome import Elided, tool
from casekit.ui.strip import Strip
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.dossier.gaps import Gap

SIGNS = {"gap": "▲", "refusal": "■", "note": "–"}
_ORDER = {"refusal": 0, "gap": 1, "note": 2}
_SIZES = (300, 430, 550)


@dataclass(frozen=True, slots=True)
class FrameWants:
    """What the frame asks of its window."""

    choose: Callable[[str], None]
    new: Callable[[], None]
    copy: Callable[[], None]
    rename: Callable[[], None]
    delete: Callable[[], None]
    bring: Callable[[], None]
    give: Callable[[], None]
    compare: Callable[[], None]
    template: Callable[[], None]
    undo: Callable[[], None]
    redo: Callable[[], None]
    draft: Callable[[], None]
    issue: Callable[[], None]
    mend: Callable[[Gap], None]


class Frame(QWidget):
    """A window of its own with three panes: outline, form with what is to be mended, pages."""

    def __init__(
        self, parent: QWidget, wants: FrameWants, panes: tuple[QWidget, QWidget, QWidget]
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(tr("Dossier"))
        self.resize(1280, height_within(self, 800))
        self._wants = wants
        self._given: tuple[Gap, ...] | None = None
        self._listed: tuple[Gap, ...] = ()
        self.strip = Strip()
        self.panes = QSplitter(Qt.Orientation.Horizontal)
        self.three = panes
        left, middle, right = panes
        left.setMinimumWidth(220)
        right.setMinimumWidth(300)
        self.panes.addWidget(_column(left, self.strip))
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.addWidget(middle)
        self.middle.addWidget(self._mending())
        self.middle.setSizes([560, 170])
        self.middle.setStretchFactor(0, 1)
        self.panes.addWidget(self.middle)
        self.panes.addWidget(right)
        for splitter in (self.panes, self.middle):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.panes.setSizes(list(_SIZES))
        self.panes.setStretchFactor(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.panes, 1)

    def _bar(self) -> QWidget:
        wants = self._wants
        bar = QWidget()
        bar.setObjectName("topbar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.names = Choice()
        self.names.setAccessibleName(tr("Saved dossiers of this case"))
        self.names.setMinimumWidth(200)
        self.names.activated.connect(lambda _n: wants.choose(self.names.currentText()))
        self.menu = QMenu(self)
        for text, run in (
            (tr("New dossier …"), wants.new), (tr("Copy under another name …"), wants.copy),
            (tr("Rename …"), wants.rename), (tr("Take away"), wants.delete), ("", None),
            (tr("Compare …"), wants.compare), (tr("Keep as a template …"), wants.template), ("", None),
            (tr("Read a spec from a file …"), wants.bring),
            (tr("Write the spec into a file …"), wants.give),
        ):  # fmt: skip
            self.menu.addAction(text, run) if run is not None else self.menu.addSeparator()
        more = tool("dots-horizontal", tr("More with this dossier"), self._show_menu)
        self._more = more
        self.status = Elided()
        self.status.setProperty("quiet", True)
        draft = QPushButton(tr("Write draft …"))
        draft.clicked.connect(wants.draft)
        self.issue = QPushButton(tr("Issue …"))
        self.issue.setProperty("primary", True)
        self.issue.clicked.connect(wants.issue)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.names)
        row.addWidget(more)
        row.addWidget(tool("undo", tr("Undo"), wants.undo))
        row.addWidget(tool("redo", tr("Redo"), wants.redo))
        row.addWidget(self.status, 1)
        row.addWidget(draft)
        row.addWidget(self.issue)
        return bar

    def _mending(self) -> QWidget:
        pane = QWidget()
        pane.setObjectName("sidebar")
        pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.mending = Label()
        self.mending.setFont(fonts.label())
        self.mending.setProperty("quiet", True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("To mend"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._mend)
        self.list.itemClicked.connect(self._mend)
        column = QVBoxLayout(pane)
        column.setContentsMargins(16, 10, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.mending)
        column.addWidget(self.list, 1)
        return pane

    def show_names(self, names: Sequence[str], current: str) -> None:
        """Show the case's saved dossiers."""
        wanted = list(names) if current in names else [current, *names]
        if [self.names.itemText(n) for n in range(self.names.count())] != wanted:
            self.names.clear()
            self.names.addItems(wanted)
        self.names.setCurrentText(current)
        self.setWindowTitle(f"{current} – {tr('Dossier')}")

    def show_gaps(self, gaps: Sequence[Gap]) -> None:
        """List what is missing or in the way, and say how much of it stops the issuing."""
        stopping = sum(gap.stops for gap in gaps)
        said = tr_count(
            "1 to mend before it is issued", "{n} to mend before it is issued", stopping
        )
        self.mending.setText((said if stopping else tr("Nothing stops the issuing")).upper())
        if tuple(gaps) == self._given:
            return
        self._given = tuple(gaps)
        self._listed = tuple(sorted(gaps, key=lambda gap: _ORDER[gap.kind]))
        where = self.list.verticalScrollBar().value()
        self.list.clear()
        for gap in self._listed:
            self.list.addItem(f"{SIGNS[gap.kind]}  {shown(gap_words(gap))}")
        self.list.verticalScrollBar().setValue(where)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the window as it is read."""
        return tabbing.step(self, forward)

    def next_pane(self) -> None:
        """Go to the next of outline, form and page."""
        now = self.focusWidget()
        inside = [
            n for n, pane in enumerate(self.three) if pane is now or pane.isAncestorOf(now or pane)
        ]
        self.three[(inside[0] + 1) % 3 if inside and now is not None else 0].setFocus()

    def say(self, text: str | Exception) -> None:
        """Say what was done, or why not."""
        self.status.setText(shown(text if isinstance(text, str) else translated(text)))
        self.status.setToolTip("" if isinstance(text, str) else shown(original(text)))

    def _mend(self, item: QListWidgetItem) -> None:
        row = self.list.row(item)
        if 0 <= row < len(self._listed):
            self._wants.mend(self._listed[row])

    def _show_menu(self) -> None:
        self.menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))


def _column(*widgets: QWidget) -> QWidget:
    outer = QWidget()
    column = QVBoxLayout(outer)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(widgets[0], 1)
    for widget in widgets[1:]:
        column.addWidget(widget)
    return outer


def gap_words(gap: Gap) -> str:
    """What is missing in the user's language, be it a sentence of the editor's or a refusal of the core."""
    return translated(tr(gap.template, **gap.values))

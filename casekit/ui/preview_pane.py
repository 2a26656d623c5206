"""The right pane of the dossier window: one page of the draft as it will be printed, and the way to others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui.basics import Label
from casekit.ui.chrome import tool
from casekit.ui.outline import section_title

if TYPE_CHECKING:
    from casekit.jobs.preview import Seen

ZOOMS = (50, 67, 80, 100, 125, 150, 200)
_SETTLED_MS = 150
_MARGIN = 36
_INCHES = 8.5
_POINTS_DPI = 96.0


@dataclass(frozen=True, slots=True)
class PreviewWants:
    """What the pane asks of its window: another page or part, and the section of the page that is shown."""

    page: Callable[[int], None]
    section: Callable[[str], None]


class PreviewPane(QWidget):
    """One page at a time, in the width of the pane or at a zoom."""

    def __init__(self, wants: PreviewWants) -> None:
        super().__init__()
        self.setObjectName("page")
        self._wants = wants
        self.seen: Seen | None = None
        self._zoom = 0
        self._picture = QPixmap()
        self._paper = Label()
        self._paper.setObjectName("paper")
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._paper.setWordWrap(True)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._paper)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLED_MS)
        self._settle.timeout.connect(self._again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar())
        column.addWidget(self._area, 1)

    def _bar(self) -> QHBoxLayout:
        self.back = tool("chevron-left", tr("Page before"), lambda: self.turn(-1))
        self.on = tool("chevron-right", tr("Next page"), lambda: self.turn(1))
        self.number = QLineEdit()
        self.number.setAccessibleName(tr("Page"))
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setMaxLength(6)
        self.number.setFixedWidth(58)
        self.number.returnPressed.connect(self._typed)
        self.total = Label()
        self.total.setProperty("quiet", True)
        self.where = QPushButton()
        self.where.setProperty("link", True)
        self.where.setToolTip(tr("Go to this section’s form"))
        self.where.clicked.connect(self._go_to_section)
        self.smaller = tool("magnify-minus-outline", tr("Smaller"), lambda: self.step_zoom(-1))
        self.larger = tool("magnify-plus-outline", tr("Larger"), lambda: self.step_zoom(1))
        self.fit = tool(
            "arrow-expand-horizontal", tr("As wide as the pane"), lambda: self.set_zoom(0)
        )
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 6, 12, 6)
        bar.setSpacing(6)
        for widget in (self.back, self.number, self.total, self.on, self.where):
            bar.addWidget(widget)
        bar.addStretch(1)
        for tools in (self.smaller, self.larger, self.fit):
            bar.addWidget(tools)
        return bar

    @property
    def dpi(self) -> float:
        """Dots an inch at which a page is wanted now."""
        ratio = self.devicePixelRatioF()
        if self._zoom:
            return _POINTS_DPI * ratio * self._zoom / 100
        room = max(240, min(self._area.viewport().width() - _MARGIN, 1400))
        return room * ratio / _INCHES

    def show_seen(self, seen: Seen) -> None:
        """Show a page; where there is none, the last one stays and the reasons are listed elsewhere."""
        if not seen.png:
            if self._picture.isNull():
                self.say(
                    tr("There is no page to show yet: what is in the way is listed beside it.")
                )
            else:
                self.setEnabled(True)
                self._paper.setEnabled(False)
            return
        before = self.seen
        self.seen = seen
        self._paper.setEnabled(True)
        self._picture.loadFromData(seen.png, "PNG")
        self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._paper.setText("")
        self._paper.setPixmap(self._picture)
        if before is None or before.page != seen.page:
            self._area.verticalScrollBar().setValue(0)
        if before is None or before.page != seen.page or not self.number.hasFocus():
            self.number.setText(str(seen.page))
        self.total.setText(tr("of {n}", n=seen.total) if seen.whole else tr("of …"))
        self.back.setEnabled(seen.page > 1)
        self.on.setEnabled(not seen.whole or seen.page < seen.total)
        self.where.setText(section_title(seen.section) if seen.section else "")

    def say(self, text: str) -> None:
        """Show a sentence in place of the page."""
        self._picture = QPixmap()
        self._paper.setPixmap(QPixmap())
        self._paper.setText(text)

    def turn(self, step: int) -> None:
        """Show a page further on or back."""
        if self.seen is not None:
            self._asked(self.seen.page + step)

    def set_zoom(self, percent: int) -> None:
        """Show pages at a zoom in percent; 0: as wide as the pane."""
        self._zoom = percent
        self._again()

    def step_zoom(self, step: int) -> None:
        """The next larger or smaller zoom."""
        now = self._zoom or round(100 * self.dpi / _POINTS_DPI / self.devicePixelRatioF())
        others = [z for z in ZOOMS if (z > now if step > 0 else z < now)]
        if others:
            self.set_zoom(others[0] if step > 0 else others[-1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn pages, Home and End go to the ends, + and - zoom, 0 fits."""
        seen = self.seen
        key = Qt.Key(event.key())
        steps = {
            Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_PageDown: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
        }
        zooms = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        if key in steps:
            self.turn(steps[key])
        elif key == Qt.Key.Key_Home:
            self._asked(1)
        elif key == Qt.Key.Key_End and seen is not None:
            self._asked(seen.total)
        elif key in zooms:
            self.step_zoom(zooms[key])
        elif key == Qt.Key.Key_0:
            self.set_zoom(0)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A page as wide as the pane is drawn again once the pane has come to rest."""
        super().resizeEvent(event)
        if not self._zoom and self.seen is not None:
            self._settle.start()

    def _asked(self, page: int) -> None:
        if self.seen is not None and page >= 1 and not (self.seen.whole and page > self.seen.total):
            self._wants.page(page)

    def _typed(self) -> None:
        text = self.number.text().strip()
        self._asked(int(text) if text.isdecimal() else 0)
        if self.seen is not None and not text.isdecimal():
            self.number.setText(str(self.seen.page))

    def _again(self) -> None:
        if self.seen is not None:
            self._wants.page(self.seen.page)

    def _go_to_section(self) -> None:
        if self.seen is not None and self.seen.section:
            self._wants.section(self.seen.section)

"""Pages of documents as pixels, drawn one at a time in the confined worker, and the exact bytes as text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.chrome import tool

RAW_BYTES = 64 * 1024
DPI = 144
NAMES = {0x09: "→\t", 0x0D: "␍", 0x0A: "␊\n", 0x20: " "}


class PagesView(QWidget):
    """One page at a time, as wide as there is room; `on_page` is asked for a page from 1."""

    def __init__(self, on_page: Callable[[int], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on_page = on_page
        self._page, self._pages = 1, 1
        self._picture = QPixmap()
        self._paper = QLabel()
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._paper.setObjectName("paper")
        self._paper.setMinimumWidth(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._paper)
        self._back = tool("chevron-left", tr("Page before"), lambda: self._turn(-1))
        self._on = tool("chevron-right", tr("Next page"), lambda: self._turn(1))
        self._where = QLabel()
        self._where.setProperty("quiet", True)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 12, 4)
        for widget in (self._back, self._where, self._on):
            bar.addWidget(widget)
        bar.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(bar)
        outer.addWidget(self._area, 1)

    @property
    def drawn(self) -> bool:
        """Whether the page wanted is on screen."""
        return not self._picture.isNull()

    def open(self, pages: int) -> None:
        """Show the first of so many pages."""
        self._pages = max(1, pages)
        self._page = 1
        self._ask()

    def show_picture(self, page: int, png: bytes) -> None:
        """Show a page that has been drawn, unless another is wanted by now."""
        if page == self._page:
            self._picture.loadFromData(png, "PNG")
            self._fit()

    def say(self, text: str) -> None:
        """Show a sentence in place of the page."""
        self._picture = QPixmap()
        self._paper.setPixmap(QPixmap())
        self._paper.setText(text)
        self._paper.setProperty("quiet", True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page into the new width."""
        super().resizeEvent(event)
        self._fit()

    def _turn(self, step: int) -> None:
        page = min(max(self._page + step, 1), self._pages)
        if page != self._page:
            self._page = page
            self._ask()

    def _ask(self) -> None:
        self._where.setText(tr("Page {n} of {m}", n=self._page, m=self._pages))
        self._back.setEnabled(self._page > 1)
        self._on.setEnabled(self._page < self._pages)
        self.say(tr("Drawing the page …"))
        self._on_page(self._page)

    def _fit(self) -> None:
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = min(self._area.viewport().width() - 48, 900)
        width = min(room, int(self._picture.width() / 1.2))
        shown = self._picture.scaledToWidth(
            max(64, int(width * ratio)), Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        self._paper.setText("")
        self._paper.setPixmap(shown)
        self._area.verticalScrollBar().setValue(0)

    def minimumSizeHint(self) -> QSize:
        """May become small."""
        return QSize(200, 80)


class RawView(QPlainTextEdit):
    """The first bytes of an item, every hidden character shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raw")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFont(fonts.mono())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)

    def show_bytes(self, untrusted_bytes: bytes, total: int) -> None:
        """Show the beginning of the bytes and say how many there are."""
        text = visible(untrusted_bytes[:RAW_BYTES])
        if total > RAW_BYTES:
            text += "\n\n" + tr("[The first {n} of {m} bytes are shown.]", n=RAW_BYTES, m=total)
        self.setPlainText(text)


def visible(untrusted_bytes: bytes) -> str:
    """Bytes as text in which nothing is hidden.

    UTF-8 is read where it is valid. Line ends, tabs and every other control, direction or zero-width
    character stand as signs or as their number; bytes that are no UTF-8 stand as `⟨xx⟩`.
    """
    parts = []
    for char in untrusted_bytes.decode("utf-8", "surrogateescape"):
        code = ord(char)
        if code in NAMES:
            parts.append(NAMES[code])
        elif 0xDC80 <= code <= 0xDCFF:
            parts.append(f"⟨{code - 0xDC00:02x}⟩")
        elif code < 0x20 or code == 0x7F:
            parts.append(chr(0x2400 + code) if code < 0x20 else "␡")
        elif not char.isprintable():
            parts.append(f"⟨U+{code:04X}⟩")
        else:
            parts.append(char)
    return "".join(parts)

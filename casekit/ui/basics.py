"""Labels, boxes to choose from and tool tips as every page wants them."""

from __future__ import annotations

import html

from PySide6.QtGui import Qt, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

FRAME = 48  # pixels that the title bar of a window may take


class Label(QLabel):
    """Words as they are: what a name or a piece of evidence holds is never taken for markup."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


class Choice(QComboBox):
    """A box to choose from that the wheel scrolls past: it decides nothing while a form is scrolled."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what is scrolled around the box; its open list takes it by itself."""
        event.ignore()


def height_within(window: QWidget, wanted: int) -> int:
    """Pixels of height for a window that is to be seen whole, its frame and a panel of the desktop included."""
    return min(wanted, window.screen().availableSize().height() - FRAME)


def tip(text: str) -> str:
    """A text for a tool tip, which Qt would else take for HTML where it looks like it."""
    return f"<qt>{html.escape(text)}</qt>" if Qt.mightBeRichText(text) else text

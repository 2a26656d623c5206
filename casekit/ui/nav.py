"""The rows of the sidebar: an icon or a colour, a name, a count."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from casekit.ui import fonts, icons, theme

HEIGHT = 30


class NavRow(QAbstractButton):
    """One choice of the sidebar; its whole width is the target."""

    def __init__(
        self, text: str, on_click: Callable[[], None], *, icon: str = "", colour: str = "", indent: int = 0,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.icon_name, self.colour, self.indent = icon, colour, indent
        self.count = ""
        self.mark = ""
        self._over = False
        self.clicked.connect(lambda _checked=False: on_click())

    def set_count(self, count: int | str) -> None:
        """The number at the row's end."""
        self.count = f"{count:,}" if isinstance(count, int) else count
        self.setAccessibleDescription(self.count)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is over the row."""
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has left."""
        self._over = False
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk the sidebar."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, icon, name and count."""
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = (
            t.select if self.isChecked() and t.border > 1 else t.soft if self.isChecked() else ""
        )
        if not ground and self._over:
            ground = t.hover
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 1, 0, -1), 5, 5)
        if self.hasFocus():
            painter.setPen(QColor(t.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5), 5, 5)
        inverse = self.isChecked() and t.border > 1
        ink = QColor(t.select_ink if inverse else t.ink)
        left = 10 + 16 * self.indent
        middle = self.height() / 2
        if self.icon_name:
            token = "select_ink" if inverse else "accent" if self.isChecked() else "ink2"
            icons.icon(self.icon_name, token).paint(painter, QRect(left, int(middle) - 9, 18, 18))
            left += 28
        elif self.colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink if inverse else t.colour(self.colour))
            painter.drawRoundedRect(QRectF(left + 6, middle - 6, 5, 12), 1.5, 1.5)
            left += 28
        quiet = ink if inverse else QColor(t.ink2)
        painter.setPen(quiet)
        painter.setFont(fonts.figures(12))
        width = QFontMetrics(painter.font()).horizontalAdvance(self.count)
        right = self.width() - 10
        painter.drawText(
            QRect(right - width, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, self.count
        )
        painter.setPen(ink)
        painter.setFont(fonts.sans(13, fonts.MEDIUM if self.isChecked() else fonts.REGULAR))
        room = right - width - 8 - left
        name = QFontMetrics(painter.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(QRect(left, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, name)

"""The legend of a chart: a swatch with the series' own colour and pattern, its words and its number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from casekit.i18n import tr
from casekit.ui import fonts, theme

_HEIGHT, _SWATCH, _GAP, _MARGIN = 26, 14, 18, 16
_LONGEST = 240


class Legend(QWidget):
    """One line of entries; what has no room is told in the tool tip, as all of it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._entries: Sequence[tuple[int, str, int]] = ()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(200, _HEIGHT)

    def show_entries(self, entries: Sequence[tuple[int, str, int]]) -> None:
        """Show series by number, words and count."""
        self._entries = entries
        said = [tr("{name}: {n}", name=words, n=count) for _, words, count in entries]
        self.setToolTip("\n".join(said))
        self.setAccessibleName(tr("Legend: {what}", what="; ".join(said)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the entries from left to right, as many as have room."""
        if not self._entries:
            return  # the chart may not be loaded yet, and would be here
        from casekit.ui.time_chart import brush_of

        t = theme.current()
        painter = QPainter(self)
        painter.setFont(fonts.figures(12))
        metrics = QFontMetrics(painter.font())
        x = _MARGIN
        for number, words, count in self._entries:
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, _LONGEST)
            text = tr("{name}: {n}", name=shown, n=count)
            width = metrics.horizontalAdvance(text)
            if x + _SWATCH + 6 + width > self.width() - _MARGIN:
                painter.setPen(QColor(t.ink2))
                painter.drawText(x, 0, 30, _HEIGHT, Qt.AlignmentFlag.AlignVCenter, "…")
                break
            box = QRect(x, (_HEIGHT - _SWATCH) // 2, _SWATCH, _SWATCH)
            brush = brush_of(number)
            painter.setPen(brush.color())
            painter.setBrush(brush)
            painter.drawRect(box)
            painter.setPen(QColor(t.ink))
            painter.drawText(
                x + _SWATCH + 6, 0, width + 4, _HEIGHT, Qt.AlignmentFlag.AlignVCenter, text
            )
            x += _SWATCH + 6 + width + _GAP
        painter.end()

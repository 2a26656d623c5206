"""Plots of findings, drawn by hand so that every mark is a shape before it is a colour and names its model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from casekit.i18n import tr
from casekit.ui import fonts, theme

ROW, TOP, FOOT, NAMES = 22, 8, 34, 190
DOT = 4.5
CLEAR = 72  # pixels that a number of the axis keeps from the words of a line


@dataclass(frozen=True, slots=True)
class Dots:
    """One row of a strip: a group of models, each at its value.

    Attributes:
        name: The group, written at the left.
        values: (model, value) in the unit of the axis.
        shape: `ring`, `disc` or `diamond`.
    """

    name: str
    values: tuple[tuple[str, float], ...]
    shape: str = "ring"


class Strip(QWidget):
    """Groups of models on one axis, with lines that mean something; the tooltip names the nearest model."""

    def __init__(
        self, rows: Sequence[Dots], axis: str, lines: Sequence[tuple[float, str]] = ()
    ) -> None:
        super().__init__()
        self.rows, self.axis, self.lines = tuple(rows), axis, tuple(lines)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(axis)
        self.setAccessibleDescription("; ".join(_spoken(row) for row in self.rows))
        values = [v for row in self.rows for _, v in row.values] + [at for at, _ in self.lines]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        margin = (high - low or 1.0) * 0.08
        self._low, self._high = low - margin, high + margin

    def sizeHint(self) -> QSize:
        """A row for each group, and the axis."""
        return QSize(560, TOP + ROW * len(self.rows) + FOOT)

    def place(self, value: float) -> float:
        """Where a value of the axis lies, in pixels from the left."""
        share = (value - self._low) / (self._high - self._low)
        return NAMES + share * (self.width() - NAMES - 24)

    def nearest(self, x: float, y: float) -> tuple[str, float] | None:
        """The model whose mark is nearest to a point in its row, within 8 pixels."""
        number = int((y - TOP) // ROW)
        if not 0 <= number < len(self.rows):
            return None
        found = sorted((abs(self.place(v) - x), m, v) for m, v in self.rows[number].values)
        return (found[0][1], found[0][2]) if found and found[0][0] <= 8 else None

    def event(self, event: object) -> bool:
        """Name the model under the pointer."""
        if isinstance(event, QHelpEvent):
            found = self.nearest(event.pos().x(), event.pos().y())
            said = f"{found[0]}   {found[1]:+.2f}" if found else ""
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines, the axis and every mark."""
        t = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.sans(11))
        bottom = TOP + ROW * len(self.rows)
        painter.setPen(QPen(QColor(t.line), t.border))
        painter.drawLine(QPointF(NAMES, bottom), QPointF(self.width() - 24, bottom))
        for at, words in self.lines:
            painter.setPen(QPen(QColor(t.ink2), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(self.place(at), TOP), QPointF(self.place(at), bottom))
            where = QRectF(self.place(at) - 70, bottom + 2, 140, 14)
            painter.setPen(QColor(t.ink2))
            painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, words)
        painter.setPen(QColor(t.ink2))
        guides = [self.place(at) for at, _ in self.lines]
        for value in ticks(self._low, self._high):
            x = self.place(value)
            if all(abs(x - other) > CLEAR for other in guides):
                painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + 3))
                where = QRectF(x - 35, bottom + 2, 70, 14)
                painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, f"{value:g}")
        below = QRectF(NAMES, bottom + 17, self.width() - NAMES - 24, 15)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self.axis)
        for number, row in enumerate(self.rows):
            middle = TOP + ROW * number + ROW / 2
            subject = row.shape == "diamond"
            painter.setPen(QColor(t.ink if subject else t.ink2))
            name = painter.fontMetrics().elidedText(
                row.name, Qt.TextElideMode.ElideRight, NAMES - 14
            )
            painter.drawText(QRectF(0, middle - 9, NAMES - 12, 18), _LEFT, name)
            for _, value in row.values:
                _mark(painter, QPointF(self.place(value), middle), row.shape)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def _mark(painter: QPainter, at: QPointF, shape: str) -> None:
    t = theme.current()
    colour = QColor(t.accent if shape == "diamond" else t.ink2)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if shape != "ring" else Qt.BrushStyle.NoBrush)
    if shape == "diamond":
        size = DOT + 2
        corners = ((0, -size), (size, 0), (0, size), (-size, 0))
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
    else:
        painter.drawEllipse(at, DOT, DOT)


def _spoken(row: Dots) -> str:
    said = ", ".join(f"{model} {value:+.2f}" for model, value in row.values)
    return f"{row.name}: {said}" if said else f"{row.name}: {tr('none')}"


def ticks(low: float, high: float) -> list[float]:
    """Round values between two ends, about five."""
    raw = (high - low) / 4
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= raw * 0.99)
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 10) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def by_group(
    rows: Sequence[dict[str, object]], key: str, group: str
) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """Models with their values, by group, the group with the highest value first."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in rows:
        name = str(row.get(group) or row["model"])
        found.setdefault(name, []).append((str(row["model"]), float(str(row[key]))))
    ordered = sorted(found.items(), key=lambda pair: -max(v for _, v in pair[1]))
    return [(name, tuple(values)) for name, values in ordered]

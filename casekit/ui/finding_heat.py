"""A heat-map of sets with sets, drawn by hand: every cell says its number, darker is more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from casekit.i18n import tr
from casekit.ui import fonts, theme

NAMES, TOP, ROOM = 210, 24, 500  # pixels of the names, of the column numbers, and for all cells
LARGEST, LEAST, WRITTEN = 34, 8, 26  # pixels of a cell; from the last on it says its number
STRONGEST = 0.5  # of the accent over the ground: on it the ink still has a contrast of 4.5

OnCell = Callable[[int, int], None]


class HeatMap(QWidget):
    """Shares, a row and a column a set; the tooltip says a cell in words, a click opens its items.

    Args:
        rows: Names; the first is the subject.
        columns: Names; a column has the number that stands before its name among the rows.
        shares: 0 to 1, None on the diagonal.
        on_cell: Told row and column of a cell that is clicked.
        opens: Whether a cell has something to open.
    """

    def __init__(
        self, rows: Sequence[str], columns: Sequence[str], shares: Sequence[Sequence[float | None]],
        on_cell: OnCell, opens: Callable[[int, int], bool],
    ) -> None:  # fmt: skip
        super().__init__()
        self.rows, self.columns, self.shares = tuple(rows), tuple(columns), shares
        self._on_cell, self._opens = on_cell, opens
        self.cell = max(LEAST, min(LARGEST, ROOM // max(1, len(columns))))
        self._highest = max((v for row in shares for v in row if v is not None), default=0.0) or 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Share of answers with a run in common, set by set"))
        said = [self.words(0, column) for column in range(len(columns)) if column]
        self.setAccessibleDescription("; ".join(said))

    def sizeHint(self) -> QSize:
        """All cells with the names beside and the numbers above them."""
        extra = max(0, len(self.columns) - len(self.rows))
        return QSize(
            NAMES + self.cell * len(self.columns) + 2,
            TOP + self.cell * len(self.rows) + 4 + 18 * bool(extra),
        )

    def words(self, row: int, column: int) -> str:
        """A cell as a sentence."""
        share = self.shares[row][column]
        if share is None:
            return self.rows[row]
        return tr(
            "{share} % of the answers of {row} share a run with {column}",
            share=f"{100 * share:.1f}", row=self.rows[row], column=self.columns[column],
        )  # fmt: skip

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column of a point."""
        column, row = int((x - NAMES) // self.cell), int((y - TOP) // self.cell)
        inside = 0 <= row < len(self.rows) and 0 <= column < len(self.columns)
        return (row, column) if inside else None

    def event(self, event: object) -> bool:
        """Say the cell under the pointer."""
        if isinstance(event, QHelpEvent):
            found = self.at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), self.words(*found) if found else "", self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand where a click opens something."""
        found = self.at(event.position().x(), event.position().y())
        if found and self._opens(*found):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open a cell's items."""
        found = self.at(event.position().x(), event.position().y())
        if found and self._opens(*found):
            self._on_cell(*found)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw numbers, names and cells."""
        t = theme.current()
        painter = QPainter(self)
        painter.setFont(fonts.sans(11))
        for n in range(len(self.columns)):
            if self.cell >= 14 or n % 5 == 0:
                painter.setPen(QColor(t.ink2))
                where = QRectF(NAMES + n * self.cell - 10, 4, self.cell + 20, TOP - 8)
                painter.drawText(where, Qt.AlignmentFlag.AlignCenter, str(n + 1))
        for row, name in enumerate(self.rows):
            self._name(painter, row, name)
            for column, share in enumerate(self.shares[row]):
                self._cell(painter, row, column, share)
        painter.setPen(QPen(QColor(t.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = self.cell * len(self.columns)
        painter.drawRect(QRectF(NAMES, TOP, width, self.cell))  # the subject's row
        if len(self.columns) > len(self.rows):
            painter.setPen(QColor(t.ink2))
            last = f"{len(self.columns)}  {self.columns[-1]}"
            where = QRectF(0, TOP + self.cell * len(self.rows), NAMES, 18)
            painter.drawText(where, _LEFT, last)

    def _name(self, painter: QPainter, row: int, name: str) -> None:
        t = theme.current()
        if self.cell < 13 and row % 2 and row:
            return  # no room for every name: the tooltip says it
        painter.setPen(QColor(t.ink if row == 0 else t.ink2))
        font = fonts.sans(11, fonts.SEMIBOLD if row == 0 else fonts.REGULAR)
        painter.setFont(font)
        words = painter.fontMetrics().elidedText(
            f"{row + 1}  {name}", Qt.TextElideMode.ElideRight, NAMES - 10
        )
        middle = TOP + self.cell * row + self.cell / 2
        painter.drawText(QRectF(0, middle - 9, NAMES - 8, 18), _LEFT, words)

    def _cell(self, painter: QPainter, row: int, column: int, share: float | None) -> None:
        t = theme.current()
        where = QRectF(NAMES + column * self.cell, TOP + row * self.cell, self.cell, self.cell)
        if share is None:
            painter.setPen(QPen(QColor(t.line), 1))
            painter.drawLine(where.bottomLeft() + QPointF(2, -2), where.topRight() + QPointF(-2, 2))
            return
        ground = QColor(t.accent)
        ground.setAlphaF(STRONGEST * share / self._highest)
        painter.fillRect(where.adjusted(0.5, 0.5, -0.5, -0.5), ground)
        if self.cell >= WRITTEN:
            painter.setPen(QColor(t.ink))
            painter.setFont(fonts.sans(10))
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, f"{100 * share:.0f}")


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft

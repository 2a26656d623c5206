"""Notes in the margin of a reading page, each beside the line where its passage begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPen

from casekit.ui import fonts, theme

WIDTH = 200
NARROW = 28
ROOM_FOR_WORDS = 620
"""A page narrower than this shows letters alone in its margin."""
_GAP = 16
_PAD = 6
_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class MarginNote:
    """A note beside a passage; `letter` names it, `colour` is a token."""

    id: int
    letter: str
    text: str
    colour: str
    part: str
    start: int


def width_for(page: int) -> int:
    """How wide the margin of a page of that width is, in pixels."""
    return WIDTH if page >= ROOM_FOR_WORDS else NARROW


class Margin:
    """Draws the notes and knows which one lies under a point; it moves none of the text."""

    def __init__(self) -> None:
        self.notes: Sequence[MarginNote] = ()
        self._drawn: list[tuple[QRect, int]] = []

    def note_at(self, point: QPoint) -> int | None:
        """The note that was drawn at a point."""
        return next((note for area, note in self._drawn if area.contains(point)), None)

    def draw(
        self, painter: QPainter, area: QRect, top_of: Callable[[MarginNote], int | None]
    ) -> None:
        """Draw the notes whose line is in sight, one below the other.

        Args:
            painter: On the page.
            area: The margin.
            top_of: Where the line of a note's passage begins; None where it is not on the page.
        """
        self._drawn = []
        found = [(top, note) for note in self.notes if (top := top_of(note)) is not None]
        lowest = min((top for top, _ in found), default=0)
        for top, note in sorted(found, key=lambda each: each[0]):
            box = self._box(painter, area, max(top, lowest), note)
            lowest = box.bottom() + _PAD
            if box.intersects(area):
                self._draw_note(painter, box, note)
                self._drawn.append((box, note.id))

    def _box(self, painter: QPainter, area: QRect, top: int, note: MarginNote) -> QRect:
        painter.setFont(fonts.sans(12))
        line = painter.fontMetrics().lineSpacing()
        high = line
        if area.width() > NARROW and note.text:
            room = QRect(0, 0, area.width() - _GAP - 2 * _PAD, _MOST_LINES * line)
            words = painter.boundingRect(room, Qt.TextFlag.TextWordWrap, note.text)
            high += min(words.height(), _MOST_LINES * line)
        return QRect(area.left(), top, area.width(), high + 2)

    def _draw_note(self, painter: QPainter, box: QRect, note: MarginNote) -> None:
        tokens = theme.current()
        painter.fillRect(QRect(box.left(), box.top(), 4, box.height()), tokens.colour(note.colour))
        painter.setPen(QPen(tokens.colour("ink2"), 1))
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.setFont(fonts.sans(12, fonts.SEMIBOLD))
        painter.setPen(tokens.colour("ink"))
        line = painter.fontMetrics().lineSpacing()
        head = QRect(box.left() + _PAD + 4, box.top(), box.width() - _PAD, line)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, f"[{note.letter}]")
        if box.height() > line + 2:
            painter.setFont(fonts.sans(12))
            room = QRect(head.left(), head.bottom(), box.width() - _GAP - _PAD, box.height() - line)
            painter.drawText(room, Qt.TextFlag.TextWordWrap, note.text)

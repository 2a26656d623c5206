"""The words that lie under the pixels of a page: marked by mouse or keys, and the hits drawn over them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QWidget

from casekit.queries.spacing import joined
from casekit.ui import theme

if TYPE_CHECKING:
    from casekit.jobs.page_text import PageText
    from casekit.queries.boxes import BoxWord
    from casekit.ui.writing import Span

Place = tuple[str, int, int]
_REACH = 48.0  # pixels from which the mouse still means a word
_GAP = 3.0  # words further apart than so many times their height are not painted as one
_PENS = {
    "solid": Qt.PenStyle.SolidLine, "dashed": Qt.PenStyle.DashLine, "dotted": Qt.PenStyle.DotLine,
    "dash-dot": Qt.PenStyle.DashDotLine, "dash-dot-dot": Qt.PenStyle.DashDotDotLine,
}  # fmt: skip
_STEPS = {
    Qt.Key.Key_Left: "back", Qt.Key.Key_Right: "on", Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down",
    Qt.Key.Key_Home: "home", Qt.Key.Key_End: "end",
}  # fmt: skip


class PageLayer:
    """Which words of a page are marked: from `anchor` to `head`, counted in reading order.

    Args:
        paper: What shows the page.
        rect_of: Where a word lies on it.

    Attributes:
        on_marked: Told that other words are marked, or none any more.
        on_wanted: Told that somebody wants to mark where no words are known.
    """

    def __init__(self, paper: QWidget, rect_of: Callable[[BoxWord], QRectF]) -> None:
        self._paper, self._rect_of = paper, rect_of
        self.on_marked: Callable[[], None] = lambda: None
        self.on_wanted: Callable[[], None] = lambda: None
        self.page: PageText | None = None
        self.anchor: int | None = None
        self.head: int | None = None
        self.dragging = False
        self._laid: list[tuple[Sequence[BoxWord], Span]] = []

    # -- what there is ----------------------------------------------------------------------------

    def show(self, page: PageText | None) -> None:
        """Show the words of another page; without one none are known yet."""
        had, self.page, self.dragging = self.head is not None, page, False
        self.anchor = self.head = None
        if had:
            self.on_marked()
        self.show_marks(())

    def show_marks(self, spans: Sequence[Span]) -> None:
        """Draw other passages as marked."""
        known = sorted((w for w in self.words if w.start >= 0), key=lambda w: w.start)
        starts, stops = [w.start for w in known], [w.stop for w in known]
        self._laid = [
            (known[bisect_right(stops, s.start) : bisect_left(starts, s.stop)], s) for s in spans
        ]
        self._paper.update()

    @property
    def words(self) -> tuple[BoxWord, ...]:
        """The words of the page in reading order."""
        return self.page.words if self.page is not None else ()

    def marked(self) -> tuple[int, int] | None:
        """The first and the last marked word."""
        if self.anchor is None or self.head is None:
            return None
        return min(self.anchor, self.head), max(self.anchor, self.head)

    def place(self) -> Place | None:
        """The passage that is marked, where it can be cited to the letter."""
        both = self.marked()
        return self.page.place(*both) if self.page is not None and both is not None else None

    def text(self) -> str:
        """The marked words, a line of the page a line."""
        both = self.marked()
        if both is None:
            return ""
        lines = [[w.text for w in line] for line in _lines(self.words[both[0] : both[1] + 1])]
        return "\n".join(map(joined, lines))

    def mark_place(self, place: Place) -> QRectF | None:
        """Mark the words of a passage; where they lie, or None if they are not on this page."""
        if self.page is None or self.page.part != place[0]:
            return None
        inside = [n for n, w in enumerate(self.words) if w.start < place[2] and w.stop > place[1]]
        if not inside:
            return None
        self._mark(inside[0], inside[-1])
        return self._rect_of(self.words[inside[0]])

    def _mark(self, anchor: int, head: int) -> None:
        self.anchor, self.head = anchor, head
        self._paper.update()
        self.on_marked()
        self._say()

    def _say(self) -> None:
        """Tell those who hear the window what is marked: the pixels say nothing to them."""
        text = " ".join(self.text().split())
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._paper, text))

    # -- the mouse --------------------------------------------------------------------------------

    def near(self, place: QPointF, reach: float = _REACH) -> int | None:
        """The word nearest to a place, within reach of it; of equally near ones the first."""
        best, found = reach * reach, None
        for number, word in enumerate(self.words):
            rect = self._rect_of(word)
            across = max(rect.left() - place.x(), 0.0, place.x() - rect.right())
            down = max(rect.top() - place.y(), 0.0, place.y() - rect.bottom())
            far = across * across + 4 * down * down  # what stands in the same line is nearer
            if far < best:
                best, found = far, number
        return found

    def press(self, place: QPointF) -> None:
        """Begin to mark; on empty paper nothing is marked any more."""
        if not self.words:
            self.on_wanted()
            return
        number = self.near(place)
        self.dragging = number is not None
        had = self.head is not None
        self.anchor, self.head = number, None
        if had:
            self.on_marked()

    def drag(self, place: QPointF) -> None:
        """Mark up to the word nearest to the mouse."""
        number = self.near(place, 1e6)
        if number is not None and number != self.head:
            self.head = number
            self._paper.update()

    def release(self, place: QPointF, *, moved: bool) -> None:
        """Keep what is marked; without a move nothing is."""
        self.dragging = False
        if moved:
            self.drag(place)
        if self.head is None:
            self.anchor = None
        else:
            self.on_marked()
            self._say()

    def take_word(self, place: QPointF) -> bool:
        """Mark the word under the mouse."""
        number = self.near(place, 4.0)
        if number is not None:
            self._mark(number, number)
        return number is not None

    # -- the keys ---------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key means here: Enter begins, arrows go on, with Shift they mark more, Escape ends."""
        key = Qt.Key(event.key())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy) and self.head is not None:
            QGuiApplication.clipboard().setText(self.text())
        elif event.matches(QKeySequence.StandardKey.SelectAll) and self.words:
            self._mark(0, len(self.words) - 1)
        elif key == Qt.Key.Key_Escape and self.head is not None:
            self.anchor = self.head = None
            self._paper.update()
            self.on_marked()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.head is None:
            if self.words:
                self._mark(0, 0)
            else:
                self.on_wanted()
        elif key in _STEPS and self.words and (self.head is not None or shift):
            self._step(_STEPS[key], shift)
        else:
            return False
        return True

    def _step(self, step: str, more: bool) -> None:
        if self.head is None or self.anchor is None:
            self._mark(0, 0)
            return
        head = self._beside(self.head, step)
        self._mark(self.anchor if more else head, head)

    def _beside(self, number: int, step: str) -> int:
        if step in ("back", "on"):
            return min(max(number + (1 if step == "on" else -1), 0), len(self.words) - 1)
        lines = _lines(self.words)
        starts = [sum(map(len, lines[:n])) for n in range(len(lines))]
        row = max(n for n, start in enumerate(starts) if start <= number)
        if step == "home":
            return starts[row]
        if step == "end":
            return starts[row] + len(lines[row]) - 1
        other = min(max(row + (1 if step == "down" else -1), 0), len(lines) - 1)
        middle = self.words[number].left + self.words[number].right
        nearest = min(
            range(len(lines[other])),
            key=lambda n: abs(lines[other][n].left + lines[other][n].right - middle),
        )
        return starts[other] + nearest

    # -- drawing ----------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Draw hits, annotations and what is marked over the page; paper is white in every theme."""
        painter.save()
        light = theme.all_tokens()["light"]
        for words, span in self._laid:
            self._lay(painter, words, light.colour(span.colour), span.pattern)
        both = self.marked()
        if both is not None:
            chosen = self.words[both[0] : both[1] + 1]
            self._lay(painter, chosen, QColor(light.select).darker(108), "")
        painter.restore()

    def _lay(
        self, painter: QPainter, words: Sequence[BoxWord], colour: QColor, pattern: str
    ) -> None:
        """A ground under words that lets them be read, and a line below what is a hit."""
        for line in _lines(words):
            rect = self._rect_of(line[0])
            for word in line[1:]:
                rect = rect.united(self._rect_of(word))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.fillRect(rect.adjusted(-1, -1, 1, 1), colour)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            ink = QColor(theme.all_tokens()["light"].accent if not pattern else "black")
            painter.setPen(QPen(ink, 1.4, _PENS.get(pattern, Qt.PenStyle.SolidLine)))
            painter.drawLine(rect.bottomLeft() + QPointF(-1, 1), rect.bottomRight() + QPointF(1, 1))


def _lines(words: Sequence[BoxWord]) -> list[list[BoxWord]]:
    """Words of a page by the lines in which they stand, as far as they follow each other."""
    found: list[list[BoxWord]] = []
    for word in words:
        before = found[-1][-1] if found else None
        if before is not None and _goes_on(before, word):
            found[-1].append(word)
        else:
            found.append([word])
    return found


def _goes_on(before: BoxWord, word: BoxWord) -> bool:
    """Whether a word goes on with the line of the one before it; of heights in shares of the page."""
    middle = (word.top + word.bottom) / 2
    gap = max(word.left - before.right, before.left - word.right)
    return before.top <= middle <= before.bottom and gap < 2 * _GAP * (before.bottom - before.top)

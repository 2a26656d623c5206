"""A page to read: marks are walked through, notes stand in its margin, and a selection can be cited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QUrl
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from casekit.ui import theme
from casekit.ui.margin import MarginNote
from casekit.ui.writing import Run, WrittenPage, utf16

_TO_THE_END = (
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.MoveToEndOfDocument,
    QKeySequence.StandardKey.SelectEndOfDocument,
)


class ReadingPage(WrittenPage):
    """The page; it tells which link was followed, which passage marked, which note of its margin chosen."""

    def __init__(
        self,
        on_link: Callable[[str], None] | None = None,
        on_marked: Callable[[tuple[str, int, int] | None], None] | None = None,
        on_note: Callable[[int], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._only: str | None = None
        self._on_marked = on_marked
        self._on_link = on_link
        self._on_note = on_note
        self.anchorClicked.connect(self._follow)
        self.selectionChanged.connect(self._tell_marked)

    # -- places -----------------------------------------------------------------------------------

    @property
    def hits(self) -> int:
        """How many marked passages the page has, of those that are walked through."""
        return len(self._walked())

    def walk(self, owner: str | None) -> None:
        """From now on only the marks of one owner are walked through, or all."""
        self._only, self._hit = owner, -1

    def _walked(self) -> list[tuple[int, int]]:
        return [(at, end) for at, end, owner in self._hits if self._only in (None, owner)]

    @property
    def hit(self) -> int:
        """Number from 1 of the marked passage that was walked to; 0 without one."""
        return self._hit + 1

    def knows_hit(self, step: int) -> bool:
        """Whether the next (1) or previous (-1) marked passage is on the page already."""
        return not self.writing or 0 <= self._hit + step < len(self._walked())

    def go_to_hit(self, step: int) -> int:
        """Bring the next (1) or previous (-1) marked passage into sight; returns its number from 1, or 0."""
        hits = self._walked()
        if not hits:
            return 0
        first = 0 if step > 0 else len(hits) - 1
        self._hit = (self._hit + step) % len(hits) if self._hit >= 0 else first
        cursor = self.textCursor()
        at, end = hits[self._hit]
        cursor.setPosition(at)
        self.setTextCursor(cursor)
        self._point_out(at, end)
        self.ensureCursorVisible()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 3)
        return self._hit + 1

    def _point_out(self, at: int, end: int) -> None:
        """Show which of the marked passages is meant, without selecting it."""
        pointed = QTextEdit.ExtraSelection()
        cursor = self.textCursor()
        cursor.setPosition(at)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(theme.current().colour("accent"))
        form.setForeground(theme.current().colour("on_accent"))
        pointed.cursor, pointed.format = cursor, form
        self.setExtraSelections([pointed])

    def go_to(self, part: str, start: int, stop: int) -> bool:
        """Select a passage and bring it into sight; whether the page shows it."""
        at, end = self.place_of(part, start), self.place_of(part, stop)
        if at is None or end is None:
            return False
        cursor = self.textCursor()
        cursor.setPosition(at)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 3)
        return True

    def place_of(self, part: str, at: int) -> int | None:
        """Where on the page a character of a part stands, in UTF-16 units; None where it is not shown."""
        for run in self._runs:
            if run.part == part and run.start <= at <= run.start + len(run.text):
                return run.at + utf16(run.text[: at - run.start])
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page, and the notes in its margin."""
        super().paintEvent(event)
        if not self.margin.notes:
            return
        view = self.viewport().rect()
        room = self.document().rootFrame().frameFormat().rightMargin()
        area = QRect(0, 0, self._margin_width() - 8, view.height())
        area.moveLeft(view.width() - int(room) + 12)
        painter = QPainter(self.viewport())
        self.margin.draw(painter, area, self._top_of)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What goes to the end of the page goes to the end of all of it."""
        if any(event.matches(key) for key in _TO_THE_END):
            self.finish()
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Its “Select all” means all of the page."""
        self.finish()
        super().contextMenuEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a note in the margin chooses it."""
        note = self.margin.note_at(event.position().toPoint())
        if note is not None and self._on_note is not None:
            self._on_note(note)
        else:
            super().mouseReleaseEvent(event)

    def _top_of(self, note: MarginNote) -> int | None:
        place = self.place_of(note.part, note.start)
        if place is None:
            return None
        cursor = QTextCursor(self.document())
        cursor.setPosition(place)
        return self.cursorRect(cursor).top()

    def marked(self) -> tuple[str, int, int] | None:
        """Part, first character and the one after the last of the selected text; None without one."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            return None
        low, high = cursor.selectionStart(), cursor.selectionEnd()
        inside = [r for r in self._runs if r.at < high and r.at + r.width > low]
        if not inside:
            return None
        part = inside[0].part
        inside = [r for r in inside if r.part == part]
        return part, _place(inside[0], low), _place(inside[-1], high)

    def _follow(self, url: QUrl) -> None:
        if self._on_link is not None:
            self._on_link(url.toString())

    def _tell_marked(self) -> None:
        if self._on_marked is not None:
            self._on_marked(self.marked())


def _place(run: Run, at: int) -> int:
    """The character of the part at a place of the page, held inside the run."""
    units = min(max(at - run.at, 0), run.width)
    before = run.text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    return run.start + len(before.decode("utf-16-le", "ignore"))

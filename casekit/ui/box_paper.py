"""The picture of a page with its boxes on it: drawn, moved, resized and taken away by mouse or keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from casekit.i18n import tr
from casekit.ui import theme
from casekit.ui.basics import Label
from casekit.ui.page_layer import PageLayer
from casekit.ui.redacting import REASONS

if TYPE_CHECKING:
    from casekit.queries.boxes import BoxRow

Tool = Literal["", "hide", "keep"]
Sides = tuple[int, int, int, int]
"""Left, top, right, bottom in millionths of the page."""

WHOLE = 1_000_000
STEP = 5_000
LEAST = 4_000
_MOVED = 4  # pixels from which a press is a drag
_GRIP = 7  # pixels round a corner or side that take hold of it
_FIRST: Sides = (300_000, 450_000, 700_000, 500_000)


@dataclass(frozen=True, slots=True)
class BoxEdits:
    """What the window does for a page: `drawn` a new box, `moved` one, `lifted` it, `asked` why again."""

    drawn: Callable[[int, Sides, str], None]
    moved: Callable[[int, Sides], None]
    lifted: Callable[[int], None]
    asked: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Held:
    """A box in the hand: its number, 0 for a new one; sides as they are now; which sides the mouse holds."""

    id: int
    kind: str
    sides: Sides
    grip: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    before: Sides = (0, 0, 0, 0)


class BoxPaper(Label):
    """A page. With a tool a box is drawn by dragging; the keys can do all that the mouse can."""

    def __init__(self, edits: BoxEdits | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._edits = edits
        self._rows: tuple[BoxRow, ...] = ()
        self._held: _Held | None = None
        self._page = 1
        self.tool: Tool = ""
        self.on_held: Callable[[], None] = lambda: None
        self.layer = PageLayer(self, lambda w: self._rect((w.left, w.top, w.right, w.bottom)))
        self._pressed = QPointF()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Page with its words and boxes"))
        self.setAccessibleDescription(
            tr(
                "Enter marks the first word, arrows go on from word to word, Shift with arrows marks more. "
                "Space chooses a box, arrows move it, Shift with arrows resizes it, Enter keeps it, Escape "
                "lets go, Delete shows it again."
            )
        )

    @property
    def held(self) -> int | None:
        """The number of the box in the hand, 0 for a new one."""
        return None if self._held is None else self._held.id

    def show_boxes(self, page: int, rows: Sequence[BoxRow]) -> None:
        """Show the boxes of a page."""
        if page != self._page or self._held is None or self._held.id not in {r.id for r in rows}:
            self._held = None
        elif not self._held.grip:
            row = next(r for r in rows if r.id == self._held.id)
            self._held = _Held(row.id, row.kind, _sides(row))
        self._page, self._rows = page, tuple(rows)
        self._told()

    def take(self, tool: Tool) -> None:
        """Take a tool, or lay it down."""
        self.tool = tool
        self._held = None
        self._told()
        if tool:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- places -----------------------------------------------------------------------------------

    def frame(self) -> QRectF:
        """Where the page's picture lies in the widget; empty without one."""
        picture = self.pixmap()
        if picture.isNull():
            return QRectF()
        size, room = picture.deviceIndependentSize(), self.contentsRect()
        left = room.left() + (room.width() - round(size.width())) // 2
        return QRectF(left, room.top(), size.width(), size.height())

    def _rect(self, sides: Sides) -> QRectF:
        frame = self.frame()
        x, y = frame.width() / WHOLE, frame.height() / WHOLE
        left, top, right, bottom = sides
        return QRectF(
            frame.left() + left * x, frame.top() + top * y, (right - left) * x, (bottom - top) * y
        )

    def _share(self, place: QPointF) -> tuple[float, float]:
        frame = self.frame()
        return (
            (place.x() - frame.left()) / max(1.0, frame.width()) * WHOLE,
            (place.y() - frame.top()) / max(1.0, frame.height()) * WHOLE,
        )

    def _grip_at(self, sides: Sides, place: QPointF) -> str:
        """Which sides of a box a place takes hold of: letters of `l`, `t`, `r`, `b`, or `m` for all."""
        rect = self._rect(sides)
        if not rect.adjusted(-_GRIP, -_GRIP, _GRIP, _GRIP).contains(place):
            return ""
        found = "l" if abs(place.x() - rect.left()) <= _GRIP else ""
        found = found or ("r" if abs(place.x() - rect.right()) <= _GRIP else "")
        found += "t" if abs(place.y() - rect.top()) <= _GRIP else ""
        if "t" not in found and abs(place.y() - rect.bottom()) <= _GRIP:
            found += "b"
        return found or "m"

    # -- the mouse --------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the box under the mouse, or begin a new one."""
        place = event.position()
        if event.button() != Qt.MouseButton.LeftButton or not self.frame().contains(place):
            return
        at = self._share(place)
        if self._held is not None and (grip := self._grip_at(self._held.sides, place)):
            self._held = replace(self._held, grip=grip, at=at, before=self._held.sides)
        elif (row := self._row_at(place)) is not None:
            sides = _sides(row)
            self._held = _Held(row.id, row.kind, sides, "m", at, sides)
        elif self.tool:
            x, y = round(at[0]), round(at[1])
            self._held = _Held(0, self.tool, (x, y, x, y), "rb", at, (x, y, x, y))
        else:
            self._held = None
            self._pressed = place
            self.layer.press(place)
        self._told()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held, or show what the mouse would do."""
        place = event.position()
        held = self._held
        if self.layer.dragging and (place - self._pressed).manhattanLength() >= _MOVED:
            self.layer.drag(place)
        if held is None or not held.grip:
            self._show_cursor(place)
            return
        x, y = self._share(place)
        across, down = round(x - held.at[0]), round(y - held.at[1])
        self._held = replace(held, sides=_pulled(held.before, held.grip, across, down))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: a box that changed is written."""
        held = self._held
        if event.button() == Qt.MouseButton.LeftButton and self.layer.dragging:
            far = (event.position() - self._pressed).manhattanLength()
            self.layer.release(event.position(), moved=far >= _MOVED)
        if event.button() != Qt.MouseButton.LeftButton or held is None or not held.grip:
            return
        self._held = replace(held, grip="")
        if held.id == 0 and not _is_box(held.sides):
            self._held = None
        elif held.sides != held.before:
            self._write()
        self._told()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask again why a box is withheld; elsewhere mark the word."""
        row = self._row_at(event.position())
        if row is not None and self._edits is not None:
            self._edits.asked(row.id)
        elif row is None and not self.tool:
            self.layer.take_word(event.position())

    def _row_at(self, place: QPointF) -> BoxRow | None:
        found = [row for row in self._rows if self._grip_at(_sides(row), place)]
        return min(found, key=_size, default=None)

    def _show_cursor(self, place: QPointF) -> None:
        shapes = {
            "l": Qt.CursorShape.SizeHorCursor, "r": Qt.CursorShape.SizeHorCursor,
            "t": Qt.CursorShape.SizeVerCursor, "b": Qt.CursorShape.SizeVerCursor,
            "lt": Qt.CursorShape.SizeFDiagCursor, "rb": Qt.CursorShape.SizeFDiagCursor,
            "rt": Qt.CursorShape.SizeBDiagCursor, "lb": Qt.CursorShape.SizeBDiagCursor,
            "m": Qt.CursorShape.SizeAllCursor,
        }  # fmt: skip
        grip = self._grip_at(self._held.sides, place) if self._held is not None else ""
        row = self._row_at(place)
        self.setToolTip(tr(dict(REASONS).get(row.reason, row.reason)) if row is not None else "")
        if not grip and row is not None:
            grip = "m"
        over = not grip and not self.tool and self.layer.near(place, 6.0) is not None
        plain = Qt.CursorShape.IBeamCursor if over else Qt.CursorShape.ArrowCursor
        plain = Qt.CursorShape.CrossCursor if self.tool else plain
        self.setCursor(shapes.get(grip, plain))

    # -- the keys ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Mark words; choose boxes, move, resize, keep, let go, take away."""
        steps = {
            Qt.Key.Key_Left: (-STEP, 0), Qt.Key.Key_Right: (STEP, 0),
            Qt.Key.Key_Up: (0, -STEP), Qt.Key.Key_Down: (0, STEP),
        }  # fmt: skip
        key, held = Qt.Key(event.key()), self._held
        if held is None and not self.tool and self.layer.key(event):
            return
        if key in steps and held is not None:
            resized = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            sides = _pulled(held.sides, "rb" if resized else "m", *steps[key])
            self._held = replace(held, sides=sides if _is_box(sides) else held.sides)
        elif key == Qt.Key.Key_Space and self._rows:
            ids = [row.id for row in self._rows]
            after = ids.index(held.id) + 1 if held is not None and held.id in ids else 0
            row = self._rows[after % len(ids)]
            self._held = _Held(row.id, row.kind, _sides(row))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (held is not None or self.tool):
            if held is None:
                self._held = _Held(0, self.tool, _FIRST)
            else:
                self._write()
        elif key == Qt.Key.Key_Escape and (held is not None or self.tool):
            if held is None:
                self.tool = ""
            self._held = None
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and held is not None:
            self.lift()
        else:
            super().keyPressEvent(event)
            return
        self._told()

    def lift(self) -> None:
        """Take the box in the hand away."""
        held, self._held = self._held, None
        if held is not None and held.id and self._edits is not None:
            self._edits.lifted(held.id)
        self._told()

    def _write(self) -> None:
        held = self._held
        if held is None or self._edits is None:
            return
        if held.id:
            row = next((r for r in self._rows if r.id == held.id), None)
            if row is not None and _sides(row) != held.sides:
                self._edits.moved(held.id, held.sides)
        else:
            self._edits.drawn(self._page, held.sides, held.kind)
            self._held = None

    def _told(self) -> None:
        self.update()
        self.on_held()

    # -- drawing ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page, then its boxes: what they hide can still be read here."""
        super().paintEvent(event)
        if self.frame().isEmpty():
            return
        painter = QPainter(self)
        self.layer.paint(painter)
        held = self._held
        shown = [(r.kind, _sides(r)) for r in self._rows if held is None or r.id != held.id]
        if held is not None:
            shown.append((held.kind, held.sides))
        self._paint_around([sides for kind, sides in shown if kind == "keep"], painter)
        for kind, sides in shown:
            self._paint_box(painter, kind, self._rect(sides))
        if held is not None:
            self._paint_grips(painter, self._rect(held.sides))
        painter.end()

    def _paint_around(self, keeps: list[Sides], painter: QPainter) -> None:
        """What lies round all that is kept."""
        if not keeps:
            return
        outside = QPainterPath()
        outside.addRect(self.frame())
        for sides in keeps:
            inside = QPainterPath()
            inside.addRect(self._rect(sides))
            outside = outside.subtracted(inside)
        painter.fillPath(outside, _shade(120))

    def _paint_box(self, painter: QPainter, kind: str, rect: QRectF) -> None:
        if kind == "hide":
            painter.fillRect(rect, _shade(165))
        style = Qt.PenStyle.SolidLine if kind == "hide" else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor("black"), 1.0, style))
        painter.drawRect(rect)

    def _paint_grips(self, painter: QPainter, rect: QRectF) -> None:
        accent = theme.current().colour("accent")
        painter.setPen(QPen(accent, 2.0))
        painter.drawRect(rect)
        for x in (rect.left(), rect.center().x(), rect.right()):
            for y in (rect.top(), rect.center().y(), rect.bottom()):
                if (x, y) != (rect.center().x(), rect.center().y()):
                    painter.fillRect(QRectF(x - 4, y - 4, 8, 8), accent)


def _shade(alpha: int) -> QColor:
    return QColor(0, 0, 0, alpha)


def _sides(row: BoxRow) -> Sides:
    return row.left, row.top, row.right, row.bottom


def _size(row: BoxRow) -> int:
    return (row.right - row.left) * (row.bottom - row.top)


def _is_box(sides: Sides) -> bool:
    return sides[2] - sides[0] >= LEAST and sides[3] - sides[1] >= LEAST


def _pulled(sides: Sides, grip: str, across: int, down: int) -> Sides:
    """The sides after a pull, in order and within the page; a box that is moved keeps its size."""
    left, top, right, bottom = sides
    if grip == "m":
        across = max(-left, min(WHOLE - right, across))
        down = max(-top, min(WHOLE - bottom, down))
        return left + across, top + down, right + across, bottom + down
    left += across * ("l" in grip)
    right += across * ("r" in grip)
    top += down * ("t" in grip)
    bottom += down * ("b" in grip)
    x = sorted(min(WHOLE, max(0, side)) for side in (left, right))
    y = sorted(min(WHOLE, max(0, side)) for side in (top, bottom))
    return x[0], y[0], x[1], y[1]

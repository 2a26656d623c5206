"""The list of items: a table over the paged model, painted in one pass a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import fonts, theme
from casekit.ui.clearing import UNDECIDED
from casekit.ui.columns import Columns
from casekit.ui.items_model import (
    EXHIBIT,
    STATUS,
    TAGS,
    TITLE,
    WHEN,
    WHO,
    ItemsModel,
    status_words,
    who_text,
)
from casekit.ui.time_words import when_text

if TYPE_CHECKING:
    from casekit.queries.ids import ItemIds
    from casekit.queries.items import ItemRow

ROW_HEIGHT = 32
COMPACT_HEIGHT = 26
MARGIN = 8
KIND_WORDS = {
    "mail": "mail",
    "request": "log",
    "record": "record",
    "message": "message",
    "event": "event",
    "contact": "contact",
    "document": "document",
    "image": "image",
    "file": "file",
}
MOST_KEPT = 20_000
USUAL = {STATUS: 44, WHO: 132, TAGS: 148, EXHIBIT: 62, WHEN: 184}  # pixels; the title has the rest
WIDE = 730  # pixels of width from which the tags have all their room
NEEDS = {EXHIBIT: 656, TAGS: 594, WHO: 510, WHEN: 400}  # below so many pixels a column is not shown


class RowDelegate(QStyledItemDelegate):
    """Paints a cell: state by shape, text elided, tags as coloured marks with their names."""

    def __init__(self, view: ItemsList) -> None:
        super().__init__(view)
        self._view = view
        self.colours: Mapping[str, str] = {}
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetrics] = {}
        self.redress()

    def redress(self) -> None:
        """Take faces and colours anew after a change of theme."""
        self._fonts = {"text": fonts.sans(), "small": fonts.sans(12), "figures": fonts.figures()}
        self._metrics = {name: QFontMetrics(font) for name, font in self._fonts.items()}

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one cell."""
        t = theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, QColor(t.select))
        elif index.row() == self._view.hovered:
            painter.fillRect(rect, QColor(t.hover))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), t.border, QColor(t.line))
        row = self._view.items.row_at(index.row())
        if row is None:
            return
        ink = QColor(t.select_ink if chosen else t.ink)
        quiet = ink if chosen and t.border > 1 else QColor(t.ink if chosen else t.ink2)
        column = index.column()
        inside = rect.adjusted(MARGIN, 0, -MARGIN, -1)
        if column == STATUS:
            self._status(painter, rect, row, chosen)
        elif column == TAGS:
            self._tags(painter, inside, row, ink)
        elif column == TITLE:
            self._title(painter, inside, row, ink, quiet)
        elif column == WHO:
            self._text(painter, inside, who_text(row), quiet)
        elif column == EXHIBIT:
            self._text(painter, inside, row.exhibit, ink)
        elif column == WHEN:
            used = self._text(painter, inside, when_text(row.sent_us), quiet, "figures")
            if not row.time.is_sure:
                self._text(painter, inside.adjusted(used + 5, 0, 0, 0), "≈", quiet)
        if index.row() == self._view.currentIndex().row() and self._view.hasFocus():
            painter.fillRect(rect.left(), rect.top(), rect.width(), t.border, QColor(t.accent))
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), t.border, QColor(t.accent))

    def _text(
        self, painter: QPainter, rect: QRect, text: str, ink: QColor, face: str = "text"
    ) -> int:
        if not text:
            return 0
        painter.setFont(self._fonts[face])
        painter.setPen(ink)
        metrics = self._metrics[face]
        shown = metrics.elidedText(
            text.replace("\n", " "), Qt.TextElideMode.ElideRight, rect.width()
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return metrics.horizontalAdvance(shown)

    def _title(
        self, painter: QPainter, rect: QRect, row: ItemRow, ink: QColor, quiet: QColor
    ) -> None:
        title = row.title or row.name or tr("(no title)")
        if row.parent_id is not None:
            rect = rect.adjusted(16, 0, 0, 0)
            self._text(painter, rect.adjusted(-16, 0, 0, 0), "↳", quiet)
        done = "✓ " + tr("done") if row.done else ""
        room = 10 + self._metrics["small"].horizontalAdvance(done) if done else 0
        used = self._text(painter, rect.adjusted(0, 0, -room, 0), title, ink)
        more = [done] if done else []
        if row.children:
            more.append(tr("{n} attached", n=row.children))
        if row.pages and row.pages > 1:
            more.append(tr("{n} pages", n=row.pages))
        if row.noted:
            more.append(tr("note"))
        if row.privileged:
            more.append(tr("withheld"))
        left = rect.adjusted(used + 10, 0, 0, 0)
        if more and (done or left.width() > 60):
            self._text(painter, left, " · ".join(more), quiet, "small")

    def _tags(self, painter: QPainter, rect: QRect, row: ItemRow, ink: QColor) -> None:
        t = theme.current()
        x = rect.left()
        metrics = self._metrics["small"]
        for number, name in enumerate(row.tags):
            short = name.rsplit("/", 1)[-1]
            room = rect.right() - x
            rest = len(row.tags) - number
            if room < 46:
                self._text(
                    painter, QRect(x, rect.top(), room, rect.height()), f"+{rest}", ink, "small"
                )
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.colour(self.colours.get(name, "ink2")))
            painter.drawRoundedRect(QRectF(x, rect.center().y() - 4, 4, 10), 1.5, 1.5)
            width = min(metrics.horizontalAdvance(short), room - 12)
            self._text(
                painter, QRect(x + 8, rect.top(), width + 1, rect.height()), short, ink, "small"
            )
            x += width + 22

    def _status(self, painter: QPainter, rect: QRect, row: ItemRow, chosen: bool) -> None:
        t = theme.current()
        shapes = []
        if not self._view.hot.isdisjoint(row.tags):
            shapes.append("hot")
        if row.privileged:
            shapes.append("privileged")
        elif row.review == UNDECIDED:
            shapes.append("undecided")
        if row.problems:
            shapes.append("warn")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = rect.left() + 18.0
        for name in shapes[:2]:
            token = "privileged" if name == "undecided" else name
            colour = QColor(t.select_ink) if chosen and t.border > 1 else t.colour(token)
            draw_shape(painter, name, QPointF(x, rect.center().y() + 0.5), colour)
            x += 14


def draw_shape(painter: QPainter, name: str, centre: QPointF, colour: QColor) -> None:
    """Draw ● hot, ◆ privileged, ◇ undecided or ▲ problem, ten pixels wide."""
    hollow = name == "undecided"
    painter.setPen(QPen(colour, 1.3) if hollow else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
    x, y = centre.x(), centre.y()
    if name == "hot":
        painter.drawEllipse(centre, 4.6, 4.6)
    elif name in ("privileged", "undecided"):
        painter.drawPolygon(
            QPolygonF(
                [QPointF(x, y - 5.5), QPointF(x + 5.5, y), QPointF(x, y + 5.5), QPointF(x - 5.5, y)]
            )
        )
    else:
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - 5), QPointF(x + 5.4, y + 4.4), QPointF(x - 5.4, y + 4.4)])
        )


class ItemsList(QTableView):
    """The table; tells by callbacks what became current and what is selected."""

    def __init__(
        self,
        model: ItemsModel,
        on_current: Callable[[int | None], None],
        on_chosen: Callable[[ItemIds], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.items = model
        self.hot: frozenset[str] = frozenset()
        self.hovered = -1
        self.without: frozenset[int] = frozenset()  # columns that are not shown however wide it is
        self._on_current = on_current
        self._on_chosen = on_chosen
        self._quiet = False
        self.setModel(model)
        self.delegate = RowDelegate(self)
        self.setItemDelegate(self.delegate)
        self._set_up()
        self._heads()
        selection = self.selectionModel()
        selection.currentRowChanged.connect(self._current_changed)
        selection.selectionChanged.connect(self._selection_changed)

    def _set_up(self) -> None:
        self.setAccessibleName(tr("Items"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)

    def _heads(self) -> None:
        header = self.horizontalHeader()
        header.setFont(fonts.sans(12, fonts.SEMIBOLD))
        header.setFixedHeight(ROW_HEIGHT)
        header.setHighlightSections(False)
        header.setSectionsMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.columns = Columns(self, TITLE, USUAL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A title keeps its room: in a narrow list what else says least of an item goes first."""
        width = self.width()
        self.columns.usual[TAGS] = USUAL[TAGS] if width >= WIDE else 84
        super().resizeEvent(event)
        self.columns.fit({c: c in self.without or width < least for c, least in NEEDS.items()})

    # -- what is shown ----------------------------------------------------------------------------

    def show_ids(self, ids: ItemIds, *, first: bool = False, rows: Sequence[ItemRow] = ()) -> None:
        """Show these items; current and selection are kept by id, or start at the first row.

        Args:
            ids: In the list's order.
            first: Start at the first row.
            rows: Of the first of them, as far as they are read already.
        """
        current = self.current_id()
        row = self.currentIndex().row()
        kept = self.chosen_ids() if not first else np.empty(0, np.int64)
        self._quiet = True
        self.items.set_ids(ids, rows)
        if first:
            self.clearSelection()
            self.scrollToTop()
        self._quiet = False
        place = None if first or current is None else self.items.position(current)
        if place is None:
            place = 0 if first else min(max(row, 0), len(ids) - 1)
        if not len(ids):
            self._on_current(None)
            self._on_chosen(ids)
        elif self.currentIndex().row() != place or self.current_id() != current or first:
            self.go_to_row(place)
        if 1 < len(kept) <= MOST_KEPT:
            self._reselect(kept)

    def current_id(self) -> int | None:
        """The id of the current row."""
        return self.items.id_at(self.currentIndex().row())

    def chosen_ids(self) -> ItemIds:
        """The ids of the selected rows in the list's order."""
        ranges = sorted((r.top(), r.bottom()) for r in list(self.selectionModel().selection()))  # type: ignore[call-overload]
        parts = [self.items.ids[top : bottom + 1] for top, bottom in ranges]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def go_to_row(self, row: int) -> None:
        """Make a row the current one and bring it into sight."""
        if 0 <= row < self.items.rowCount():
            index = self.items.index(row, TITLE)
            self.selectionModel().setCurrentIndex(
                index,
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows,
            )
            self.scrollTo(index)

    def go_by(self, step: int) -> None:
        """Go some rows on or back."""
        row = self.currentIndex().row() + step
        self.go_to_row(min(max(row, 0), self.items.rowCount() - 1))

    def go_to_id(self, item_id: int) -> bool:
        """Make an item current; false if the list does not hold it."""
        place = self.items.position(item_id)
        if place is not None:
            self.go_to_row(place)
        return place is not None

    def set_tags(self, colours: Mapping[str, str]) -> None:
        """Which tag has which colour token; those coloured `hot` give the ● its meaning."""
        self.delegate.colours = colours
        self.hot = frozenset(name for name, colour in colours.items() if colour == "hot")
        self.viewport().update()

    @property
    def compact(self) -> bool:
        """Whether the rows are the low ones."""
        return self.verticalHeader().defaultSectionSize() == COMPACT_HEIGHT

    def toggle_compact(self) -> None:
        """Rows of 26 pixels instead of 32, and back."""
        header = self.verticalHeader()
        compact = header.defaultSectionSize() == ROW_HEIGHT
        header.setDefaultSectionSize(COMPACT_HEIGHT if compact else ROW_HEIGHT)

    def status_words(self, row: ItemRow) -> list[str]:
        """States of a row in words."""
        return status_words(row, self.hot)

    def _reselect(self, ids: ItemIds) -> None:
        selection = QItemSelection()
        for row in np.flatnonzero(np.isin(self.items.ids, ids)).tolist():
            selection.select(self.items.index(row, 0), self.items.index(row, WHEN))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)

    # -- Qt ---------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Remember the row under the pointer."""
        self._hover(self.rowAt(int(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: object) -> None:
        """Forget the row under the pointer."""
        self._hover(-1)
        super().leaveEvent(event)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first and last row."""
        if event.key() == Qt.Key.Key_Home and not event.modifiers():
            self.go_to_row(0)
        elif event.key() == Qt.Key.Key_End and not event.modifiers():
            self.go_to_row(self.items.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            for changed in (self.hovered, row):
                if changed >= 0:
                    y = self.rowViewportPosition(changed)
                    self.viewport().update(0, y, self.viewport().width(), self.rowHeight(changed))
            self.hovered = row

    def _current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._quiet:
            self._on_current(self.items.id_at(now.row()) if now.isValid() else None)

    def _selection_changed(self, *_: object) -> None:
        if not self._quiet:
            self._on_chosen(self.chosen_ids())

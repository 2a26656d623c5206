"""Below the search field: what can be written next, chosen by keys that never leave the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from casekit.i18n import tr, tr_count
from casekit.ui import fonts, theme

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from casekit.search.completing import Completion, Option
    from casekit.ui.window import Window

ROW, ROWS, MARGIN, NARROWEST = 28, 12, 10, 460
SLOW_MS = 300
OPTION = Qt.ItemDataRole.UserRole
TAKE = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Offer(Protocol):
    """Finds off the window's thread what can be written at a place, and tells `done` of it."""

    def __call__(
        self, text: str, cursor: int, every: bool, done: Callable[[Completion | None], None]
    ) -> None:  # fmt: skip
        """Find it; `every` asks for every field, also where no letter of one stands yet."""


class Completions(QListWidget):
    """The list below a field. Nothing in it is chosen until Down is pressed, so that Return still searches.

    Down and Up choose; Return takes what is chosen, Tab that or the first; Escape closes the list.
    """

    def __init__(
        self, edit: QLineEdit, anchor: QWidget, offer: Offer, taken: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setObjectName("completions")
        self.setAccessibleName(tr("Suggestions"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(OptionDelegate(self))
        self.hide()
        self._edit, self._anchor, self._offer, self._taken = edit, anchor, offer, taken
        self._found: Completion | None = None
        self._asking = self._again = self._every = False
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MS)
        self._slow.timeout.connect(self._say_reading)
        edit.textEdited.connect(lambda _text: self.ask())
        edit.cursorPositionChanged.connect(lambda _old, _new: self._moved())
        edit.installEventFilter(self)
        self.itemClicked.connect(self._clicked)
        self.currentRowChanged.connect(self._say_current)

    def ask(self, *, every: bool = False) -> None:
        """Find what can be written at the cursor; `every`: also where no letter was written yet."""
        self._every = every
        if self._asking:
            self._again = True
            return
        self._asking, self._again = True, False
        self._slow.start()
        text, cursor = self._edit.text(), self._edit.cursorPosition()
        self._offer(text, cursor, every, lambda found: self._arrived((text, cursor), found))

    def close_list(self) -> None:
        """Take the list away."""
        self._again = False
        self._slow.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the list while it is there; it goes with the focus."""
        if event.type() == QEvent.Type.FocusOut:
            self.close_list()
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self.isVisible()
            and (self._found is not None or event.key() == Qt.Key.Key_Escape)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            return self._key(event.key())
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        """Do what a key means to the list; False where it means nothing to it."""
        row = self.currentRow()
        if key == Qt.Key.Key_Down:
            self.setCurrentRow(min(row + 1, self.count() - 1))
        elif key == Qt.Key.Key_Up:
            self.setCurrentRow(max(row - 1, -1))
        elif key == Qt.Key.Key_Tab or (key in TAKE and row >= 0):
            self._take(max(row, 0))
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        else:
            if key in TAKE:
                self.close_list()
            return False
        return True

    def _moved(self) -> None:
        """What was offered for another place is no longer right."""
        found = self._found
        if self.isVisible() and found is not None and self._edit.cursorPosition() < found.start:
            self.close_list()

    def _clicked(self, row: QListWidgetItem) -> None:
        self._take(self.row(row))

    def _take(self, row: int) -> None:
        """Write an option into the field; behind a field's name its values are offered at once."""
        found = self._found
        if found is None or not row < len(found.options):
            return
        option, text = found.options[row], self._edit.text()
        stop = max(found.stop, self._edit.cursorPosition())
        stop += option.text.endswith('"') and text[stop : stop + 1] == '"'
        end = " " if option.sort in {"value", "saved"} and not text[stop:].strip() else ""
        self.close_list()
        self._edit.setSelection(found.start, stop - found.start)
        self._edit.insert(option.text + end)
        if option.sort == "field":
            self.ask()
        self._taken()

    def _arrived(self, asked: tuple[str, int], found: Completion | None) -> None:
        self._asking = False
        self._slow.stop()
        if asked != (self._edit.text(), self._edit.cursorPosition()):
            if self._again:
                self.ask(every=self._every)
            return
        if found is None or not found.options or not self._edit.hasFocus():
            self.close_list()
            return
        written = asked[0][found.start : found.stop]
        if len(found.options) == 1 and found.options[0].text.strip() == written:
            self.close_list()  # it stands there already
            return
        self._show(found)

    def _show(self, found: Completion) -> None:
        fresh = self._found is None or not self.isVisible()
        self._found = found
        self.blockSignals(True)
        self.clear()
        for option in found.options:
            row = QListWidgetItem(said(option))
            row.setData(OPTION, option)
            self.addItem(row)
        self.setCurrentRow(-1)
        self.blockSignals(False)
        self._place()
        if fresh:
            number = len(found.options)
            self._say(
                tr_count("1 suggestion, Down chooses", "{n} suggestions, Down chooses", number)
            )

    def _say_reading(self) -> None:
        """The first count of a large case takes a while: say so where the values will stand."""
        if self._edit.hasFocus():
            self._found = None
            self.clear()
            row = QListWidgetItem(tr("Reading the values of the case …"))
            row.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(row)
            self._place()

    def _place(self) -> None:
        window = self._edit.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        corner = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 2))
        width = max(self._anchor.width(), NARROWEST)
        self.setGeometry(QRect(corner, QSize(width, min(self.count(), ROWS) * ROW + 10)))
        self.scrollToTop()
        self.show()
        self.raise_()

    def _say_current(self, _row: int = -1) -> None:
        row = self.currentItem()
        if row is not None:
            place = tr("{n} of {total}", n=self.currentRow() + 1, total=self.count())
            self._say(f"{row.text()}, {place}")

    def _say(self, text: str) -> None:
        """Tell those who hear the window; the keys stay in the field, so nobody else would."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._edit, text))


class OptionDelegate(QStyledItemDelegate):
    """An option: what goes in, quietly what it is, and at the right how many items have it."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One line."""
        return QSize(200, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:  # fmt: skip
        """Draw one option."""
        t = theme.current()
        one: Option | None = index.data(OPTION)
        rect: QRect = option.rect
        if one is None:
            painter.setFont(fonts.sans(12))
            painter.setPen(QColor(t.ink2))
            painter.drawText(
                rect.adjusted(MARGIN, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data())
            )
            return
        chosen = bool(option.state & option.state.State_Selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & option.state.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.select if chosen else t.hover))
            painter.drawRoundedRect(rect, 5, 5)
        ink = QColor(t.select_ink if chosen else t.ink)
        quiet = QColor(t.select_ink if chosen else t.ink2)
        inside = rect.adjusted(MARGIN, 0, -MARGIN, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        aside = f"{one.count:,}" if one.count is not None else about(one)
        painter.setFont(fonts.figures() if one.count is not None else fonts.sans(12))
        room = max(0, inside.width() * 3 // 5)
        aside = painter.fontMetrics().elidedText(aside, Qt.TextElideMode.ElideRight, room)
        taken = painter.fontMetrics().horizontalAdvance(aside)
        painter.setPen(quiet)
        painter.drawText(inside, right, aside)
        painter.setFont(fonts.sans(13, fonts.MEDIUM if one.sort != "value" else fonts.REGULAR))
        painter.setPen(ink)
        name = painter.fontMetrics().elidedText(
            name_of(one), Qt.TextElideMode.ElideMiddle, inside.width() - taken - 16
        )
        painter.drawText(inside, left, name)


def name_of(option: Option) -> str:
    """What is shown of an option: a value without the quotes that the query needs."""
    return option.about if option.sort == "value" else option.text.strip()


def about(option: Option) -> str:
    """What is said beside an option that no items are counted of."""
    if option.sort == "saved":
        return tr("saved search")
    return tr(option.about) if option.sort in {"field", "operator"} else ""


def said(option: Option) -> str:
    """An option as it is spoken."""
    if option.count is not None:
        return f"{name_of(option)}, {tr_count('1 item', '{n} items', option.count)}"
    return ", ".join(part for part in (name_of(option), about(option)) if part)


def offer_of(window: Window) -> Offer:
    """What the case of a window offers; without one nothing."""

    def offer(
        text: str, cursor: int, every: bool, done: Callable[[Completion | None], None]
    ) -> None:  # fmt: skip
        shell = window.shell
        if shell is None:
            done(None)
            return
        case = shell.case

        def work(_progress: object) -> Completion:
            from casekit.search.completing import complete

            return complete(case, text, cursor, every=every)

        shell.jobs.start("complete", work, done, lambda _error: done(None))

    return offer

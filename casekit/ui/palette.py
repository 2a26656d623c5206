"""The command palette and the legend of keys, both read from the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from casekit.i18n import tr
from casekit.ui import actions, fonts, theme
from casekit.ui.actions import ACTIONS, Action
from casekit.ui.asking import key_text
from casekit.ui.basics import Label
from casekit.ui.sidebar import head_label

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from casekit.ui.window import Window

ID = Qt.ItemDataRole.UserRole
ROW = 44


def ranked(text: str, offered: list[Action]) -> list[Action]:
    """Actions that fit what was typed, best first: letters in order, word starts before the rest."""
    found = []
    for place, action in enumerate(offered):
        score = fit(text, tr(action.text) + " " + action.text + " " + action.id)
        if score is None:
            score = fit(text, tr(action.help))
            score = None if score is None else score + 50
        if score is not None:
            found.append((score, place, action))
    return [action for _, _, action in sorted(found, key=lambda f: f[:2])]


def fit(text: str, name: str) -> int | None:
    """How well typed letters fit a name: 0 best, None not at all."""
    text, name = text.casefold().strip(), name.casefold()
    if not text:
        return 0
    at = name.find(text)
    if at >= 0:
        return 0 if at == 0 or not name[at - 1].isalnum() else 10
    place, gaps = -1, 0
    for letter in text.replace(" ", ""):
        found = name.find(letter, place + 1)
        if found < 0:
            return None
        gaps += found - place - 1
        place = found
    return 20 + gaps if gaps < 12 else None


class Palette(QDialog):
    """Type, choose, done."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # What is typed before the window manager lets go of the window codes nothing.
        self.setModal(True)
        self.setWindowTitle(tr("All commands"))
        self._window = window
        # "item" actions stay in sight while an item is being read, so that the list does not jump.
        self._offered = [a for a in ACTIONS if window.allows(a.needs) and a.id != "go.palette"]
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(tr("What do you want to do?"))
        self.edit.setAccessibleName(tr("Command"))
        self.edit.setFont(fonts.sans(15))
        self.edit.setFixedHeight(40)
        self.edit.textChanged.connect(self._filter)
        self.edit.installEventFilter(self)
        self.list = QListWidget()
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda _item: self._run())
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.edit)
        column.addWidget(self.list)
        self.resize(620, 440)
        self._filter("")

    def open_over(self, window: QWidget) -> None:
        """Show it near the top of the window."""
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 60)
        self.show()
        self.activateWindow()
        self.edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, Down and Enter work on the list while typing goes on."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.list.setCurrentRow((self.list.currentRow() + step) % max(1, self.list.count()))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        self.list.clear()
        for action in ranked(text, self._offered):
            row = QListWidgetItem(tr(action.text))
            row.setData(ID, action.id)
            self.list.addItem(row)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        row = self.list.currentItem()
        window = self._window
        if row is not None:
            name = str(row.data(ID))
            self.close()
            window.trigger(name)


class PaletteDelegate(QStyledItemDelegate):
    """A command: its name, its key, and quietly what it does."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Two lines."""
        return QSize(200, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one command."""
        t = theme.current()
        action = actions.BY_ID[str(index.data(ID))]
        rect: QRect = option.rect
        chosen = bool(option.state & option.state.State_Selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.select))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 5, 5)
        ink = QColor(t.select_ink if chosen else t.ink)
        quiet = QColor(t.select_ink if chosen else t.ink2)
        inside = rect.adjusted(12, 4, -12, -4)
        painter.setFont(fonts.mono(12))
        painter.setPen(quiet)
        painter.drawText(
            inside,
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            key_text(action.keys),
        )
        painter.setFont(fonts.sans(13, fonts.MEDIUM))
        painter.setPen(ink)
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, tr(action.text))
        painter.setFont(fonts.sans(12))
        painter.setPen(quiet)
        said = painter.fontMetrics().elidedText(
            tr(action.help), Qt.TextElideMode.ElideRight, inside.width() - 120
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom, said)


class Legend(QDialog):
    """Every key, by menu."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        inside = QWidget()
        inside.setObjectName("inside")
        grid = QGridLayout(inside)
        grid.setContentsMargins(24, 20, 24, 24)
        grid.setHorizontalSpacing(40)
        columns = [QVBoxLayout(), QVBoxLayout(), QVBoxLayout()]
        for number, column in enumerate(columns):
            column.setSpacing(4)
            grid.addLayout(column, 0, number)
        place = {
            "Case": 0,
            "Evidence": 0,
            "Edit": 0,
            "Search": 1,
            "Go": 1,
            "Code": 1,
            "Facts": 2,
            "View": 2,
            "Layout": 0,
            "Help": 2,
        }
        for title, names in actions.MENUS:
            self._group(columns[place[title]], title, [actions.BY_ID[n] for n in names if n])
        for column in columns:
            column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.resize(960, 660)

    def _group(self, column: QVBoxLayout, title: str, group: list[Action]) -> None:
        keyed = [
            a for a in group if a.keys and not (a.id.startswith("code.") and a.id[-1] in "23456789")
        ]
        if not keyed:
            return
        column.addWidget(head_label(tr(title)))
        for action in keyed:
            row = QGridLayout()
            row.setColumnStretch(1, 1)
            keys = Label("1 – 9" if action.id == "code.1" else key_text(action.keys))
            keys.setFont(fonts.mono(12))
            keys.setFixedWidth(104)
            name = Label(tr("Tag by its key") if action.id == "code.1" else tr(action.text))
            name.setToolTip(tr(action.help))
            row.addWidget(keys, 0, 0)
            row.addWidget(name, 0, 1)
            column.addLayout(row)
        column.addSpacing(14)

"""Small pieces that every pane is put together from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from casekit.ui import fonts, icons
from casekit.ui.basics import Label


class Elided(Label):
    """A line of text that ends in … where there is no room for all of it; the tooltip has the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much as fits."""
        painter = QPainter(self)
        whole = self.text()
        fits = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(whole if fits != whole else "")
        painter.setPen(self.palette().windowText().color())
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fits
        )


class ListBeside(QSplitter):
    """A list of things at the left, below their number and a button for a new one; the chosen one at the right.

    Attributes:
        list: Where the page puts its entries.
        number: How many there are, in words.
    """

    def __init__(
        self, name: str, new: str, on_new: Callable[[], None],
        on_chosen: Callable[[QListWidgetItem | None], None], view: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(Qt.Orientation.Horizontal)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setWordWrap(True)
        self.list.setFont(fonts.sans(13))
        self.list.currentItemChanged.connect(lambda now, _before: on_chosen(now))
        self.number = Label()
        self.number.setFont(fonts.sans(13, fonts.MEDIUM))
        button = QPushButton(new)
        button.setProperty("primary", True)
        button.clicked.connect(lambda _on: on_new())
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 12, 8)
        head.addWidget(self.number, 1)
        head.addWidget(button)
        left = QWidget()
        left.setObjectName("centre")
        left.setMinimumWidth(300)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.addWidget(left)
        self.addWidget(view)
        self.setSizes([360, 900])
        self.setStretchFactor(1, 1)


class OneOf(QStackedWidget):
    """One of several widgets, no less high and wide than the one that is shown must be."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _number: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """That of the one that is shown; Qt takes the largest of all."""
        shown = self.currentWidget()
        return super().minimumSizeHint() if shown is None else shown.minimumSizeHint()


def headed(head: QWidget | QLayout, inside: QWidget, parent: QWidget | None = None) -> QWidget:
    """A pane of reading: its head, and below it what it is the head of; best made where it is to stand.

    Qt styles a widget, and all that it holds, again for each parent that it is given. What is made from the
    outside inwards is styled once.
    """
    pane = QWidget(parent)
    pane.setObjectName("centre")
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(head) if isinstance(head, QLayout) else column.addWidget(head)
    column.addWidget(inside, 1)
    return pane


def list_above(
    parent: QWidget, upper: QWidget, bar: QLayout, inside: QWidget, sizes: tuple[int, int]
) -> QSplitter:
    """A list above what is inside the chosen entry, below a bar; `sizes` are their heights in pixels."""
    both = QSplitter(Qt.Orientation.Vertical, parent)
    both.setHandleWidth(1)
    both.setChildrenCollapsible(False)
    both.addWidget(upper)
    both.addWidget(headed(bar, inside, both))
    both.setSizes(list(sizes))
    return both


def tool(icon: str, help_: str, run: Callable[[], None]) -> QToolButton:
    """A button that is an icon with a name for screen readers and a tooltip."""
    button = QToolButton()
    button.setProperty("icon_name", icon)
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(help_)
    button.setAccessibleName(help_)
    button.clicked.connect(lambda _checked=False: run())
    return button


def choice(text: str, kind: str, run: Callable[[], None]) -> QToolButton:
    """A checkable word in a row of alternatives; `kind` is `mode` or `tab`."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setAutoExclusive(True)
    button.setProperty(kind, True)
    button.setFont(fonts.sans(12 if kind == "mode" else 13, fonts.MEDIUM))
    button.clicked.connect(lambda _checked=False: run())
    return button


def verbs(offered: Sequence[tuple[str, Callable[[], object]]]) -> QHBoxLayout:
    """A row of buttons, of each its words and what it does; Return still means the dialog's own button."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for words, run in offered:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False, run=run: run())
        row.addWidget(button)
    return row


def rule() -> QFrame:
    """A line between two parts of a pane."""
    line = QFrame()
    line.setObjectName("rule")
    line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    line.setFixedHeight(1)
    return line


def glyph(icon: str, side: int) -> QLabel:
    """An icon that says what stands beside it, `side` pixels wide."""
    label = Label()
    label.setProperty("icon_name", icon)
    label.setProperty("icon_side", side)
    label.setPixmap(icons.icon(icon).pixmap(QSize(side, side)))
    return label


def redress(root: QWidget) -> None:
    """Draw the icons below a widget again in the colours of the present theme."""
    for button in root.findChildren(QToolButton):
        name = button.property("icon_name")
        if name:
            button.setIcon(icons.icon(str(name)))
    for label in root.findChildren(QLabel):
        name = label.property("icon_name")
        if name:
            side = int(label.property("icon_side"))
            label.setPixmap(icons.icon(str(name)).pixmap(QSize(side, side)))

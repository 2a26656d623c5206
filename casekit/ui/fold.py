"""A part that is folded away until somebody asks for it: a line to open it, a text to read and to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Label

CLOSED, OPEN = "▸", "▾"


class Fold(QWidget):
    """A text below its heading, closed at first; the text is laid out only once it is opened."""

    def __init__(self, heading: str, text: str) -> None:
        super().__init__()
        self._heading, self._text = heading, text
        self.toggle = QPushButton()
        self.toggle.setProperty("link", True)
        self.toggle.clicked.connect(lambda _on: self.open(not self.is_open()))
        self.copy = QPushButton(tr("Copy"))
        self.copy.setProperty("link", True)
        self.copy.setAccessibleName(tr("Copy: {what}", what=heading))
        self.copy.clicked.connect(lambda _on: self._copied())
        self.copy.hide()
        self.label: QLabel | None = None
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.toggle)
        row.addWidget(self.copy)
        row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(row)
        self._said()

    def is_open(self) -> bool:
        """Whether the text can be read."""
        return self.label is not None and not self.label.isHidden()

    def open(self, on: bool) -> None:
        """Show the text or fold it away."""
        if on and self.label is None:
            self.label = Label(self._text)
            self.label.setWordWrap(True)
            self.label.setProperty("quiet", True)
            self.label.setFont(fonts.mono(11))
            self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._column.addWidget(self.label)
        if self.label is not None:
            self.label.setVisible(on)
        self.copy.setVisible(on)
        self.copy.setText(tr("Copy"))
        self._said()

    def _copied(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.copy.setText(tr("Copied"))

    def _said(self) -> None:
        is_open = self.is_open()
        self.toggle.setText(f"{OPEN if is_open else CLOSED} {self._heading}")
        words = tr("open") if is_open else tr("folded")
        self.toggle.setAccessibleName(f"{self._heading}, {words}")

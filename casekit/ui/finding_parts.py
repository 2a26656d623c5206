"""The small pieces that a finding on screen is laid out from: lines, heads, links, lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout

from casekit.sentences import original, translated
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.sidebar import head_label
from casekit.ui.writing import shown


def line(text: str, *, quiet: bool = False, size: int = 13) -> QLabel:
    """A text that breaks, can be marked, and is never taken for markup."""
    label = Label(text)
    label.setWordWrap(True)
    label.setProperty("quiet", quiet)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFont(fonts.sans(size, fonts.SEMIBOLD if size == 17 else fonts.REGULAR))
    return label


def said(text: str, *, before: str = "", quiet: bool = False, size: int = 13) -> QLabel:
    """A sentence of a finding in the window's language; a tip holds it as the finding keeps it."""
    label = line(before + translated(text), quiet=quiet, size=size)
    label.setToolTip(shown(original(text)))
    return label


def head(text: str) -> QLabel:
    """A section's head with air above it."""
    label = head_label(text)
    label.setContentsMargins(0, 16, 0, 2)
    return label


def link(text: str, run: Callable[[], None]) -> QPushButton:
    """Words that lead somewhere."""
    button = QPushButton(text)
    button.setProperty("link", True)
    button.clicked.connect(lambda _on: run())
    return button


def listed(column: QVBoxLayout, words: str, lines: Any) -> None:
    """Sentences below a head; nothing where there are none."""
    if lines:
        column.addWidget(head(words))
    for each in lines:
        column.addWidget(said(str(each), before="–  "))

"""The strip at the foot of the window that says a refusal or what was done, without standing in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from casekit.i18n import tr
from casekit.ui.basics import Label
from casekit.ui.chrome import tool
from casekit.ui.writing import shown


class Notice(QWidget):
    """Hidden until there is something to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = Label()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._do = QPushButton()
        self._do.setProperty("link", True)
        self._do.hide()
        self._run: Callable[[], object] = self.hide
        self._do.clicked.connect(self._offered)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(self._text, 1)
        row.addWidget(self._do)
        row.addWidget(tool("close", tr("Close this line"), self.hide))
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.text()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is hidden needs no timer."""
        self._timer.stop()
        super().hideEvent(event)

    def _offered(self) -> None:
        self._run()

    def show_text(
        self,
        text: str,
        tone: str,
        *,
        seconds: int = 0,
        offer: str = "",
        run: Callable[[], object] | None = None,
        original: str = "",
    ) -> None:
        """Say something.

        Args:
            text: The sentence.
            tone: `quiet`, `ok`, `warn` or `bad`; warnings and refusals carry a shape too.
            seconds: Goes away by itself after so many; 0: stays until it is closed.
            offer: Words of a button beside it, which calls `run`.
            run: A callable without arguments.
            original: The English sentence that was translated, for whoever asks for support.
        """
        shape = {"warn": "▲ ", "bad": "▲ ", "ok": "✓ "}.get(tone, "")
        for name in ("quiet", "ok", "warn", "bad"):
            self._text.setProperty(name, name == tone and tone != "quiet")
        self._text.setText(shape + text)
        self._text.setToolTip(shown(original))
        self._text.style().unpolish(self._text)
        self._text.style().polish(self._text)
        self._do.setVisible(bool(offer))
        self._do.setText(offer)
        if run is not None:
            self._run = run
        self.show()
        self._timer.stop()
        if seconds:
            self._timer.start(seconds * 1000)

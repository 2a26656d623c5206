"""What says a refusal or what was done: on a strip kept for it at the window's foot, so that nothing moves.

What is longer than the strip rises over the page until somebody goes on working; nothing of it is animated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMoveEvent,
    QResizeEvent,
    QSinglePointEvent,
    QWindow,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

from casekit.i18n import tr
from casekit.ui import fonts
from casekit.ui.basics import Label
from casekit.ui.chrome import tool
from casekit.ui.writing import shown

HEIGHT = 36  # pixels of the strip: a line and its buttons
_WORK = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.Wheel)
_AGAIN_MS = 2000
HINTS = ("go.palette", "help.keys", "help.handbook")  # ids of actions


class Foot(QWidget):
    """The strip that is always there; while nothing is said it tells, quietly, where all keys are."""

    def __init__(self, notice: Notice, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._notice = notice
        hints = (f"{_keys(actions[name])}  {actions[name].text()}" for name in HINTS)
        self._hints = Label("      ".join(hints))
        self._hints.setProperty("quiet", True)
        self._hints.setFont(fonts.sans(12))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.addStretch(1)
        row.addWidget(self._hints)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is said keeps to the strip."""
        super().resizeEvent(event)
        self._notice.lie(self.geometry())

    def moveEvent(self, event: QMoveEvent) -> None:
        """What is said keeps to the strip."""
        super().moveEvent(event)
        self._notice.lie(self.geometry())


class Notice(QWidget):
    """Hidden until there is something to say; lies over the strip, in the same parent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._said = ""
        self._strip = QRect()
        self._watched: QWindow | None = None
        self._before: QWidget | None = None  # who had the keys before a button here got them
        self._text = Label()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._do, self._all = QPushButton(), QPushButton(tr("Show all"))
        for button in (self._do, self._all):
            button.setProperty("link", True)
            button.hide()
        self._run: Callable[[], object] = self.hide
        self._do.clicked.connect(self._offered)
        self._all.clicked.connect(self._rise)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._over)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 8, 1)
        row.addWidget(self._text, 1)
        for each in (self._all, self._do, tool("close", tr("Close this line"), self.hide)):
            row.addWidget(each)
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._keys_go)
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._said

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
        """Say something, to those who see the window and to those who hear it.

        Args:
            text: The sentence.
            tone: `quiet`, `ok`, `warn` or `bad`; warnings and refusals carry a shape too.
            seconds: Goes away by itself after so many, unless it has the keys; 0: stays until it is closed.
            offer: Words of a button beside it, which calls `run`.
            run: A callable without arguments.
            original: The English sentence that was translated, for whoever asks for support.
        """
        shape = {"warn": "▲ ", "bad": "▲ ", "ok": "✓ "}.get(tone, "")
        for name in ("quiet", "ok", "warn", "bad"):
            self._text.setProperty(name, name == tone and tone != "quiet")
        self._said = shape + text
        self._text.setToolTip(shown(original))
        self._text.style().unpolish(self._text)
        self._text.style().polish(self._text)
        self._do.setVisible(bool(offer))
        self._do.setText(offer)
        if run is not None:
            self._run = run
        self._rise()
        self.show()
        self.raise_()
        self._announce(f"{text} {offer}".strip(), urgent=tone in ("warn", "bad"))
        self._timer.stop()
        if seconds:
            self._timer.start(seconds * 1000)

    def lie(self, strip: QRect) -> None:
        """Lie over the strip, at its foot; what is longer reaches above it.

        Args:
            strip: Its place in the common parent, pixels.
        """
        self._strip = strip
        if self._watched is None:
            self._lower()
        else:
            self._rise()

    # -- inside -----------------------------------------------------------------------------------

    def _rise(self) -> None:
        """Show all that is said; what does not fit reaches over the page until somebody goes on working."""
        self._all.hide()
        self._text.setText(self._said)
        self._watch(None)
        layout, strip = self.layout(), self._strip
        if layout is None or strip.isNull():
            return
        layout.activate()
        needed = max(strip.height(), layout.heightForWidth(strip.width()))
        self.setGeometry(strip.adjusted(0, strip.height() - needed, 0, 0))
        if needed > strip.height():
            self._watch(self.window().windowHandle())

    def _lower(self) -> None:
        """Keep to the strip: of a text that is too long its beginning, and a button that shows all."""
        self._watch(None)
        layout, strip = self.layout(), self._strip
        if layout is None or strip.isNull():
            return
        self.setGeometry(strip)
        self._text.setText(self._said)
        self._all.setVisible(layout.heightForWidth(strip.width()) > strip.height())
        if not self._all.isHidden():
            layout.activate()
            room = self._text.contentsRect().width()
            one_line = " ".join(self._said.split())
            self._text.setText(
                self._text.fontMetrics().elidedText(one_line, Qt.TextElideMode.ElideRight, room)
            )

    def _watch(self, window: QWindow | None) -> None:
        """Hear of what is done in a window, or no more of it."""
        before, self._watched = self._watched, window
        if before is not None and shiboken6.isValid(before):
            before.removeEventFilter(self)
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody goes on working beside it: it gives the page free."""
        if watched is self._watched and event.type() in _WORK and not self._is_within(event):
            self._lower()
        return super().eventFilter(watched, event)

    def _is_within(self, event: QEvent) -> bool:
        if isinstance(event, QSinglePointEvent):
            return self.rect().contains(self.mapFromGlobal(event.globalPosition().toPoint()))
        return self._has_keys()

    def _has_keys(self) -> bool:
        now = QApplication.focusWidget()
        return now is not None and self.isAncestorOf(now)

    def _keys_go(self, before: QWidget | None, now: QWidget | None) -> None:
        came = now is not None and self.isAncestorOf(now)
        if came and before is not None and not self.isAncestorOf(before):
            self._before = before

    def hideEvent(self, event: QHideEvent) -> None:
        """What is hidden needs no timer, and gives the keys back."""
        if not event.spontaneous():
            self._timer.stop()
            self._watch(None)
            before, self._before = self._before, None
            if self._has_keys() and before is not None and shiboken6.isValid(before):
                before.setFocus()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _over(self) -> None:
        """Its time is up: it goes, but not from under the mouse or the keys."""
        if self._has_keys() or self.underMouse():
            self._timer.start(_AGAIN_MS)
        else:
            self.hide()

    def _offered(self) -> None:
        self._run()

    def _announce(self, words: str, *, urgent: bool) -> None:
        """Tell those who hear the window; the keys stay where they are, so nobody else would."""
        told = QAccessibleAnnouncementEvent(self, words)
        politeness = QAccessible.AnnouncementPoliteness
        told.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
        QAccessible.updateAccessibility(told)


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

"""The bar above the panes: menu, matter, the one search field, the tools used most."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from casekit.i18n import tr
from casekit.ui import fonts, icons
from casekit.ui.basics import Label
from casekit.ui.chrome import Elided, choice, glyph, tool
from casekit.ui.completing import Completions, Offer

LEAVE = (Qt.Key.Key_Escape, Qt.Key.Key_Down)
TYPING_MS = 250
MODE_WORDS = {"words": "words", "meaning": "meaning", "both": "both"}
MODE_HELP = {
    "words": "Exact and repeatable: the words as written",
    "meaning": "Passages that mean something similar, most alike first: a rank, not a finding",
    "both": "Words and meaning in one list, for exploring",
}


class SearchField(QWidget):
    """The one search field, with its mode at its end.

    `on_search` is told text and mode; `on_typing` the same while the user still writes words; `offer` knows
    what can be written next.
    """

    def __init__(
        self, on_search: Callable[[str, str], None], on_leave: Callable[[], None],
        on_typing: Callable[[str, str], None], offer: Offer | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("search")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._on_search, self._on_leave = on_search, on_leave
        self.mode = "words"
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(tr("Search   (press /)"))
        self.edit.setAccessibleName(tr("Search"))
        self.edit.setClearButtonEnabled(False)
        self.edit.returnPressed.connect(self.run)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(lambda: on_typing(self.edit.text().strip(), self.mode))
        self.edit.textEdited.connect(lambda _text: self._typed())
        self.edit.installEventFilter(self)
        self._clear = tool("close", tr("Clear the search"), self.clear)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setIconSize(QSize(14, 14))
        self._clear.setVisible(False)
        self.edit.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 5, 0)
        row.setSpacing(4)
        row.addWidget(glyph("magnify", 16))
        row.addWidget(self.edit, 1)
        row.addWidget(self._clear)
        self._modes = {}
        for mode, words in MODE_WORDS.items():
            button = choice(tr(words), "mode", partial(self._set_mode, mode))
            button.setToolTip(tr(MODE_HELP[mode]))
            button.setAccessibleName(tr("Search by {mode}", mode=tr(words)))
            self._modes[mode] = button
            row.addWidget(button)
        self._modes["words"].setChecked(True)
        self.setFixedHeight(32)
        self.completions = (
            None if offer is None else Completions(self.edit, self, offer, self._typed)
        )

    def put(self, text: str, mode: str) -> None:
        """Put a search into the field without running it."""
        self.edit.setText(text)
        self.mode = mode
        self._modes[mode].setChecked(True)

    def complete(self) -> None:
        """Go to the field and show all that can be written where the cursor is."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.completions is not None:
            self.completions.ask(every=True)

    def clear(self) -> None:
        """Empty the field and list everything again."""
        self.edit.clear()
        self.run()

    def bad(self, on: bool) -> None:
        """Say by the frame that the text could not be read."""
        self.setProperty("bad", on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw the frame of the focus; Escape and Down go to the list."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut) and isinstance(
            event, QFocusEvent
        ):
            self.setProperty("active", event.type() == QEvent.Type.FocusIn)
            self.style().unpolish(self)
            self.style().polish(self)
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in LEAVE
        ):
            self._on_leave()
            return True
        return super().eventFilter(watched, event)

    def _set_mode(self, mode: str) -> None:
        self.mode = mode
        if self.edit.text().strip():
            self.run()

    def _typed(self) -> None:
        """Words are looked for while they are written; what they mean only when asked."""
        if self.mode == "words":
            self._typing.start()

    def run(self) -> None:
        """Search for what stands in the field."""
        self._typing.stop()
        self._on_search(self.edit.text().strip(), self.mode)


class TopBar(QWidget):
    """Menu, matter, search and tools; the tools are actions of the table."""

    def __init__(self, search: SearchField, menu: QMenu) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(49)
        self.search = search
        self.menu_button = QToolButton()
        self.menu_button.setProperty("icon_name", "menu")
        self.menu_button.setIcon(icons.icon("menu"))
        self.menu_button.setIconSize(QSize(18, 18))
        self.menu_button.setAccessibleName(tr("Menu"))
        self.menu_button.setToolTip(tr("Menu") + "   F10")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(menu)
        self._name = Label()
        self._name.setFont(fonts.sans(13, fonts.SEMIBOLD))
        self._number = Elided()
        self._number.setProperty("quiet", True)
        left = QWidget()
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.menu_button, self._name):
            row.addWidget(widget)
        row.addWidget(self._number, 1)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(4)
        right = QWidget()
        far = QHBoxLayout(right)
        far.setContentsMargins(0, 0, 0, 0)
        far.addStretch(1)
        far.addLayout(self._tools)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(10, 0, 10, 0)
        outer.addWidget(left, 3)
        outer.addWidget(search, 5)
        outer.addWidget(right, 3)
        search.setMaximumWidth(680)
        search.setMinimumWidth(420)

    def show_matter(self, name: str, number: str, court: str) -> None:
        """Name, number and court of the matter."""
        self._name.setText(name)
        self._number.setText(" · ".join(part for part in (number, court) if part))

    def add_tools(self, actions: list[QAction]) -> None:
        """Put actions at the right end."""
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(QSize(18, 18))
            button.setAccessibleName(action.text())
            button.setToolTip(f"{action.text()}   {action.shortcut().toString()}".strip())
            self._tools.addWidget(button)

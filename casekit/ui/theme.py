"""The window's looks: tokens of one file become a palette, one style sheet and the colours of painters."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from casekit import paths
from casekit.ui import fonts

THEMES = ("system", "light", "dark", "contrast")
AT_ONCE = 100  # widgets out of sight that are dressed in one turn of the loop: about 5 ms
AFTER_MS = 60  # they come when what is in sight has been drawn


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as `#RRGGBB`, and the width of lines in pixels.

    Attributes:
        hint: What a field shows while nothing is written in it.
    """

    window: str
    surface: str
    raised: str
    line: str
    ink: str
    ink2: str
    hint: str
    accent: str
    on_accent: str
    soft: str
    hover: str
    select: str
    select_ink: str
    hit: str
    hit_ink: str
    hot: str
    privileged: str
    ok: str
    warn: str
    mark_green: str
    mark_blue: str
    mark_rose: str
    mark_violet: str
    mark_orange: str
    mark_teal: str
    mark_grey: str
    mark_amber: str
    scroll: str
    border: int

    def colour(self, name: str) -> QColor:
        """A token as a colour for painters; an unknown name gives `ink2`."""
        return QColor(str(getattr(self, name, self.ink2)))


@lru_cache(maxsize=1)
def all_tokens() -> dict[str, Tokens]:
    """Every theme by name."""
    stored = tomllib.loads(paths.resource("themes", "tokens.toml").read_text("utf-8"))
    return {name: Tokens(**values) for name, values in stored.items()}


def resolve(choice: str) -> str:
    """The theme that a setting means: `system` follows the desktop's light or dark."""
    if choice in all_tokens():
        return choice
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


_state = {"name": "light"}


def name() -> str:
    """The theme in force."""
    return _state["name"]


def current() -> Tokens:
    """The colours in force."""
    return all_tokens()[_state["name"]]


_out_of_sight: list[QWidget] = []


def apply(app: QApplication, choice: str) -> None:
    """Dress the whole application; works at any time, without a restart.

    What is in sight is dressed at once; what is not follows a few widgets at a time, or when it is raised
    (`dress_all`).
    """
    _state["name"] = resolve(choice)
    tokens = current()
    first = not app.styleSheet()
    if (
        first
    ):  # under a style sheet the style stays: to set it again polishes every widget once more
        app.setStyle("Fusion")
    app.setFont(fonts.sans())
    app.setPalette(palette(tokens))
    if first:
        app.setStyleSheet(style_sheet(tokens))
    else:
        _change_sheet(app, style_sheet(tokens))


def dress_all(root: QWidget) -> None:
    """Dress a widget and all below it now, if they still wait for the theme in force."""
    if _out_of_sight:
        wanted = {root, *root.findChildren(QWidget)}
        _polish([w for w in _out_of_sight if w in wanted])
        _out_of_sight[:] = [w for w in _out_of_sight if w not in wanted]


def _change_sheet(app: QApplication, sheet: str) -> None:
    # Qt itself polishes every widget once for each widget above it: eight times what is needed. With its
    # caches emptied it finds nothing to do, and each widget is polished here, those above first.
    app.style().unpolish(app)
    app.setStyleSheet(sheet)
    tops = [top for top in app.topLevelWidgets() if top.parentWidget() is None]
    every = [w for top in tops for w in (top, *top.findChildren(QWidget))]
    _polish(w for w in every if w.isVisible())
    if not _out_of_sight:
        QTimer.singleShot(AFTER_MS, app, _go_on)
    _out_of_sight[:] = [w for w in every if not w.isVisible()]


def _go_on() -> None:
    some, _out_of_sight[:] = _out_of_sight[:AT_ONCE], _out_of_sight[AT_ONCE:]
    _polish(some)
    if _out_of_sight:
        QTimer.singleShot(0, _go_on)


def _polish(widgets: Iterable[QWidget]) -> None:
    for widget in widgets:
        if isValid(widget):  # it may have gone while it waited
            widget.style().polish(widget)
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def palette(t: Tokens) -> QPalette:
    """The palette of what the style sheet does not paint."""
    p = QPalette()
    roles = {
        QPalette.ColorRole.Window: t.window,
        QPalette.ColorRole.WindowText: t.ink,
        QPalette.ColorRole.Base: t.surface,
        QPalette.ColorRole.AlternateBase: t.raised,
        QPalette.ColorRole.Text: t.ink,
        QPalette.ColorRole.Button: t.raised,
        QPalette.ColorRole.ButtonText: t.ink,
        QPalette.ColorRole.BrightText: t.hot,
        QPalette.ColorRole.Highlight: t.select,
        QPalette.ColorRole.HighlightedText: t.select_ink,
        QPalette.ColorRole.Link: t.accent,
        QPalette.ColorRole.LinkVisited: t.accent,
        QPalette.ColorRole.ToolTipBase: t.raised,
        QPalette.ColorRole.ToolTipText: t.ink,
        QPalette.ColorRole.PlaceholderText: t.hint,
        QPalette.ColorRole.Accent: t.accent,
        QPalette.ColorRole.Mid: t.line,
        QPalette.ColorRole.Dark: t.line,
        QPalette.ColorRole.Light: t.raised,
    }
    for role, value in roles.items():
        p.setColor(role, QColor(value))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.ButtonText,
    ):
        p.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.ink2))
    return p


def style_sheet(t: Tokens) -> str:
    """The one style sheet, its `$names` filled from the tokens."""
    template = paths.resource("themes", "window.qss").read_text("utf-8")
    icons = paths.resource("icons").as_posix()
    values = {field: getattr(t, field) for field in Tokens.__dataclass_fields__}
    shade = "dark" if luminance(t.window) < 0.2 else "light"
    ring = t.border + 2  # two lines with one of the button's ground between
    return string.Template(template).substitute(values, icons=icons, shade=shade, ring=ring)


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)

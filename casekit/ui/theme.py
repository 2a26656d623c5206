"""The window's looks: tokens of one file become a palette, one style sheet and the colours of painters."""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from casekit import paths
from casekit.ui import fonts

THEMES = ("system", "light", "dark", "contrast")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as `#RRGGBB`, and the width of lines in pixels."""

    window: str
    surface: str
    raised: str
    line: str
    ink: str
    ink2: str
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


def apply(app: QApplication, choice: str) -> None:
    """Dress the whole application; works at any time, without a restart."""
    _state["name"] = resolve(choice)
    tokens = current()
    if (
        not app.styleSheet()
    ):  # under a style sheet the style stays; to set it again polishes every widget once more
        app.setStyle("Fusion")
    app.setFont(fonts.sans())
    app.setPalette(palette(tokens))
    app.setStyleSheet(style_sheet(tokens))


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
        QPalette.ColorRole.PlaceholderText: t.ink2,
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
    return string.Template(template).substitute(values, icons=icons, shade=shade)


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)

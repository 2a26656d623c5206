"""Icons tinted from the theme, drawn from the Material Design font that qtawesome carries.

The font is read from the package without importing it: qtawesome itself loads ten fonts, which the
start of the window would wait for.
"""

from __future__ import annotations

import importlib.util
import json
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from casekit.errors import CaseKitError
from casekit.ui import theme

FONT = "materialdesignicons6-webfont-[0-9]*.ttf"
CHARACTERS = "materialdesignicons6-webfont-charmap-*.json"
FILL = 0.92


class GlyphEngine(QIconEngine):
    """Draws one character of the icon font, at any size, in the theme's colours of the moment."""

    def __init__(self, character: str, token: str) -> None:
        super().__init__()
        self._character, self._token = character, token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw into a rectangle."""
        t = theme.current()
        font = QFont(_family())
        font.setPixelSize(max(1, round(rect.height() * FILL)))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        painter.setPen(QColor(t.line) if mode == QIcon.Mode.Disabled else t.colour(self._token))
        painter.drawText(QRectF(rect), Qt.AlignmentFlag.AlignCenter, self._character)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw onto nothing."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Another of the same."""
        return GlyphEngine(self._character, self._token)


def icon(name: str, token: str = "ink2") -> QIcon:
    """An icon of the Material Design set, such as `tray-arrow-down`, in one of the theme's colours."""
    return _icon(name, token, theme.name())


@lru_cache(maxsize=256)
def _icon(name: str, token: str, _theme: str) -> QIcon:
    # The theme is part of the key because Qt caches the pixmaps of an icon.
    return QIcon(GlyphEngine(chr(int(_characters()[name], 16)), token))


@lru_cache(maxsize=1)
def _characters() -> dict[str, str]:
    loaded: dict[str, str] = json.loads(_file(CHARACTERS).read_text("utf-8"))
    return loaded


@lru_cache(maxsize=1)
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_file(FONT)))
    return QFontDatabase.applicationFontFamilies(number)[0]


def _file(pattern: str) -> Path:
    package = importlib.util.find_spec("qtawesome")
    folder = Path(package.origin).parent if package is not None and package.origin else Path()
    found = sorted((folder / "fonts").glob(pattern))
    if not found:
        raise CaseKitError("CaseKit's own file {name} is missing: install it again.", name=pattern)
    return found[-1]

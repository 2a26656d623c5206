"""The window's typefaces, loaded from the packages that carry them rather than from the system."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

SANS = "Inter"
MONO = "JetBrains Mono"
SERIF = "Source Serif 4"
CJK = "Noto Sans SC"
SYMBOLS = "Noto Sans Symbols 2"
SIZE = 13
REGULAR = 400
MEDIUM = 500
SEMIBOLD = 620
_WESTERN = (
    "inter/Inter[opsz,wght].ttf",
    "jetbrainsmono/JetBrainsMono[wght].ttf",
    "sourceserif4/SourceSerif4[opsz,wght].ttf",
)
_loaded: dict[str, bool] = {}


def load() -> None:
    """Make the western faces known to Qt; must follow the making of the application."""
    for name in _WESTERN:
        _add("justmytype_western_core", name)
    QFont.insertSubstitutions(SANS, [CJK])
    QFont.insertSubstitutions(MONO, [CJK])
    QFont.insertSubstitutions(SERIF, [CJK])


def load_cjk() -> None:
    """Make known the Chinese face, which also reads Japanese, and the face of signs and emoji."""
    _add("justmytype_western_core", "notosanssymbols2/NotoSansSymbols2-Regular.ttf")
    _add("justmytype_intl_cjk", "notosanssc/NotoSansSC[wght].ttf")


def sans(size: int = SIZE, weight: int = REGULAR) -> QFont:
    """The interface's face, size in pixels."""
    return _face(SANS, size, weight)


def figures(size: int = SIZE) -> QFont:
    """The interface's face with figures of one width, for numbers that stand below each other."""
    font = sans(size)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def serif(size: int = 15, weight: int = REGULAR) -> QFont:
    """The face of long running text."""
    return _face(SERIF, size, weight)


def mono(size: int = SIZE - 1) -> QFont:
    """The face of hashes, numbers that are cited, and raw records."""
    font = _face(MONO, size, REGULAR)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFeature(QFont.Tag("calt"), 0)  # ligatures would change what a record seems to say
    font.setFeature(QFont.Tag("liga"), 0)
    return font


def label() -> QFont:
    """The face of section heads, which are written in capitals."""
    font = sans(11, SEMIBOLD)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.3)
    return font


def _face(family: str, size: int, weight: int) -> QFont:
    return QFont(_made(family, size, weight))


@cache
def _made(family: str, size: int, weight: int) -> QFont:
    font = QFont(family)
    font.setFamilies([family, CJK, SYMBOLS])
    font.setPixelSize(size)
    # Qt does not map weights to the axis of a variable font, and Noto's default is Thin.
    font.setVariableAxis(QFont.Tag("wght"), weight)
    return font


def available(family: str) -> bool:
    """Whether that very face is used when it is asked for."""
    return QFontInfo(QFont(family)).family() == family


def _add(package: str, name: str) -> None:
    if _loaded.get(name):
        return
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return
    file = Path(found.origin).parent / "fonts" / "ofl" / name
    _loaded[name] = QFontDatabase.addApplicationFont(str(file)) >= 0

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from casekit.errors import CaseKitError
from casekit.ui import icons, theme
from casekit.ui.actions import ACTIONS


def test_every_icon_of_an_action_is_in_the_set(dressed: QApplication) -> None:
    for action in ACTIONS:
        if action.icon:
            assert not icons.icon(action.icon).isNull(), action.icon


def test_an_icon_is_drawn_in_its_token(dressed: QApplication) -> None:
    picture = icons.icon("menu", "hot").pixmap(QSize(32, 32)).toImage()
    colours = {QColor(picture.pixel(x, y)).name() for x in range(32) for y in range(32)}
    assert theme.current().hot.lower() in colours
    engine = icons.GlyphEngine("x", "ink")
    assert isinstance(engine.clone(), icons.GlyphEngine)
    assert not engine.pixmap(QSize(8, 8), QIcon.Mode.Disabled, QIcon.State.Off).isNull()


def test_a_missing_icon_font_is_a_refusal() -> None:
    with pytest.raises(CaseKitError, match=re.escape("install it again")):
        icons._file("no-such-font-*.ttf")

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProxyStyle,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from casekit.queries.highlights import COLOURS
from casekit.ui import theme

GROUNDS = ("window", "surface", "raised", "hover", "soft")
MARKS = (*COLOURS, "grey", "amber")
INKS = ("ink", "ink2", "hint", "accent", "hot", "privileged", "ok", "warn")
PAIRS = [
    *product(INKS, GROUNDS),
    ("select_ink", "select"),
    ("hit_ink", "hit"),
    ("on_accent", "accent"),
    *(
        (ink, f"mark_{colour}")
        for ink, colour in product(("ink", "ink2"), (*COLOURS, "grey", "amber"))
    ),
]


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_all_text_is_readable_on_every_ground_it_may_stand_on(name: str) -> None:
    tokens = theme.all_tokens()[name]
    poor = {
        (ink, ground): round(theme.contrast(getattr(tokens, ink), getattr(tokens, ground)), 2)
        for ink, ground in PAIRS
        if theme.contrast(getattr(tokens, ink), getattr(tokens, ground)) < 4.5
    }
    assert poor == {}


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_style_sheet_has_no_place_left_unfilled() -> None:
    for tokens in theme.all_tokens().values():
        sheet = theme.style_sheet(tokens)
        assert "$" not in sheet
        assert tokens.accent in sheet


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_the_focus_is_seen_on_the_button_that_acts(
    dressed: QApplication, qtbot: QtBot, name: str
) -> None:
    """A ring of 3:1 on the button's own ground (WCAG 2.2, 1.4.11), and nothing moves for it."""
    theme.apply(dressed, name)
    whole = QWidget()
    column = QVBoxLayout(whole)
    acts, other = QPushButton("Make it"), QPushButton("Cancel")
    acts.setProperty("primary", True)
    for button in (other, acts):
        column.addWidget(button)
    qtbot.addWidget(whole)
    whole.show()
    whole.activateWindow()
    other.setFocus()
    before, hint = acts.grab().toImage(), acts.sizeHint()
    acts.setFocus()
    qtbot.waitUntil(acts.hasFocus)
    after, middle = acts.grab().toImage(), acts.height() // 2
    edge = [
        (before.pixelColor(x, middle).name(), after.pixelColor(x, middle).name())
        for x in range(1, 6)
    ]
    assert any(theme.contrast(*pair) >= 3 for pair in edge)
    assert acts.sizeHint() == hint
    theme.apply(dressed, "light")


class WithIcons(QProxyStyle):
    """A desktop that puts pictures on the buttons of dialogs."""

    def styleHint(  # noqa: N802
        self, hint: QStyle.StyleHint, option: Any = None, widget: Any = None, back: Any = None
    ) -> int:
        if hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, option, widget, back)


def test_buttons_of_the_toolkits_dialogs_are_words(dressed: QApplication, qtbot: QtBot) -> None:
    theme.apply(dressed, "light")
    box, style = QDialogButtonBox(), WithIcons()
    qtbot.addWidget(box)
    box.setStyle(style)
    save = box.addButton(QDialogButtonBox.StandardButton.Save)
    box.show()
    assert save.icon().isNull()


def test_a_theme_is_put_on_and_system_means_one_of_them(dressed: QApplication) -> None:
    theme.apply(dressed, "contrast")
    assert theme.name() == "contrast"
    assert dressed.palette().window().color().name().upper() == "#000000"
    assert theme.resolve("system") in {"light", "dark"}
    assert theme.current().colour("no such token").name().upper() == theme.current().ink2.upper()
    theme.apply(dressed, "light")


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_the_hint_of_an_empty_field_has_its_colour(
    dressed: QApplication, qtbot: QtBot, name: str
) -> None:
    """Left to Qt it is ink at half strength, which is too faint on white."""
    fields = [QLineEdit(), QPlainTextEdit()]
    theme.apply(dressed, name)
    for field in fields:
        qtbot.addWidget(field)
        field.ensurePolished()
        shown = field.palette().placeholderText().color()
        assert shown == theme.current().colour("hint")
    theme.apply(dressed, "light")


class Counted(QWidget):
    """Counts how often it was told of another style."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told = 0

    def event(self, event: QEvent) -> bool:
        self.told += event.type() == QEvent.Type.StyleChange
        return super().event(event)


def nested(qtbot: QtBot) -> list[Counted]:
    chain = [Counted()]
    qtbot.addWidget(chain[0])
    for _ in range(6):
        chain.append(Counted(chain[-1]))
    return chain


def test_a_theme_dresses_each_widget_once_however_deep_it_lies(
    dressed: QApplication, qtbot: QtBot
) -> None:
    chain = nested(qtbot)
    label = QLabel("words", chain[-1])
    chain[0].show()
    for widget in chain:
        widget.told = 0
    theme.apply(dressed, "dark")
    assert [widget.told for widget in chain] == [1] * len(chain)
    assert label.palette().windowText().color().name().upper() == theme.current().ink
    theme.apply(dressed, "light")
    assert label.palette().windowText().color().name().upper() == theme.current().ink


def test_what_is_out_of_sight_is_dressed_later_or_when_it_is_wanted(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "AT_ONCE", 3)  # so that one turn of the loop is not enough
    soon, later = nested(qtbot), nested(qtbot)
    gone = QWidget()
    for chain in (soon, later):
        chain[0].show()
        chain[0].hide()
        for widget in chain:
            widget.told = 0
    theme.apply(dressed, "dark")
    assert [widget.told for widget in (*soon, *later)] == [0] * 14
    theme.dress_all(soon[0])
    assert [widget.told for widget in soon] == [1] * 7
    theme.apply(dressed, "light")  # what still waited for the other is dressed once, in this one
    shiboken6.delete(gone)
    qtbot.waitUntil(lambda: min(w.told for w in later) > 0 and min(w.told for w in soon) > 1)
    assert [widget.told for widget in later] == [1] * 7
    assert [widget.told for widget in soon] == [2] * 7
    theme.dress_all(soon[0])
    assert [widget.told for widget in soon] == [2] * 7

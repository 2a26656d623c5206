from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtWidgets import QApplication

from casekit.queries.highlights import COLOURS
from casekit.ui import theme

GROUNDS = ("window", "surface", "raised", "hover", "soft")
MARKS = (*COLOURS, "grey", "amber")
INKS = ("ink", "ink2", "accent", "hot", "privileged", "ok", "warn")
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


def test_a_theme_is_put_on_and_system_means_one_of_them(dressed: QApplication) -> None:
    theme.apply(dressed, "contrast")
    assert theme.name() == "contrast"
    assert dressed.palette().window().color().name().upper() == "#000000"
    assert theme.resolve("system") in {"light", "dark"}
    assert theme.current().colour("no such token").name().upper() == theme.current().ink2.upper()
    theme.apply(dressed, "light")

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ui.box_paper import WHOLE, BoxPaper, _pulled
from casekit.ui.pages_view import PagesView, picture_of

SIDE = st.integers(0, WHOLE)
PULL = st.integers(-2 * WHOLE, 2 * WHOLE)


@given(SIDE, SIDE, SIDE, SIDE, st.sampled_from(["m", "l", "r", "t", "b", "lt", "rb"]), PULL, PULL)
def test_a_box_stays_on_its_page_whatever_pulls_it(
    x0: int, x1: int, y0: int, y1: int, grip: str, across: int, down: int
) -> None:
    sides = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    left, top, right, bottom = _pulled(sides, grip, across, down)
    assert 0 <= left <= right <= WHOLE
    assert 0 <= top <= bottom <= WHOLE
    if grip == "m":
        assert (right - left, bottom - top) == (sides[2] - sides[0], sides[3] - sides[1])


def test_corners_sides_and_the_middle_take_hold(dressed: QApplication, qtbot: QtBot) -> None:
    paper = BoxPaper()
    qtbot.addWidget(paper)
    paper.resize(1000, 1000)
    picture = QPixmap(1000, 1000)
    picture.fill("white")
    paper.setPixmap(picture)
    box = (200_000, 200_000, 800_000, 600_000)
    places = {
        (200, 200): "lt", (800, 600): "rb", (500, 200): "t", (800, 400): "r", (500, 400): "m", (900, 900): "",
    }  # fmt: skip
    assert {p: paper._grip_at(box, QPointF(*p)) for p in places} == places


def test_the_frame_is_where_the_picture_is_seen(dressed: QApplication, qtbot: QtBot) -> None:
    """A box drawn on screen must lie where it is painted on paper."""
    pages = PagesView(lambda page: None)
    qtbot.addWidget(pages)
    pages.resize(800, 900)
    room = io.BytesIO()
    Image.new("RGB", (600, 500), (255, 0, 255)).save(room, "PNG")
    pages.open(1)
    pages.show()
    pages.show_picture(1, picture_of(room.getvalue()))
    paper = pages._paper
    seen = paper.grab().toImage()
    hits = [
        (x, y)
        for x in range(seen.width())
        for y in range(seen.height())
        if seen.pixelColor(x, y).getRgb()[:3] == (255, 0, 255)
    ]
    frame = paper.frame()
    assert (min(hits)[0], min(y for _, y in hits)) == (frame.left(), frame.top())
    assert (max(hits)[0] + 1, max(y for _, y in hits) + 1) == (frame.right(), frame.bottom())

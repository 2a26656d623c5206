from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from casekit.ui.margin import NARROW, WIDTH, Margin, MarginNote, width_for

AREA = QRect(400, 0, WIDTH, 300)


def drawn(tops: dict[int, int | None], text: str = "a note") -> Margin:
    margin = Margin()
    margin.notes = [MarginNote(n, "abc"[n - 1], text, "mark_blue", "body", n) for n in tops]
    picture = QPixmap(600, 300)
    painter = QPainter(picture)
    margin.draw(painter, AREA, lambda note: tops[note.id])
    painter.end()
    return margin


def test_notes_stand_beside_their_lines_and_never_on_each_other(dressed: QApplication) -> None:
    margin = drawn({1: 50, 2: 52, 3: None})
    areas = {note: area for area, note in margin._drawn}
    assert areas.keys() == {1, 2}
    assert areas[1].top() == 50
    assert areas[2].top() > areas[1].bottom()
    assert margin.note_at(areas[2].center()) == 2
    assert margin.note_at(QPoint(10, 50)) is None


def test_what_is_scrolled_away_is_not_drawn(dressed: QApplication) -> None:
    assert [note for _, note in drawn({1: -400, 2: 40, 3: 900})._drawn] == [2]


def test_a_narrow_page_has_room_for_letters_alone(dressed: QApplication) -> None:
    assert (width_for(900), width_for(400)) == (WIDTH, NARROW)
    long, short = (drawn({1: 0}, text)._drawn[0][0].height() for text in ("word " * 400, ""))
    assert 2 * short < long < 8 * short

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.dossier.gaps import Gap
from casekit.dossier.pdfa import Profile
from casekit.dossier.spec import SECTIONS, USUAL, DossierSpec
from casekit.queries.exhibits import ExhibitRow
from casekit.ui import outline as module
from casekit.ui.outline import STATE, Outline, OutlineWants, section_title


def row(label: str) -> ExhibitRow:
    return ExhibitRow(1, label, 1, "mail", f"Title of {label}", "", 1, "", "", False)


@pytest.fixture
def asked() -> list[tuple[str, Any]]:
    return []


@pytest.fixture
def outline(dressed: QApplication, qtbot: QtBot, asked: list[tuple[str, Any]]) -> Outline:
    made = Outline(
        OutlineWants(*(lambda v, n=name: asked.append((n, v)) for name in
                       ("purpose", "sections", "exhibits", "chosen")))  # type: ignore[misc]
    )  # fmt: skip
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.show()
    made.show_spec(DossierSpec(), [row("A-1"), row("A-2"), row("B-1")])
    return made


def test_every_section_and_profile_has_its_words() -> None:
    assert set(module.SECTION_WORDS) == set(SECTIONS)
    from typing import get_args

    assert tuple(value for value, _, _ in module.PURPOSES) == get_args(Profile)


def test_sections_are_ticked_moved_and_added_by_keys(
    outline: Outline, asked: list[tuple[str, Any]]
) -> None:
    rows = outline.sections
    assert rows.ticked() == USUAL
    rows.setFocus()
    rows.choose("contents")
    QTest.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert asked[-1] == ("sections", ("cover", "contents", "reading", *USUAL[3:]))
    QTest.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)  # it is the first already
    assert rows.value() == "contents"
    assert rows.ticked()[0] == "contents"
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert asked[-1] == ("sections", ("cover", "reading", *USUAL[3:]))
    outline._add("certificates")
    assert asked[-1][1] == ("cover", "reading", "exhibits", "findings", "redactions", "custody",
                            "certificates", "hashes")  # fmt: skip


def test_a_section_taken_out_stays_listed_where_it_was(outline: Outline) -> None:
    left = tuple(name for name in USUAL if name != "contents")
    outline.show_spec(DossierSpec(sections=left), [row("A-1")])
    assert [name for name, _ in outline.sections.rows()] == list(USUAL)
    assert outline.sections.ticked() == left


def test_exhibits_come_in_the_specs_order_with_the_others_unticked(
    outline: Outline, asked: list[tuple[str, Any]]
) -> None:
    assert outline.exhibits.ticked() == ("A-1", "A-2", "B-1")
    outline.show_spec(
        DossierSpec(exhibits=("B-1", "A-1", "Z-9")), [row("A-1"), row("A-2"), row("B-1")]
    )
    assert outline.exhibits.ticked() == ("B-1", "A-1", "Z-9")
    assert dict(outline.exhibits.rows())["A-2"] is False
    assert outline.exhibits.words("B-1") == "B-1  Title of B-1"


def test_choosing_tells_the_window(outline: Outline, asked: list[tuple[str, Any]]) -> None:
    item = outline.exhibits.item(1)
    place = outline.exhibits.visualItemRect(item).center() + QPoint(20, 0)
    QTest.mouseClick(outline.exhibits.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert ("chosen", "A-2") in asked
    outline.purpose.setCurrentIndex(2)
    outline.purpose.activated.emit(2)
    assert asked[-1] == ("purpose", "archive")


def test_each_section_says_its_state_in_words(outline: Outline) -> None:
    outline.show_states(
        [
            Gap("gap", "cover", "x", "a"), Gap("gap", "cover", "y", "b"), Gap("note", "reading", "z", "c"),
            Gap("refusal", "exhibits", "q", "d"),
        ]
    )  # fmt: skip
    said = {name: outline.sections.item(n).data(STATE)
            for n, (name, _) in enumerate(outline.sections.rows())}  # fmt: skip
    assert said["cover"] == "▲ 2 gaps"
    assert said["reading"] == "– 1 note"
    assert said["exhibits"] == "■ blocked"
    assert said["custody"] == "✓ complete"
    assert section_title("poem") == "Poem"

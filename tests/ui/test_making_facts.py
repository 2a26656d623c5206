from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ops import claims
from casekit.ops.facts import MOST_CITED
from casekit.queries.claims import claims as claim_rows
from casekit.queries.facts import FactRow, facts, get
from casekit.queries.moments import When
from casekit.store.case import Case
from casekit.ui.making_facts import CiteForm, FactForm, Stated, edit_fact, marked_places
from casekit.ui.window import Window

Rest = Callable[..., None]
EMPTY = Stated("", "unsure", "", "unsure", When(), ())


def kept(window: Window) -> list[FactRow]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return facts(s, quotes=True)


def test_return_keeps_a_fact_and_what_is_missing_is_said(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    with sample_case.write() as s:
        claims.add_claim(s, kind="terms", law="neutral")
    with sample_case.read() as s:
        known = claim_rows(s)
    form = FactForm(None, EMPTY, known, "", "Make the fact")
    qtbot.addWidget(form)
    form.show()
    QTest.keyClick(form.text, Qt.Key.Key_Return)
    assert "needs a statement" in form.trouble.text()
    QTest.keyClicks(form.text, "They signed up.")
    form.kind.setCurrentIndex(form.kind.findData("range"))
    assert form.last.isVisible()
    form.first.setText("2025-12-09")
    form.last.setText("2025-11-24")
    QTest.keyClick(form.text, Qt.Key.Key_Return)
    assert "cannot end before it begins" in form.trouble.text()
    form.last.setText("2025-12-10")
    form.people.setText("Ann; ;  Tom ")
    form.status.setCurrentIndex(form.status.findData("disputed-by-us"))
    form.disputed_by.setText("Meridian")
    assert form.element is not None
    form.element.setCurrentIndex(form.element.findData("2"))
    QTest.keyClick(form.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert form.result() == 0
    QTest.keyClick(form.text, Qt.Key.Key_Return)
    assert form.result() == 1
    assert form.stated() == Stated(
        "They signed up.", "disputed-by-us", "Meridian", "unsure",
        When("range", "2025-12-09", "2025-12-10", "UTC"), ("Ann", "Tom"), 2,
    )  # fmt: skip
    form.status.setCurrentIndex(form.status.findData("undisputed"))
    assert form.stated().disputed_by == ""
    form.close()


def test_two_keys_lead_from_marked_text_to_a_fact_with_its_pinpoint(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, workspace = window.shell, window.workspace
    assert shell is not None
    assert workspace is not None
    workspace.open_item(1)
    rest()
    view = shell.selection.view
    assert view is not None
    part, text = next((p, t) for p, t in view.texts if len(t) > 25)
    shell.selection.cite = (part, 3, 21)
    given: list[Any] = []

    def answer(stated: Stated, _claims: object, about: str, _ok: str) -> Stated:
        given.append(about)
        return stated

    monkeypatch.setattr(window.ask, "fact", answer)
    QTest.keyClick(window, Qt.Key.Key_F)
    rest()
    (made,) = kept(window)
    assert made.text == " ".join(text[3:21].split())
    assert (made.cites[0].quote, made.cites[0].intact) == (text[3:21], True)
    assert "characters 3 to 21" in given[0]
    shell.selection.cite = None
    monkeypatch.setattr(
        window.ask, "fact_cited", lambda rows, newest, _places: (newest, "contradicts", "no")
    )
    window.trigger("fact.cite")
    rest()
    whole = kept(window)[0].cites[1]
    assert (whole.part, whole.stance, whole.note) == ("", "contradicts", "no")
    monkeypatch.setattr(
        window.ask,
        "fact",
        lambda *_: Stated("New", "undisputed", "", "yes", When("on", "2026"), ("A",)),
    )
    edit_fact(window, kept(window)[0])
    window.trigger("fact.new")
    rest()
    assert [(row.text, row.status, len(row.cites)) for row in kept(window)] == [
        ("New", "undisputed", 2), ("New", "undisputed", 0),
    ]  # fmt: skip
    window.trigger("edit.undo")
    rest()
    assert len(kept(window)) == 1


def test_the_newest_fact_is_the_one_offered(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    from casekit.ops.facts import add_fact

    with sample_case.write() as s:
        add_fact(s, "One", when=When("on", "2026"))
        add_fact(s, "Two", when=When("on", "2025"))
    with sample_case.read() as s:
        form = CiteForm(None, facts(s), 2)
        assert get(s, 2).text == "Two"
    qtbot.addWidget(form)
    assert form.fact.currentText() == "2  Two"


def test_chosen_items_are_cited_together_and_a_marked_passage_alone(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, workspace = window.shell, window.workspace
    assert shell is not None
    assert workspace is not None
    workspace.open_item(1)
    rest()
    shell.selection.cite = None
    shell.selection.chosen = np.array([2, 1, 3], dtype=np.int64)
    told: list[Any] = []

    def fact(given: Stated, _claims: object, about: str, _ok: str) -> Stated:
        told.append(about)
        return replace(given, text="All three say so")

    def cited(_rows: object, newest: int, places: int) -> tuple[int, str, str]:
        told.append(places)
        return newest, "contradicts", "both"

    monkeypatch.setattr(window.ask, "fact", fact)
    monkeypatch.setattr(window.ask, "fact_cited", cited)
    window.trigger("fact.make")
    rest()
    shell.selection.chosen = np.array([4, 5], dtype=np.int64)
    window.trigger("fact.cite")
    rest()
    assert "3 chosen items" in told[0]
    assert told[1] == 2
    (made,) = kept(window)
    assert [(c.item.id if c.item else 0, c.stance, c.note) for c in made.cites] == [
        (2, "supports", ""), (1, "supports", ""), (3, "supports", ""),
        (4, "contradicts", "both"), (5, "contradicts", "both"),
    ]  # fmt: skip
    window.trigger("edit.undo")
    rest()
    assert len(kept(window)[0].cites) == 3
    shell.selection.cite = ("output", 0, 4)
    assert [place.item_id for place in marked_places(window)] == [1]
    shell.selection.cite = None
    shell.selection.chosen = np.arange(1, MOST_CITED + 2, dtype=np.int64)
    assert marked_places(window) == []
    shell.selection.chosen = shell.selection.chosen[:-1]
    assert len(marked_places(window)) == MOST_CITED

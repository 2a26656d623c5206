from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from casekit.ops import clawback, facts
from casekit.ops.clawback import Notice
from casekit.ops.facts import NewCite
from casekit.queries.moments import When
from casekit.ui.cite import PARTS
from casekit.ui.facts_model import STATEMENT
from casekit.ui.facts_page import FactsPage
from casekit.ui.making_facts import Stated
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_facts_are_listed_filtered_linked_opened_and_taken_away(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = window.shell
    assert shell is not None
    with shell.case.read() as s:
        from casekit.queries import items

        part, text = items.view(s, 1).texts[0]
    with shell.case.write() as s:
        facts.add_fact(
            s, "Late", status="undisputed", when=When("on", "2026"), cites=[NewCite(1, part, 2, 6)]
        )
        facts.add_fact(s, "Early", when=When("on", "2025"))
    window.trigger("page.facts")
    rest()
    assert window.pages is not None
    page = window.pages.page("facts")
    assert isinstance(page, FactsPage)
    assert [row.text for row in page.model.rows] == ["Early", "Late"]
    assert page.count.text() == "2 facts"
    assert "▲ Nothing is cited yet" in page.detail.toPlainText()
    page.claim("terms", "neutral")
    rest()
    states = [page.elements.item(n, 1).text() for n in range(page.elements.rowCount())]  # type: ignore[union-attr]
    assert states == ["", *["▲ No fact"] * 5]
    page.show_fact(1)
    page.turn(1, on=True)
    rest()
    assert page.elements.item(1, 1).text() == "● Supported"  # type: ignore[union-attr]
    page.elements.setCurrentCell(1, 0)
    assert "1  Late" in page.detail.toPlainText()
    page.uncited.setChecked(True)
    assert (page.count.text(), [row.text for row in page.model.rows]) == ("1 of 2 facts", ["Early"])
    assert "Late" not in page.chronology.toPlainText()
    page.uncited.setChecked(False)
    page.show_fact(1)
    assert f"“{text[2:6].strip()}" in page.detail.toPlainText()
    assert f"{PARTS[part]}, characters 2 to 6" in page.detail.toPlainText()
    said = Stated("Later", "unsure", "", "no", When(), ())
    monkeypatch.setattr(window.ask, "fact", lambda *_: said)
    page.edit.click()
    rest()
    assert {row.text for row in page.model.rows} == {"Later", "Early"}
    page.show_fact(1)
    page._link("cite:1")
    rest()
    assert window.pages.current == "review"
    assert shell.selection.current == 1
    assert shell.selection.cite == (part, 2, 6)
    page.show_fact(1)
    page.remove.click()
    rest()
    assert [row.text for row in page.model.rows] == ["Early"]
    window.trigger("edit.undo")
    rest()
    assert len(page.model.rows) == 2
    with shell.case.write() as s:
        changes = clawback.receive_notice(s, Notice("Them", ["item 1"], reference="letter"))
    del changes
    page.read()
    rest()
    assert [row.text for row in page.model.rows] == ["Early"]


@pytest.mark.parametrize("width", [1100, 1280, 1440, 1920])
def test_facts_and_elements_have_room(window: Window, rest: Rest, width: int) -> None:
    window.resize(width, 800)
    window.show()
    window.trigger("page.facts")
    rest()
    assert window.pages is not None
    page = window.pages.page("facts")
    assert isinstance(page, FactsPage)
    page.claim("terms", "neutral")
    rest()
    for number, table, free in ((0, page.table, STATEMENT), (1, page.elements, 0)):
        page.show_view(number)
        QApplication.processEvents()
        assert table.horizontalScrollBar().maximum() == 0
        assert table.columnWidth(free) >= 220
        assert not table.isColumnHidden(3)

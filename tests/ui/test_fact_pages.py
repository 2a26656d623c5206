from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.claims import ClaimRow, ElementRow, MatrixRow
from casekit.queries.facts import CiteRow, FactLink, FactRow
from casekit.queries.moments import When
from casekit.ui.fact_pages import lay_chronology, lay_element, lay_fact
from casekit.ui.reading import ReadingPage

CITE = CiteRow(
    4, 1, None, "body", 0, 5, None, 3, "Runs", "contradicts", "see here", "A", 0, "Hello", False
)
FACT = FactRow(
    1, "They signed up", "disputed-by-us", "Meridian", "yes", When("on", "2025-12"), 1_764_547_200_000_000,
    None, ("Ann",), (CITE,), (FactLink(7, "Assent", 1, "Claim", "contradicts"),), "A", 0,
)  # fmt: skip
BARE = FactRow(2, "Bare", "unsure", "", "unsure", When(), None, None, (), (), (), "A", 0)
ROW = MatrixRow(ElementRow(7, 1, "Assent", "A note"), (BARE,), (FACT,), 0, "no-citation")
CLAIM = ClaimRow(1, "Breach", "terms", "eu", "To be checked by counsel.", (ROW.element,))


def test_pages_say_what_is_known_and_what_is_missing(dressed: QApplication, qtbot: QtBot) -> None:
    page = ReadingPage()
    qtbot.addWidget(page)

    def text() -> str:
        return page.toPlainText()

    lay_fact(page, FACT)
    for said in ("They signed up", "◑ Disputed by us: Meridian", "≠ contradicts", "F-3", "“Hello”",
                 "no longer what was cited", "see here", "Assent"):  # fmt: skip
        assert said in text()
    lay_fact(page, BARE)
    assert "▲ Nothing is cited yet" in text()
    assert "▲ It goes to no element yet." in text()
    lay_element(page, CLAIM, ROW)
    for said in ("△ Facts, no citation", "A note", "2  Bare", "1  They signed up"):
        assert said in text()
    lay_element(page, CLAIM, None)
    assert "To be checked by counsel." in text()
    lay_chronology(page, [FACT, BARE])
    assert text().index("2025-12") < text().index("They signed up") < text().index("▲ No citation")
    lay_chronology(page, [])
    assert text() == "No fact is listed."

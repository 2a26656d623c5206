from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.in_force import Assent, Clause, Document, Version
from casekit.ui.in_force_view import InForceView, Line, lay_line, lines_of
from casekit.ui.reading import ReadingPage

CLAUSE = Clause(1, "2(c)", "body", 0, 9, "No train.", True)
GONE = Clause(2, "3", "body", 9, 12, "", None)
CHANGED = Clause(3, "4", "body", 9, 12, "abc", False)
KNEW = Assent(4, "notice", "", 8, "2025-12", "UTC", 0, "by mail")
TOOK = Assent(5, "acceptance", "acct_1", 9, "2025-12-01", "UTC", 0, "")
OLD = Version(
    1, "2025", 7, "2025-10-01", "", "UTC", 0, 1_767_225_600_000_000, (CLAUSE, GONE, CHANGED), (KNEW, TOOK),
)  # fmt: skip
NEW = Version(2, "2026", 8, "2026-01-01", "", "UTC", 1, None, (), ())
TERMS = Document(1, "Terms", "terms", "Aurora", (OLD, NEW))
BARE = Document(2, "Policy", "policy", "", ())


def test_lines_stand_below_what_they_belong_to_and_say_what_is_missing(
    dressed: QApplication, qtbot: QtBot
) -> None:
    chosen: list[Line | None] = []
    view = InForceView(chosen.append, ReadingPage())
    qtbot.addWidget(view)
    view.show_documents([])
    assert view.currentIndex() == 1
    view.show_documents([TERMS, BARE])
    assert view.currentIndex() == 0
    cells = [
        tuple(view.table.item(row, column).text() for column in range(5))  # type: ignore[union-attr]
        for row in range(view.table.rowCount())
    ]
    assert cells == [
        ("Terms, Aurora", "2 versions", "", "", ""),
        ("    2025", "2025-10-01 to 2026-01-01", "1", "1", "7"),
        ("        § 2(c)   No train.", "", "", "", ""),
        ("        § 3   ", "", "", "", ""),
        ("        § 4   abc", "", "", "", ""),
        ("        ○ notice, all accounts", "2025-12", "", "", "8"),
        ("        ● acceptance, acct_1", "2025-12-01", "", "", "9"),
        ("    2026", "from 2026-01-01", "▲ none", "▲ none", "8"),
        ("Policy", "0 versions", "", "", ""),
    ]
    view.table.setCurrentCell(7, 0)
    assert chosen[-1] == Line("version", 2, TERMS, NEW)
    view.show_documents([BARE, TERMS])
    assert view.line() == Line("version", 2, TERMS, NEW)


def test_what_is_chosen_is_read_with_its_links_and_gaps(
    dressed: QApplication, qtbot: QtBot
) -> None:
    page = ReadingPage()
    qtbot.addWidget(page)
    texts = []
    for line in (None, *lines_of([TERMS, BARE])):
        lay_line(page, line)
        texts.append(page.toPlainText())
        if line == Line("clause", 1, TERMS, OLD, clause=CLAUSE):
            assert 'href="passage:7:0:9:body"' in page.toHtml()
    assert "Choose a version" in texts[0]
    assert "Its text cannot be read now." in texts[2]
    assert "no longer what was marked" in texts[2]
    assert "by mail" in texts[2]
    assert ("“No train.”" in texts[3], "Who is shown" in texts[3], "§ 3" in texts[3]) == (
        True, False, False,
    )  # fmt: skip
    assert ("acct_1" in texts[7], "by mail" in texts[7]) == (True, False)
    assert "That it was published shows neither." in texts[8]
    assert "It has no version yet." in texts[9]

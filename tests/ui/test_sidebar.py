from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.facets import Count
from casekit.queries.saved_searches import SearchRow
from casekit.store.case import Case
from casekit.ui.sidebar import MOST_ROWS, Scope, Sidebar, head_label, quoted, read_contents


def test_the_case_is_laid_out_by_what_it_holds(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    with sample_case.read() as s:
        contents = read_contents(s)
    scopes: list[Scope] = []
    searches: list[SearchRow] = []
    side = Sidebar(scopes.append, searches.append)
    qtbot.addWidget(side)
    side.show_contents(contents)
    rows = {key: (row.text(), row.count) for key, row in side._rows.items()}
    assert rows["all"] == ("Everything", "384")
    assert rows["in:outputs"] == ("Model outputs", "150")
    assert rows["exhibits"] == ("Exhibits", "A-1 … A-3")
    assert rows["problems"] == ("Problems", "6")
    assert rows['custodian:"Priya Raman"'] == ("Priya Raman", "33")
    assert rows['tag:"Issue/Reasoning elicitation"'] == ("Reasoning elicitation", "2")
    side._rows["in:outputs"].click()
    side._rows["search:1"].click()
    assert scopes == [Scope("in:outputs", "Model outputs", "in:outputs")]
    assert [s.name for s in searches] == ["Step by step, subject only"]


def test_long_sections_are_cut_and_can_be_folded(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    with sample_case.read() as s:
        contents = replace(read_contents(s), models=[Count(f"m{n}", 1) for n in range(59)])
    side = Sidebar(lambda _s: None, lambda _s: None)
    qtbot.addWidget(side)
    side.show_contents(contents)

    def models() -> int:
        return sum(
            1
            for key, row in side._rows.items()
            if key.startswith("model:") and not row.isHidden() | (row.parent() is side)
        )

    assert models() == MOST_ROWS
    side._lengthen("Models")
    assert models() == 59
    side._fold("Models")
    assert models() == 0
    side.mark("in:outputs")
    assert [key for key, row in side._rows.items() if row.isChecked()] == ["in:outputs"]


def test_small_pieces(dressed: QApplication) -> None:
    assert quoted('a "b"') == '"a ""b"""'
    assert head_label("Tags").text() == "TAGS"

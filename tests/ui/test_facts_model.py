from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt

from casekit.queries.facts import CiteRow, FactLink, FactRow
from casekit.queries.moments import When
from casekit.ui.facts_model import HEADS, WIDTHS, FactFilter, FactsModel

CITE = CiteRow(1, 1, None, "", None, None, None, 3, "Runs", "supports", "", "A", 0)
LINK = FactLink(7, "Assent", 1, "Claim", "supports")
ONE = FactRow(
    1, "Beta happened", "undisputed", "", "yes", When("on", "2025"), 1, 2, ("Ann",), (CITE,), (LINK,), "A", 0
)  # fmt: skip
TWO = dataclasses.replace(
    ONE, id=2, text="alpha happened", status="unsure", cites=(), links=(), people=("Bo",)
)
THREE = dataclasses.replace(ONE, id=13, text="Gamma", status="prospective", cites=(CITE, CITE))


def test_filters_let_through_what_they_name() -> None:
    def left(**given: object) -> list[int]:
        wanted = FactFilter(**given)  # type: ignore[arg-type]
        return [row.id for row in (ONE, TWO, THREE) if wanted.lets(row)]

    assert left() == [1, 2, 13]
    assert left(status="unsure") == left(uncited=True) == left(unevaluated=True) == [2]
    assert left(element=7) == [1, 13]
    assert left(element=-1) == left(text="BO hap") == [2]
    assert left(element=8) == []


def test_every_column_sorts_and_the_filter_stays() -> None:
    model = FactsModel()
    model.show_facts([ONE, TWO, THREE])
    assert model.columnCount() == len(HEADS) == len(WIDTHS) + 1  # one takes what is left

    def order(column: int, *, down: bool = False) -> list[int]:
        way = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        model.sort(column, way)
        return [row.id for row in model.rows]

    assert order(0, down=True) == [13, 2, 1]
    assert order(2) == [2, 1, 13]
    assert order(3) == [1, 13, 2]
    assert order(5, down=True) == [13, 1, 2]
    assert order(1, down=True) == [13, 2, 1]
    model.show_filter(FactFilter(element=7))
    assert [row.id for row in model.rows] == [13, 1]
    assert (model.row_of(1), model.row_of(2)) == (1, -1)
    assert model.data(model.index(0, 2)) == "Gamma"

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableWidgetItem
from pytestqt.qtbot import QtBot

from casekit.ui import cluster_words, deciding, people, people_graph
from casekit.ui.tables import COUNT_WIDTH, choosing_table, put_row


def test_rows_are_chosen_whole_and_not_written_in(dressed: QApplication, qtbot: QtBot) -> None:
    table = choosing_table("Times", 3, ("File", "Field"), (150, 90))
    qtbot.addWidget(table)
    table.setItem(1, 0, QTableWidgetItem("x"))
    table.setCurrentCell(1, 0)
    assert {(i.row(), i.column()) for i in table.selectedIndexes()} == {(1, 0), (1, 1)}
    table.selectAll()
    assert {i.row() for i in table.selectedIndexes()} == {0, 1, 2}
    assert table.editTriggers() == QAbstractItemView.EditTrigger.NoEditTriggers
    assert (table.accessibleName(), table.columnWidth(0)) == ("Times", 150)
    assert [table.horizontalHeaderItem(n).text() for n in range(2)] == ["File", "Field"]


def test_a_row_is_filled_and_each_cell_shows_itself_whole(
    dressed: QApplication, qtbot: QtBot
) -> None:
    table = choosing_table("Things", 2, ("Item", "Words"), (40, 60))
    qtbot.addWidget(table)
    put_row(table, 1, ("7", "a long text"))
    assert [table.item(1, c).text() for c in (0, 1)] == ["7", "a long text"]
    assert [table.item(1, c).toolTip() for c in (0, 1)] == ["7", "a long text"]
    assert table.item(0, 0) is None
    put_row(table, 0, ("8",), "a remark")
    assert table.item(0, 0).toolTip() == "a remark"


def test_some_millions_have_room_in_a_column_of_counts(dressed: QApplication, qtbot: QtBot) -> None:
    table = choosing_table("Counts", 1, ("Items",), (COUNT_WIDTH,))
    qtbot.addWidget(table)
    put_row(table, 0, ["8,888,888"])
    assert table.sizeHintForColumn(0) <= COUNT_WIDTH


@pytest.mark.parametrize(
    ("heads", "widths"),
    [
        (people.HEADS, people.WIDTHS),
        (people_graph.HEADS, people_graph.WIDTHS),
        (deciding.HEADS, deciding.WIDTHS),
        *((cluster_words.HEADS[kind], widths) for kind, widths in cluster_words.WIDTHS.items()),
    ],
)
def test_columns_of_items_have_that_room(heads: Sequence[str], widths: Sequence[int]) -> None:
    assert widths[heads.index("Items")] == COUNT_WIDTH

from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableWidgetItem
from pytestqt.qtbot import QtBot

from casekit.ui.tables import choosing_table


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

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries import tiers
from casekit.ui.recipients import ROLES, Recipients


def test_the_roles_are_those_of_the_order() -> None:
    assert tuple(role for role, _ in ROLES) == tiers.ROLES


def test_only_whole_recipients_are_told_and_what_is_half_is_marked(
    dressed: QApplication, qtbot: QtBot
) -> None:
    rows = Recipients(["Roe, Jane, opposing-counsel"])
    qtbot.addWidget(rows)
    told: list[tuple[str, ...]] = []
    rows.told.connect(told.append)
    assert rows.recipients() == ("Roe, Jane, opposing-counsel",)
    assert rows.rows[0].said() == ("Roe, Jane", "opposing-counsel")
    rows.add.click()
    second = rows.rows[1]
    second.name.setText("  Dr.  A. Lindqvist ")
    assert rows.open_row() is second
    assert (second.role.property("bad"), told) == (True, [])
    second.role.setCurrentIndex(second.role.findData("expert"))
    assert rows.open_row() is None
    assert told == [("Roe, Jane, opposing-counsel", "Dr. A. Lindqvist, expert")]
    assert tiers.parsed(told[0]) == told[0]
    rows._away(rows.rows[0])
    assert told[-1] == ("Dr. A. Lindqvist, expert",)
    rows._away(rows.rows[0])
    assert told[-1] == ()
    assert len(rows.rows) == 1

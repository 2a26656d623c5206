from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ops.tiers import presets
from casekit.queries.tiers import Order, Tier
from casekit.ui.tiering import EditOrder, GiveTier
from casekit.ui.window import Window

Rest = Callable[..., None]
HELD = Order((Tier("Confidential", "CONFIDENTIAL", frozenset({"court", "expert"}), 1),))


def test_the_order_is_written_as_a_table_and_refused_where_it_is_none(
    dressed: QApplication, qtbot: QtBot
) -> None:
    dialog = EditOrder(None, HELD, ["Confidential", "Confidential"], presets())
    qtbot.addWidget(dialog)
    assert dialog.wanted() == [("Confidential", "CONFIDENTIAL", ("court", "expert"))]
    count = dialog.table.item(0, 9)
    assert count is not None
    assert count.text() == "2"
    dialog.add()
    dialog.check()
    assert "needs a name" in dialog.trouble.text()
    cells = [dialog.table.item(1, n) for n in range(9)]
    assert cells[0] is not None
    assert cells[8] is not None
    cells[0].setText("Inner  Ring")
    cells[8].setCheckState(Qt.CheckState.Checked)
    assert dialog.wanted()[1] == ("Inner Ring", "", ("court", "own-counsel", "public"))
    dialog.table.setCurrentCell(1, 0)
    dialog.shift(-1)
    assert [name for name, _, _ in dialog.wanted()] == ["Inner Ring", "Confidential"]
    dialog.shift(-1)
    dialog.check()
    assert dialog.result() == 1
    dialog.preset.setCurrentIndex(dialog.preset.findData("uk-ring"))
    dialog.preset.activated.emit(dialog.preset.currentIndex())
    assert [name for name, _, _ in dialog.wanted()] == [n for n, _, _ in presets()[1].tiers]
    dialog.check()
    assert "Items have the tier “Confidential”" in dialog.trouble.text()


def test_an_order_is_kept_and_a_tier_given_from_menu_and_pane(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, shell = window.workspace, window.shell
    assert workspace is not None
    assert shell is not None
    workspace.open_item(352)
    rest()
    assert workspace.coding._tier.isHidden()
    window.trigger("tier.give")
    assert "no order on confidentiality yet" in window.notice.text
    asked: list[Any] = []

    def answer(dialog: Any) -> Any:
        asked.append(type(dialog))
        if isinstance(dialog, EditOrder):
            return [("Confidential", "", ("court",)), ("Counsel", "COUNSEL ONLY", ("own-counsel",))]
        assert [dialog.tier.itemText(n) for n in range(3)] == [
            "No tier", "Confidential", "Counsel · COUNSEL ONLY",
        ]  # fmt: skip
        return "Counsel", True

    monkeypatch.setattr(window.ask, "form", answer)
    window.trigger("tier.order")
    rest()
    assert not workspace.coding._tier.isHidden()
    window.trigger("tier.give")
    rest()
    assert asked == [EditOrder, GiveTier]
    assert (shell.selection.view and shell.selection.view.tier) == "Counsel"
    assert workspace.coding._tier.currentText() == "▣ Counsel"
    workspace.coding._decide.tier("")
    rest()
    assert (shell.selection.view and shell.selection.view.tier) == ""
    window.trigger("edit.undo")
    rest()
    assert workspace.coding._tier.currentData() == "Counsel"

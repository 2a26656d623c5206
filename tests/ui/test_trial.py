from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ops import exhibits
from casekit.queries.trial import FIELDS, trial_rows
from casekit.store.case import Case
from casekit.ui.trial import HEADS, TrialList
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_cells_are_written_and_a_wrong_date_keeps_the_dialog(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    with sample_case.write() as s:
        exhibits.mark_exhibit(s, 1, "Z-1")
    with sample_case.read() as s:
        rows = trial_rows(s)
    at = next(n for n, row in enumerate(rows) if row.exhibit.label == "Z-1")
    dialog = TrialList(None, rows)
    qtbot.addWidget(dialog)
    assert len(HEADS) == len(FIELDS) + 2
    assert dialog.changed() == {}
    cell = dialog.table.item(at, 0)
    assert cell is not None
    assert not cell.flags() & Qt.ItemFlag.ItemIsEditable
    dialog.table.item(at, HEADS.index("Sponsoring witness")).setText("Ann ")  # type: ignore[union-attr]
    dialog.table.item(at, HEADS.index("Offered")).setText("soon")  # type: ignore[union-attr]
    dialog.check()
    assert "“soon” is no date" in dialog.trouble.text()
    assert dialog.result() == 0
    dialog.table.item(at, HEADS.index("Offered")).setText("2026-03-14")  # type: ignore[union-attr]
    dialog.check()
    assert dialog.result() == 1
    assert dialog.changed() == {"Z-1": {"witness": "Ann", "offered": "2026-03-14"}}


def test_the_list_is_kept_as_one_act_that_undo_takes_back(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    case = window.shell.case
    with case.write() as s:
        for item_id, label in ((1, "Z-1"), (2, "Z-2")):
            exhibits.mark_exhibit(s, item_id, label)
    wanted = {"Z-1": {"witness": "Ann"}, "Z-2": {"witness": "Bo"}}
    monkeypatch.setattr(window.ask, "trial_list", lambda _rows: wanted)
    window.trigger("exhibit.trial")
    rest()
    assert window.notice.text == "Trial list: 2 exhibits changed"

    def told() -> list[str]:
        with case.read() as s:
            return [row.values["witness"] for row in trial_rows(s) if row.values["witness"]]

    assert told() == ["Ann", "Bo"]
    window.trigger("edit.undo")
    rest()
    assert told() == []

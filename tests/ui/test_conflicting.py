from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ops import privilege
from casekit.queries import conflicts, items
from casekit.queries.conflicts import WHYS, Conflict
from casekit.store.case import Case
from casekit.ui.conflicting import PASS, WHY_WORDS, DecideConflicts
from casekit.ui.window import Window
from tests.builders import file_items, make_item

Rest = Callable[..., None]


@pytest.fixture
def held(case: Case, tmp_path: Path) -> Case:
    """Item 1 is withheld; 2 and 3 are the same file."""
    file_items(case, [make_item("same"), make_item("same"), make_item("same")], tmp_path)
    with case.write() as s:
        privilege.assert_privilege(s, [1], "attorney-client")
    return case


def found(case: Case) -> list[Conflict]:
    with case.read() as s:
        return conflicts.conflicts(s)


def test_every_reason_has_its_words() -> None:
    assert WHY_WORDS.keys() == WHYS.keys()


def test_the_dialog_shows_why_and_asks_for_rows_and_a_reason(
    dressed: QApplication, qtbot: QtBot, held: Case
) -> None:
    with held.read() as s:
        rows = {row.id: row for row in items.rows(s, [1, 2, 3])}
    dialog = DecideConflicts(None, found(held), rows)
    qtbot.addWidget(dialog)
    cells = [dialog.table.item(0, n) for n in range(5)]
    assert [c.text() for c in cells if c] == ["2", "same", "the same file", "◆ 1", "same"]
    dialog.check()
    assert dialog.trouble.text() == "▲ Choose at least one row."
    dialog.table.selectAll()
    dialog.decision.setCurrentIndex(dialog.decision.findData(PASS))
    dialog.check()
    assert "Say why" in dialog.trouble.text()
    dialog.reason.setText("public")
    dialog.check()
    assert (dialog.result(), dialog.ids()) == (1, [2, 3])


@pytest.mark.parametrize("decision", ["withhold", "pass"])
def test_a_list_that_is_refused_asks_and_the_answer_is_written(
    window: Window,
    rest: Rest,
    tmp_path: Path,
    held: Case,
    monkeypatch: pytest.MonkeyPatch,
    decision: str,
) -> None:
    shown: list[Any] = []

    def answer(conflicts: list[Conflict], rows: dict[int, items.ItemRow]) -> Any:
        shown.append(([c.item_id for c in conflicts], sorted(rows)))
        return [2, 3], decision, "public"

    monkeypatch.setattr(window.ask, "conflicts", answer)
    monkeypatch.setattr(window.ask, "save_file", lambda *_: tmp_path / "list.xlsx")
    monkeypatch.setattr("casekit.ui.long_work.show_folder", lambda _: None)
    window.open_case(held.folder)
    rest()
    window.trigger("list.export")
    rest()
    assert shown == [([2, 3], [1, 2, 3])]
    assert (found(held), (tmp_path / "list.xlsx").exists()) == ([], False)
    window.trigger("list.export")
    rest()
    assert (tmp_path / "list.xlsx").exists()
    window.trigger("privilege.conflicts")
    rest()
    assert "Nothing in this case" in window.notice.text
    assert len(shown) == 1

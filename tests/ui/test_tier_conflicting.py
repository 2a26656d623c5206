from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.dossier.spec import DossierSpec
from casekit.ops import tiers
from casekit.queries.items import rows as rows_of
from casekit.queries.tier_copies import copies
from casekit.queries.tiers import Barred, order
from casekit.store.case import Case
from casekit.ui.tier_conflicting import GIVE, PASS, SHOW, DecideTiers
from casekit.ui.window import Window

Rest = Callable[..., None]
PARTY, EYES = "Meridian Ltd, opposing-party", "Attorneys’ Eyes Only"
BARRED = [
    Barred(PARTY, 0, "Confidential"), Barred(PARTY, 351, EYES), Barred(PARTY, 352, EYES, "near", 353)
]  # fmt: skip


def test_it_says_why_and_asks_for_what_can_be_decided(
    dressed: QApplication, qtbot: QtBot, sample_case: Case
) -> None:
    with sample_case.read() as s:
        dialog = DecideTiers(None, BARRED, {row.id: row for row in rows_of(s, [351, 352])})
    qtbot.addWidget(dialog)
    cells = [[c.text() for n in range(4) if (c := dialog.table.item(r, n))] for r in range(3)]
    assert cells[0][:3] == ["–", "the whole, by its designation", "Meridian Ltd · Opposing party"]
    assert [row[3] for row in cells] == [
        "has the tier Confidential", f"has the tier {EYES}",
        f"nearly the same text · item 353, {EYES}",
    ]  # fmt: skip

    def tried(row: int | None, decision: str, reason: str = "") -> str:
        dialog.table.clearSelection()
        if row is not None:
            dialog.table.selectRow(row)
        dialog.decision.setCurrentIndex(dialog.decision.findData(decision))
        dialog.reason.setText(reason)
        dialog.trouble.setText("")
        dialog.check()
        return dialog.trouble.text()

    assert "at least one row" in tried(None, SHOW)
    assert "no item" in tried(0, SHOW)
    assert "left out" in tried(1, GIVE)
    assert "Say why" in tried(2, PASS)
    assert tried(2, PASS, "public") == ""
    assert (dialog.result(), dialog.chosen()) == (1, BARRED[2:])


@pytest.mark.parametrize("decision", [SHOW, GIVE, PASS])
def test_a_dossier_that_is_refused_asks_and_what_is_decided_is_written(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decision: str
) -> None:
    shell = window.shell
    assert shell is not None
    with shell.case.write() as s:
        tiers.choose_order(s, "us-protective-order")
        tiers.give_tier(s, [351], EYES, family=False)  # 352 has the same words
    shown: list[Any] = []

    def answer(dialog: DecideTiers) -> Any:
        shown.append([(each.item_id, each.why) for each in dialog._barred])
        return [Barred(PARTY, 352, EYES, "near", 351)], decision, "public"

    monkeypatch.setattr(window.ask, "form", answer)
    spec = DossierSpec(exhibits=("A-3",), recipients=(PARTY,), designation=EYES)
    window.long.write_dossier(window, spec, tmp_path / "d.pdf", issue=False)
    rest()
    assert shown == [[(0, "")]]
    assert not (tmp_path / "d.pdf").exists()
    with shell.case.read() as s:
        given, passed = order(s).items.get(352), copies(s, [352])
    assert (given, bool(passed)) == (EYES if decision == GIVE else None, decision == SHOW)
    assert (shell.selection.current == 352) is (decision == SHOW)

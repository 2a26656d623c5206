from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries.translations import TranslationRow, translations
from casekit.ui.translating import Pair, Said
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_two_items_are_the_pair_and_what_is_missing_is_asked_for(
    dressed: QApplication, qtbot: QtBot
) -> None:
    dialog = Pair(None, [7, 9], [])
    qtbot.addWidget(dialog)
    dialog.check()
    assert "Say who translated it" in dialog.trouble.text()
    dialog.translator.setText("Ann")
    dialog.check()
    assert dialog.result() == 1
    assert dialog.said() == Said("human", 7, 9, "Ann")
    dialog.translation.setText("nine")
    dialog.check()
    assert "named by its number" in dialog.trouble.text()
    dialog.translation.setText("")
    dialog.check()
    assert "Name both items" in dialog.trouble.text()
    dialog.way.setCurrentIndex(2)
    assert dialog.form.isRowVisible(dialog.reason)
    assert not dialog.form.isRowVisible(dialog.translator)
    dialog.check()
    assert "Say why" in dialog.trouble.text()


def test_what_is_known_is_shown(dressed: QApplication, qtbot: QtBot) -> None:
    row = TranslationRow(1, 7, 9, "machine", "fr", "MT", "true", 3, "2026-03-14", "")
    dialog = Pair(None, [7], [row])
    qtbot.addWidget(dialog)
    assert dialog.said() == Said("machine", 7, 9, "MT", "fr", "2026-03-14", "true", 3)


def test_a_pair_is_kept_and_undone(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    assert window.workspace is not None
    case = window.shell.case
    window.workspace.open_item(1)
    rest()
    window.shell.selection.chosen = np.array([1, 2], dtype=np.int64)
    asked: list[list[int]] = []

    def answer(ids: list[int], _known: object) -> Said:
        asked.append(list(ids))
        return Said("machine", 1, 2, "MT 2.1")

    monkeypatch.setattr(window.ask, "translation", answer)
    window.trigger("translation.pair")
    rest()
    assert asked == [[1, 2]]
    assert window.notice.text == "Item 2 is the translation of item 1"

    def told() -> list[tuple[int, int | None]]:
        with case.read() as s:
            return [(row.item_id, row.translation_id) for row in translations(s)]

    assert told() == [(1, 2)]
    window.trigger("edit.undo")
    rest()
    assert told() == []

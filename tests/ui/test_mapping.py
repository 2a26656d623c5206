from __future__ import annotations

import json

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.errors import CaseKitError
from casekit.ingest.dialects.mapped import TARGETS
from casekit.ingest.parsed import Context
from casekit.ingest.preview import Preview, look
from casekit.ingest.reading import argument_for
from casekit.ui.mapping import MapFields

TABLE = "wer;wann;titel;frage;antwort\nk-1;05.01.2026 13:30;T;Warum?;Darum.\nk-2;;U;;Dann.\n"


def seen(mapping: str = "", data: str = TABLE) -> Preview:
    answer = look(data.encode(), argument_for(Context(name="f.csv", mapping=mapping)))
    return msgspec.msgpack.decode(answer, type=Preview)


class Desk:
    """A dialog, what it asked to be tried, and what it was used for."""

    def __init__(self, qtbot: QtBot, data: str = TABLE) -> None:
        self.tried: list[str] = []
        self.used: list[tuple[str, tuple[str, ...], str]] = []
        self.dialog = MapFields(
            None, "log.csv", seen(data=data), TARGETS, self.tried.append, self._use
        )
        qtbot.addWidget(self.dialog)

    def _use(self, name: str, columns: tuple[str, ...], mapping: str) -> None:
        if not name:
            raise CaseKitError("It needs a name.")
        self.used.append((name, columns, mapping))

    def choose(self, column: str, target: str) -> None:
        choice = self.dialog.choices[column]
        choice.setCurrentIndex(choice.findData(target))


def test_columns_become_fields_and_the_mapping_is_tried_at_once(
    dressed: QApplication, qtbot: QtBot
) -> None:
    desk = Desk(qtbot)
    assert desk.tried == []
    assert "Choose the column" in desk.dialog.said.text()
    desk.choose("titel", "prompt")
    desk.choose("frage", "prompt")
    desk.choose("antwort", "output")
    desk.choose("wann", "time")
    desk.dialog.zone.setCurrentText("Europe/Berlin")
    desk.dialog.time_form.setText("%d.%m.%Y %H:%M")
    desk.dialog.time_form.editingFinished.emit()
    assert json.loads(desk.tried[-1]) == {
        "time": {"column": "wann", "zone": "Europe/Berlin", "format": "%d.%m.%Y %H:%M"},
        "prompt": {"join": ["titel", "frage"], "with": "\n\n"},
        "output": "antwort",
    }
    desk.dialog.show_rows(seen(desk.tried[-1]))
    cells = [desk.dialog.rows.item(0, n).text() for n in range(5)]
    assert cells == [
        "2",
        "05.01.2026 13:30 (the mapping says Europe/Berlin)",
        "",
        "T  Warum?",
        "Darum.",
    ]
    assert desk.dialog.said.text() == "2 of the first 2 records fit."


def test_two_columns_cannot_be_the_same_field_unless_it_is_joined(
    dressed: QApplication, qtbot: QtBot
) -> None:
    desk = Desk(qtbot)
    desk.choose("antwort", "output")
    desk.choose("wer", "account")
    tried = len(desk.tried)
    desk.choose("titel", "account")
    assert "wer, titel" in desk.dialog.trouble.text()
    desk.dialog.check()
    assert (len(desk.tried), desk.used) == (tried, [])
    desk.choose("titel", "")
    assert len(desk.tried) == tried + 1
    desk.dialog.check()
    assert len(desk.used) == 1


def test_it_is_kept_under_a_name_with_the_columns_it_is_for(
    dressed: QApplication, qtbot: QtBot
) -> None:
    desk = Desk(qtbot)
    desk.dialog.check()
    assert "Choose at least" in desk.dialog.trouble.text()
    desk.choose("frage", "prompt")
    desk.dialog.model.setText("acme-1")
    desk.dialog.template.clear()
    desk.dialog.check()
    assert (desk.used, desk.dialog.trouble.text()) == ([], "▲ It needs a name.")
    desk.dialog.template.setText("Kundenlog")
    desk.dialog.check()
    ((name, columns, mapping),) = desk.used
    assert (name, columns) == ("Kundenlog", ("wer", "wann", "titel", "frage", "antwort"))
    assert json.loads(mapping) == {"prompt": "frage", "model": {"const": "acme-1"}}


def test_what_the_names_suggest_is_chosen_already(dressed: QApplication, qtbot: QtBot) -> None:
    desk = Desk(qtbot, "Question,Answer\nWhy?,So.\n")
    assert json.loads(desk.tried[0]) == {"prompt": "Question", "output": "Answer"}


@pytest.mark.parametrize("fits", [0, 1])
def test_records_that_do_not_fit_are_told(dressed: QApplication, qtbot: QtBot, fits: int) -> None:
    desk = Desk(qtbot)
    desk.dialog.show_rows(Preview("csv", records=1, unfit=1 - fits))
    assert desk.dialog.said.text().startswith("▲") is not bool(fits)
    desk.dialog.refuse(CaseKitError("It cannot be looked at."))
    assert desk.dialog.trouble.text() == "▲ It cannot be looked at."

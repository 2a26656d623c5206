from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.errors import CaseKitError
from casekit.store import case as store
from casekit.ui.new_case import NewCase, Wanted, folder_name
from casekit.ui.window import Window

Rest = Callable[..., None]


def place(form: NewCase) -> int:
    """The row of the form in which the reason stands; -1 below all."""
    return form._row_of(form.trouble)


def test_a_new_case_needs_a_name_a_folder_and_room_in_it(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    form = NewCase(None)
    qtbot.addWidget(form)
    form.show()

    def told() -> tuple[str, int, object]:
        form.check()
        return form.trouble.text(), place(form), form.focusWidget()

    assert told() == ("▲ A matter needs a name.", 1, form.matter)
    form.matter.setText("Aurora / Meridian: round 2")
    form.folder.setText(str(tmp_path / "nowhere"))
    assert told() == ("▲ This folder is not there: choose another one.", 4, form.folder)
    form.folder.setText(str(tmp_path))
    form.court.setText("N.D. Cal.")
    (tmp_path / "Aurora - Meridian- round 2.casekit").mkdir()
    said = "▲ Aurora - Meridian- round 2.casekit is already there: open it or choose another name."
    assert told() == (said, 1, form.matter)
    assert form.result() != QDialog.DialogCode.Accepted
    form.matter.setText("Aurora / Meridian: round 3")
    form.check()
    assert form.result() == QDialog.DialogCode.Accepted
    wanted = Wanted(tmp_path, "Aurora / Meridian: round 3", {"court": "N.D. Cal."})
    assert form.wanted() == wanted
    assert wanted.folder == tmp_path / "Aurora - Meridian- round 3"


@pytest.mark.parametrize(
    ("matter", "name"),
    [("..", "Case"), ("a/b\\c", "a-b-c"), ("x" * 400, "x" * 180), ("案" * 200, "案" * 60)],
)
def test_a_folder_is_called_so_that_it_can_be_made(matter: str, name: str, tmp_path: Path) -> None:
    assert folder_name(matter) == name
    with store.create_case(tmp_path / folder_name(matter), matter) as case:
        assert case.folder.name == f"{name}.casekit"


def test_a_case_that_could_not_be_made_is_asked_for_again_as_it_was(
    dressed: QApplication, qtbot: QtBot, window: Window, rest: Rest, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    gone = tmp_path / "gone"
    gone.write_text("a file, no folder")
    seen: list[tuple[object, ...]] = []

    def answered(form: NewCase) -> int:
        fields = form.matter, form.number, form.court, form.folder
        said = [each.text() for each in fields]
        form.show()
        seen.append((said[:3], form.trouble.text(), place(form), form.focusWidget() is form.folder))
        for field, text in zip(fields, ("Aurora", "5", "N.D. Cal.", str(gone)), strict=True):
            field.setText(text)
        return QDialog.DialogCode.Accepted if len(seen) == 1 else QDialog.DialogCode.Rejected

    monkeypatch.setattr(QDialog, "exec", answered)
    window.trigger("case.new")
    rest()
    first, (said, why, row, focused) = seen
    assert first == (["", "", ""], "", -1, False)
    assert (said, row, focused) == (["Aurora", "5", "N.D. Cal."], 4, True)
    assert "could not be made in" in str(why)


def test_a_name_that_was_taken_meanwhile_is_refused_at_the_name(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "Aurora.casekit").mkdir()
    form = NewCase(None)
    qtbot.addWidget(form)
    form.matter.setText("Aurora")
    form.folder.setText(str(tmp_path))
    assert form.field_of(CaseKitError("It is there.")) is form.matter

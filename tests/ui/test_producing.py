from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.dossier.imaged import Images
from casekit.dossier.load_file import Encoding
from casekit.dossier.volume import Wish
from casekit.jobs import production
from casekit.queries import matter as matter_queries
from casekit.queries.productions import register
from casekit.store.case import Case
from casekit.ui import producing
from casekit.ui.producing import Produce, SureOfVolume
from casekit.ui.window import Window
from tests.builders import decide_all

Rest = Callable[..., None]


@pytest.fixture
def dialog(
    dressed: QApplication, qtbot: QtBot, sample_case: Case, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Produce:  # fmt: skip
    with sample_case.read() as s:
        made = Produce(None, "kind:mail", matter_queries.get(s), "AUR", tmp_path)
    qtbot.addWidget(made)
    monkeypatch.setattr(made, "exec", lambda: QDialog.DialogCode.Accepted)
    return made


def test_a_volume_is_asked_for_with_all_its_choices(dialog: Produce, tmp_path: Path) -> None:
    dialog.start.setText("7")
    dialog.slips.setChecked(True)
    dialog.xlsx.setChecked(True)
    dialog.rsmf.setChecked(True)
    dialog.images.setCurrentIndex(2)
    dialog.encoding.setCurrentIndex(1)
    dialog.designation.setText("SECRET")
    assert dialog.answer() == (
        "kind:mail",
        Wish("", 7, "SECRET", "cp1252", images="pdf", slips=True, tables=("xlsx", "rsmf")),
        tmp_path,
    )


def test_a_replacement_takes_its_documents_from_the_numbers(
    dialog: Produce, tmp_path: Path
) -> None:
    assert not dialog.form.isRowVisible(dialog.reason)
    dialog.replace.setText("ABC-0000001, ABC-0000004")
    assert dialog.form.isRowVisible(dialog.reason)
    assert not dialog.query.isEnabled()
    dialog.reason.setText("Illegible.")
    query, wish, _ = dialog.answer() or ("x", Wish(), tmp_path)
    assert (query, wish.replace, wish.reason) == (
        "", ("ABC-0000001", "ABC-0000004"), "Illegible.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("query", " ", "Say which documents"),
        ("start", "x", "is a number"),
        ("start", "0", "is a number"),
        ("folder", "/absent/folder", "folder is not there"),
        ("replace", "ABC-0000001", "Say why"),
    ],
)
def test_what_makes_no_sense_is_said_in_the_dialog(
    dialog: Produce, field: str, text: str, told: str
) -> None:
    getattr(dialog, field).setText(text)
    dialog.check()
    assert told in dialog.trouble.text()
    assert dialog.result() == 0


def test_the_window_offers_what_the_program_writes() -> None:
    assert tuple(name for name, _ in producing.IMAGES) == (*get_args(Images)[1:], "none")
    assert tuple(name for name, _ in producing.ENCODINGS) == get_args(Encoding)


def test_a_volume_is_shown_and_then_written(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    case = window.shell.case
    decide_all(case)
    seen: list[list[tuple[str, str]]] = []
    answers = [False, True]
    asked = ("kind:document", Wish("ABC", images="none", unread=True), tmp_path)
    given = [asked, None, asked]  # it is asked again where somebody goes back
    monkeypatch.setattr(window.ask, "volume", lambda *_: given.pop(0))
    monkeypatch.setattr(
        window.ask, "sure_of_volume", lambda lines: (seen.append(lines), answers.pop(0))[1]
    )
    window.trigger("volume.produce")
    rest()
    assert not (tmp_path / "VOL001").exists()
    assert given == [asked]
    window.trigger("volume.produce")
    rest()
    rest()
    assert (tmp_path / "VOL001" / "DATA" / "VOL001.DAT").is_file()
    assert "produced · VOL001" in window.notice.text
    assert seen[0][0] == ("Volume", "VOL001")
    assert seen[0][-2:] == [("Search", "kind:document"), ("Folder", str(tmp_path))]
    with case.read() as s:
        assert register(s)[0].first == 1


def test_a_volume_that_cannot_be_written_is_asked_for_again_as_it_was(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    decide_all(window.shell.case)
    asked: list[tuple[tuple[str, ...], str]] = []

    def answered(form: Produce) -> int:
        lines = (form.query, form.prefix, form.designation, form.folder)
        asked.append((tuple(line.text() for line in lines), form.trouble.text()))
        if len(asked) == 2:
            assert (form.images.currentData(), form.csv.isChecked()) == ("none", True)
            assert form.recipients.recipients() == ("Ann, expert", "Bob, court")
            return QDialog.DialogCode.Rejected
        for line, text in zip(
            lines, ("kind:document", "XYZ", "SECRET", str(tmp_path)), strict=True
        ):
            line.setText(text)
        form.images.setCurrentIndex(form.images.findData("none"))
        form.csv.setChecked(True)
        form.recipients.write([("Ann", "expert"), ("Bob", "court")])
        return QDialog.DialogCode.Accepted

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(QDialog, "exec", answered)
    monkeypatch.setattr(window.ask, "sure_of_volume", lambda _lines: True)
    monkeypatch.setattr(production, "write", full)
    window.trigger("volume.produce")
    rest()
    rest()
    assert asked[1][0] == ("kind:document", "XYZ", "SECRET", str(tmp_path))
    assert "disk is full" in asked[1][1]


def test_return_alone_produces_nothing(dressed: QApplication, qtbot: QtBot) -> None:
    sure = SureOfVolume(None, [("Volume", "VOL001")])
    qtbot.addWidget(sure)
    sure.show()
    QTest.keyClick(sure, Qt.Key.Key_Return)
    assert sure.result() == QDialog.DialogCode.Rejected
    assert not sure.isVisible()


def test_the_last_look_shows_every_line(dressed: QApplication, qtbot: QtBot) -> None:
    sure = SureOfVolume(None, [("Volume", "VOL001"), ("Numbers", "A-1 – A-2")])
    qtbot.addWidget(sure)
    assert sure.form.rowCount() == 2

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from casekit.dossier.imaged import Images
from casekit.dossier.load_file import Encoding
from casekit.dossier.volume import Wish
from casekit.errors import CaseKitError
from casekit.jobs import production
from casekit.queries import matter as matter_queries
from casekit.queries.productions import register
from casekit.store.case import Case
from casekit.ui import producing
from casekit.ui.producing import Asked, Produce, SureOfVolume
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
    again: list[Asked | None] = []
    answers = [False, True]
    wish = Wish("ABC", images="none", unread=True)

    def asked(*given: Any) -> tuple[str, Wish, Path] | None:
        again.append(given[-1])
        return None if given[-1] else ("kind:document", wish, tmp_path)

    monkeypatch.setattr(window.ask, "volume", asked)
    monkeypatch.setattr(
        window.ask, "sure_of_volume", lambda lines: (seen.append(lines), answers.pop(0))[1]
    )
    window.trigger("volume.produce")
    rest()
    assert not (tmp_path / "VOL001").exists()
    assert again == [None, Asked("kind:document", wish, tmp_path)]
    window.trigger("volume.produce")
    rest()
    rest()
    assert (tmp_path / "VOL001" / "DATA" / "VOL001.DAT").is_file()
    assert "produced · VOL001" in window.notice.text
    assert seen[0][0] == ("Volume", "VOL001")
    assert seen[0][-2:] == [("Search", "kind:document"), ("Folder", str(tmp_path))]
    with case.read() as s:
        assert register(s)[0].first == 1


def test_what_cannot_be_produced_is_asked_for_again_with_the_reason(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = Wish("ABC", replace=("ABC-0000001",), reason="x")
    again: list[Asked | None] = []

    def asked(*given: Any) -> tuple[str, Wish, Path] | None:
        again.append(given[-1])
        return None if given[-1] else ("", wish, tmp_path)

    monkeypatch.setattr(window.ask, "volume", asked)
    window.trigger("volume.produce")
    rest()
    first, second = again
    assert first is None
    assert second is not None
    assert (second.wish, second.folder) == (wish, tmp_path)
    assert "was not handed over" in str(second.why)


def test_a_volume_that_cannot_be_written_is_asked_for_again(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    decide_all(window.shell.case)
    again: list[Asked | None] = []
    wish = Wish("ABC", images="none", unread=True)

    def asked(*given: Any) -> tuple[str, Wish, Path] | None:
        again.append(given[-1])
        return None if given[-1] else ("kind:document", wish, tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(window.ask, "volume", asked)
    monkeypatch.setattr(window.ask, "sure_of_volume", lambda _lines: True)
    monkeypatch.setattr(production, "write", full)
    window.trigger("volume.produce")
    rest()
    rest()
    assert again[0] is None
    assert again[1] is not None
    assert "disk is full" in str(again[1].why)
    assert len(again) == 2


@pytest.mark.parametrize(
    "wish",
    [
        Wish(
            "XYZ", 7, "SECRET", "cp1252", images="pdf", natives=False, slips=True, unread=True,
            tables=("csv", "lfp"), recipients=("Ann, expert",),
        ),
        Wish("", None, "", replace=("ABC-0000001", "ABC-0000004"), reason="Illegible."),
    ],
)  # fmt: skip
def test_a_volume_asked_for_again_has_all_that_was_written(
    dressed: QApplication, qtbot: QtBot, sample_case: Case, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, wish: Wish,
) -> None:  # fmt: skip
    query = "" if wish.replace else "tag:hot"
    again = Asked(query, wish, tmp_path, CaseKitError("The disk is full."))
    with sample_case.read() as s:
        made = Produce(None, "kind:mail", matter_queries.get(s), "AUR", Path("/"), again)
    qtbot.addWidget(made)
    monkeypatch.setattr(made, "exec", lambda: QDialog.DialogCode.Accepted)
    assert "The disk is full." in made.trouble.text()
    assert made.answer() == (query, wish, tmp_path)


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

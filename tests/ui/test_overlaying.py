from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from casekit.dossier.load_file import read_dat
from casekit.dossier.overlay import Overlay
from casekit.dossier.volume import Wish
from casekit.jobs import production
from casekit.queries import matter as matter_queries
from casekit.ui import tabbing
from casekit.ui.overlaying import SureOfOverlay, Wanted, WriteOverlay, summary
from casekit.ui.window import Window
from tests.builders import decide_all

Rest = Callable[..., None]


def test_documents_and_a_folder_are_asked_for(window: Window, tmp_path: Path) -> None:
    assert window.shell is not None
    with window.shell.case.read() as s:
        form = WriteOverlay(window, "kind:mail", matter_queries.get(s), tmp_path)
    form.designation.setText("SECRET")
    form.encoding.setCurrentIndex(1)
    assert form.wanted() == Wanted("kind:mail", "SECRET", "cp1252", (), tmp_path)
    form.show()
    assert all(one.accessibleName() or one.property("text") for one in tabbing.stops(form))
    for field, text, told in (
        (form.folder, "/absent/folder", "not there"), (form.query, " ", "Say which documents"),
    ):  # fmt: skip
        field.setText(text)
        form.check()
        assert told in form.trouble.text()
        assert form.result() == 0
    form.deleteLater()


def test_the_plan_tells_who_receives_it_and_what_is_left_out() -> None:
    planned = Overlay(
        v=1, case="", version="", title="OVL001", at_us=0, custody_seq=1, custody_root="", encoding="utf-8",
        fields=("BEGBATES", "DESIGNATION"), rows=({"BEGBATES": "A1"}, {"BEGBATES": "A9"}), unknown=2,
        recipients=("Lee & Co., counsel", "The court"),
    )  # fmt: skip
    assert summary(planned) == [
        ("Overlay", "OVL001"), ("Documents", "2"), ("Numbers", "A1 – A9"),
        ("Fields that change", "DESIGNATION"),
        ("Who receives it", "Lee & Co., counsel; The court"),
        ("▲ Left out", "2 items were never handed over in a volume, or are withheld"),
    ]  # fmt: skip


def test_what_changed_since_is_shown_and_then_sent_after(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reasons: list[str]
) -> None:
    assert window.shell is not None
    case = window.shell.case
    decide_all(case)
    wanted = [Wanted("kind:document", "SECRET", "utf-8", (), tmp_path)]
    answers = [QDialog.DialogCode.Rejected, QDialog.DialogCode.Accepted]
    seen: list[list[tuple[str, str]]] = []

    def sure(form: SureOfOverlay) -> QDialog.DialogCode:
        seen.append(form.lines)
        return answers.pop(0)

    accepted, rejected = QDialog.DialogCode.Accepted, QDialog.DialogCode.Rejected
    tries = [accepted, rejected, accepted, rejected, accepted]  # it is asked for again after each
    monkeypatch.setattr(WriteOverlay, "exec", lambda _form: tries.pop(0))
    monkeypatch.setattr(WriteOverlay, "wanted", lambda _form: wanted[0])
    monkeypatch.setattr(SureOfOverlay, "exec", sure)
    window.trigger("overlay.write")
    rest()
    assert reasons  # nothing was handed over yet
    volume = production.plan(case, "kind:document", Wish("ABC", images="none", unread=True))
    production.write(case, volume, tmp_path)
    for _ in range(2):
        assert not list(tmp_path.glob("OVL*"))
        window.trigger("overlay.write")
        rest()
        rest()
    (folder,) = tmp_path.glob("OVL*")
    rows = read_dat((folder / "DATA" / f"{folder.name}.DAT").read_bytes())
    assert len(rows) == len(volume.documents)
    told = dict(seen[0])
    assert (told["Overlay"], told["Documents"]) == (folder.name, f"{len(rows):,}")
    assert told["Fields that change"] == ", ".join(list(rows[0])[1:])
    assert window.notice.text.endswith(f"in the overlay · {folder.name}")

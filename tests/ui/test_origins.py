from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog

from casekit.dossier.volume import Wish
from casekit.jobs import production, provenance
from casekit.jobs.provenance import Written
from casekit.ui import origins, tabbing
from casekit.ui.origins import Wanted, WriteOrigins
from casekit.ui.window import Window
from tests.builders import decide_all

Rest = Callable[..., None]


def test_a_volume_or_the_exhibits_are_asked_for_and_the_file_named_after_them(
    window: Window, tmp_path: Path
) -> None:
    form = WriteOrigins(window, ["VOL002", "VOL001"], tmp_path)
    assert form.wanted() == Wanted("", tmp_path / "exhibits provenance.jsonld", ())
    form.volume.setCurrentIndex(2)
    assert form.wanted().file.name == "VOL001 provenance.jsonld"
    (tmp_path / "sent").mkdir()
    form.file.setText(str(tmp_path / "sent" / "p.jsonld"))
    form.volume.setCurrentIndex(1)  # in the folder that was written there
    assert form.wanted().file == tmp_path / "sent" / "VOL002 provenance.jsonld"
    for text, told in ((str(tmp_path / "x.txt"), ".jsonld"), ("/absent/p.json", "not there")):
        form.file.setText(text)
        form.check()
        assert told in form.trouble.text()
        assert form.result() == 0
    form.show()
    assert all(one.accessibleName() or one.property("text") for one in tabbing.stops(form))
    form.deleteLater()


def test_exhibits_and_a_volume_are_told_and_asked_for_again_where_refused(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reasons: list[str]
) -> None:
    assert window.shell is not None
    case = window.shell.case
    wanted = [Wanted("", tmp_path / "e.jsonld", ())]
    accepted, rejected = QDialog.DialogCode.Accepted, QDialog.DialogCode.Rejected
    monkeypatch.setattr(WriteOrigins, "exec", lambda _: rejected if reasons else accepted)
    monkeypatch.setattr(WriteOrigins, "wanted", lambda _form: wanted[0])
    window.trigger("provenance.write")
    rest()
    rest()
    assert not wanted[0].file.exists()  # an exhibit is mail that nobody has decided on
    assert reasons
    reasons.clear()
    decide_all(case)
    window.trigger("provenance.write")
    rest()
    rest()
    assert window.notice.text.endswith("exhibits written to e.jsonld")
    assert json.loads(wanted[0].file.read_bytes())["@graph"]
    volume = production.plan(case, "kind:document", Wish("ABC", images="none", unread=True))
    production.write(case, volume, tmp_path)
    offered: list[Any] = []
    monkeypatch.setattr(WriteOrigins, "_name", lambda form: offered.append(form.volume.itemData(1)))
    wanted[0] = Wanted("VOL001", tmp_path / "v.json", ())
    window.trigger("provenance.write")
    rest()
    rest()
    assert offered == ["VOL001"]
    assert window.notice.text.endswith("Provenance of 1 document written to v.json")
    assert origins.ENDINGS[1] == wanted[0].file.suffix
    monkeypatch.setattr(
        provenance, "write_volume", lambda *_: Written(wanted[0].file, 3, 1, 1, left_out=2)
    )
    window.trigger("provenance.write")
    rest()
    assert window.notice.text.endswith(
        "3 documents written to v.json · ◆ 2 documents are left out: withheld or sequestered by now"
    )

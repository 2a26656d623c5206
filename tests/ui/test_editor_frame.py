from __future__ import annotations

from dataclasses import fields
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from casekit import i18n
from casekit.dossier.gaps import Gap
from casekit.ui.editor_frame import Frame, FrameWants, gap_words


def test_what_stops_the_issuing_comes_first_and_leads_to_what_mends_it(
    dressed: QApplication, qtbot: QtBot
) -> None:
    called: list[tuple[str, Any]] = []
    wants = FrameWants(
        **{f.name: (lambda *a, n=f.name: called.append((n, a))) for f in fields(FrameWants)}
    )
    parent = QWidget()
    qtbot.addWidget(parent)
    frame = Frame(parent, wants, (QWidget(), QWidget(), QWidget()))
    gaps = [Gap("note", "a", "1", "n {x}", {"x": 1}), Gap("gap", "a", "2", "g"),
            Gap("refusal", "b", "3", "r\u202e")]  # fmt: skip
    frame.show_gaps(gaps)
    texts = [frame.list.item(n).text() for n in range(3)]
    assert texts[1:] == ["▲  g", "–  n 1"]
    assert "\u202e" not in texts[0]
    assert frame.mending.text() == "2 TO MEND BEFORE IT IS ISSUED"
    frame.list.itemActivated.emit(frame.list.item(1))
    assert called == [("mend", (gaps[1],))]
    frame.show_gaps(gaps[:1])
    assert frame.mending.text() == "NOTHING STOPS THE ISSUING"
    frame.show_names(["x", "y"], "z")
    assert [frame.names.itemText(n) for n in range(3)] == ["z", "x", "y"]
    assert frame.windowTitle() == "z – Dossier"
    frame.issue.click()
    assert called[-1][0] == "issue"


def test_a_refusal_of_the_core_is_said_in_the_users_language() -> None:
    from casekit.queries.clearance import Undecided

    refused = Undecided([(7, "Re: terms, No. 5:26-cv-01187 (N.D. Cal.)")])
    gap = Gap("refusal", "exhibits", "privilege", refused.template, refused.values)
    i18n.use("zh")
    try:
        said = gap_words(gap)
        assert "是否受特权保护尚无人决定" in said
        assert "nobody" not in said
        assert "No. 5:26-cv-01187 (N.D. Cal.)" in said
    finally:
        i18n.use("en")
    assert gap_words(gap) == str(refused)

from __future__ import annotations

from collections.abc import Callable

import pytest

from casekit.ops import matter, pseudonyms, redactions
from casekit.queries.checks import checks
from casekit.ui.checking import CheckRedactions
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_redactions_of_another_person_are_approved_or_rejected(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    window.trigger("redact.check")
    rest()
    assert "Nothing is redacted" in window.notice.text
    with window.shell.case.write() as s:
        s.info["actor"] = "Ann"
        view_part = "body"
        from casekit.queries import items

        view_part, text = items.view(s, 1).texts[0]
        redactions.redact(s, [(1, view_part, 0, 5)], "privacy")
        pseudonyms.give(s, "account", ["org_1"])
        matter.set_matter(s, {"redaction_review": "second"})
    window.trigger("redact.check")
    rest()
    dialog = window.findChildren(CheckRedactions)[-1]
    cells = [[dialog.table.item(r, c).text() for c in range(5)] for r in range(2)]
    assert cells[0][:4] == ["1", "1", text[:5], "Ann"]
    assert cells[1][:4] == ["pseudonym:1", "–", "org_1", "Ann"]
    assert {row[4] for row in cells} == {"▲ not checked"}
    dialog.check()
    assert "Choose at least one row" in dialog.trouble.text()
    dialog.table.selectRow(0)
    dialog.verdict.setCurrentIndex(1)
    dialog.check()
    assert "Say why" in dialog.trouble.text()
    dialog.reason.setText("too little")
    dialog.check()
    rest()
    window.trigger("redact.check")
    rest()
    dialog = window.findChildren(CheckRedactions)[-1]
    assert "too little" in dialog.table.item(0, 4).text()
    dialog.table.selectAll()
    dialog.check()
    rest()
    with window.shell.case.read() as s:
        assert [row.state for row in checks(s)] == ["approved", "approved"]
    assert window.notice.text == "2 redactions approved"

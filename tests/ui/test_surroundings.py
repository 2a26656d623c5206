from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QUrl

from casekit.ops import in_force as ops
from casekit.queries import facts, items
from casekit.queries.moments import When
from casekit.ui.making_facts import Stated
from casekit.ui.surroundings import gap_text
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_details_show_documents_in_force_and_neighbours_that_open(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    viewer, case = window.workspace.viewer, window.shell.case
    window.workspace.open_item(200)
    rest()
    window.trigger("view.details")
    rest()
    text = viewer.details.toPlainText()
    assert "No terms, policy or contract was entered." in text
    assert "Same account   acct-0013" in text
    assert text.count("this record") == text.count("Same ")
    with case.write() as s:
        ops.add_document(s, "Terms of Service", party="Aurora")
        ops.add_version(s, 1, 383, "October 2025", "2025-10-01")
        part, words = items.view(s, 383).texts[0]
        ops.add_clause(s, 1, "2(c)", part, 0, 5)
        ops.add_assent(s, 1, "acceptance", 384, "2025-12-01", account="acct-0013")
        ops.add_assent(s, 1, "notice", 384, "2025-12-01", account="somebody else")
        ops.add_document(s, "Policy")
    window.workspace.open_item(201)
    rest()
    window.workspace.open_item(200)
    rest()
    text = viewer.details.toPlainText()
    assert "Version October 2025   published 2025-10-01" in text
    assert "Evidence of notice: none" in text
    assert "Evidence of acceptance: item 384 (2025-12-01, acct-0013)" in text
    assert "No version was published then." in text
    hrefs = viewer.details.toHtml()
    assert 'href="item:383"' in hrefs
    assert "Clauses: 2(c) (cite with this record)" in text
    asked: list[Any] = []
    said = Stated("They asked for it", "unsure", "", "unsure", When(), ())
    monkeypatch.setattr(window.ask, "fact", lambda given, *_: asked.append(given) or said)
    viewer.details.anchorClicked.emit(QUrl(f"touched:383:0:5:{part}"))
    rest()
    assert asked[0].text == words[:5].strip()
    with case.read() as s:
        (fact,) = facts.facts(s)
    assert [(each.item.id if each.item else 0, each.start, each.stop) for each in fact.cites] == [
        (383, 0, 5),
        (200, None, None),
    ]
    viewer.details.anchorClicked.emit(QUrl("item:383"))
    rest()
    assert window.shell.selection.current == 383
    viewer.details.anchorClicked.emit(QUrl(f"passage:383:0:5:{part}"))
    rest()
    assert window.shell.selection.cite == (part, 0, 5)


def test_a_gap_has_its_sign_and_no_more_digits_than_it_needs() -> None:
    gaps = [gap_text(us) for us in (0, 1_204_000_000, -250_000, -3_000_000)]
    assert gaps == ["0 s", "+1,204 s", "−0.250 s", "−3 s"]

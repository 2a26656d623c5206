from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.queries import in_force
from casekit.queries.in_force import Document
from casekit.ui.facts_page import IN_FORCE, FactsPage
from casekit.ui.in_force_forms import ClauseForm, EvidenceForm, VersionForm, VersionSaid
from casekit.ui.window import Window
from tests.ui.test_in_force_view import BARE, OLD, TERMS

Rest = Callable[..., None]


def test_a_new_document_needs_a_name_and_every_version_a_label_and_a_date(
    dressed: QApplication, qtbot: QtBot
) -> None:
    form = VersionForm(None, [TERMS, BARE], "Item 7")
    qtbot.addWidget(form)
    assert not form.form.isRowVisible(1)
    form.check()
    assert "needs a label" in form.trouble.text()
    form.document.setCurrentIndex(2)
    assert form.form.isRowVisible(1)
    form.check()
    assert "a name" in form.trouble.text()
    form.name.setText(" Usage  Policy ")
    form.label.setText("May")
    form.check()
    assert "is no date" in form.trouble.text()
    form.published.setText("2025-05")
    form.withdrawn.setText("soon")
    form.check()
    assert "is no date" in form.trouble.text()
    form.withdrawn.setText("2025-06")
    form.check()
    assert form.result() == VersionForm.DialogCode.Accepted
    assert form.said() == VersionSaid(
        0, "Usage Policy", "terms", "", "May", "2025-05", "2025-06", "UTC"
    )
    given = VersionForm(None, [], "", OLD)
    qtbot.addWidget(given)
    assert (given.label.text(), given.published.text()) == ("2025", "2025-10-01")
    assert not given.form.isRowVisible(0)
    given.check()
    assert given.result() == VersionForm.DialogCode.Accepted


def test_evidence_needs_a_date_and_a_clause_a_label(dressed: QApplication, qtbot: QtBot) -> None:
    form = EvidenceForm(None, [TERMS, BARE], "Item 7", account="acct_1")
    qtbot.addWidget(form)
    assert [form.version.itemText(n) for n in range(2)] == ["Terms · 2025", "Terms · 2026"]
    form.check()
    assert "is no date" in form.trouble.text()
    form.dated.setText("2025-12")
    form.kind.setCurrentIndex(1)
    form.check()
    rest = {"dated": "2025-12", "zone": "UTC", "account": "acct_1", "note": ""}
    assert form.said() == (1, "acceptance", rest)
    clause = ClauseForm(None, [("Terms", OLD)], "x" * 500)
    qtbot.addWidget(clause)
    clause.check()
    assert "which clause" in clause.trouble.text()


def test_a_document_is_entered_from_its_item_and_read_on_the_page_of_facts(
    window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    assert window.pages is not None
    shell = window.shell

    def entered() -> list[Document]:
        with shell.case.read() as s:
            return in_force.documents(s)

    said: dict[str, Any] = {
        "version": VersionSaid(0, "Terms", "terms", "Aurora", "2025", "2025-10-01", "", "UTC"),
        "clause": (1, "2(c)"),
        "assent": (1, "notice", {"dated": "2025-12", "zone": "UTC", "account": "", "note": ""}),
    }
    for name, answer in said.items():
        monkeypatch.setattr(window.ask, name, lambda *_, answer=answer: answer)
    window.workspace.open_item(383)
    rest()
    for action in ("terms.evidence", "terms.clause"):
        window.trigger(action)
        rest()
    assert entered() == []
    window.trigger("terms.version")
    rest()
    window.trigger("terms.clause")
    rest()
    assert entered()[0].versions[0].clauses == ()  # nothing is marked
    assert shell.selection.view is not None
    shell.selection.cite = (shell.selection.view.texts[0][0], 0, 5)
    for action in ("terms.clause", "terms.evidence"):
        window.trigger(action)
        rest()
    (version,) = entered()[0].versions
    assert (version.item_id, len(version.clauses), len(version.assents)) == (383, 1, 1)
    page = window.pages.page("facts")
    assert isinstance(page, FactsPage)
    window.trigger("page.facts")
    rest()
    page.show_view(IN_FORCE)
    page.in_force.table.setCurrentCell(1, 0)
    assert "§ 2(c)" in page.detail.toPlainText()
    said["version"] = VersionSaid(1, "", "terms", "", "2026", "2026", "", "UTC")
    monkeypatch.setattr(window.ask, "version", lambda *_: said["version"])
    page.edit.click()
    rest()
    assert entered()[0].versions[0].label == "2026"
    part = version.clauses[0].part
    page._link(f"passage:383:0:5:{part}")
    rest()
    assert window.pages.current == "review"
    assert shell.selection.cite == (part, 0, 5)
    page.remove.click()
    rest()
    assert entered()[0].versions == ()
    window.trigger("edit.undo")
    rest()
    assert len(entered()[0].versions) == 1

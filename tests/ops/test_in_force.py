from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import clawback, in_force, journal
from casekit.ops.clawback import Notice
from casekit.queries.in_force import documents
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """Two versions (1, 2) of one document and an acceptance (3)."""
    first, second = make_item("old"), make_item("new")
    first.texts = [("body", "2(c) Customer shall not train models.")]
    file_items(case, [first, second, make_item("acceptance")], tmp_path)
    with case.write() as s:
        in_force.add_document(s, "Terms of Service", party="Aurora")
        in_force.add_version(s, 1, 1, "1 October 2025", "2025-10-01")
        in_force.add_version(s, 1, 2, "1 February 2026", "2026-02-01", withdrawn="2026-06")
        in_force.add_clause(s, 1, "2(c)", "body", 0, 37)
        in_force.add_assent(s, 1, "acceptance", 3, "2025-12-01", account="acct_1")
    return case


REFUSED: list[tuple[Any, str]] = [
    (lambda s: in_force.add_document(s, " "), "needs a name"),
    (lambda s: in_force.add_document(s, "Terms of Service"), "already a document"),
    (lambda s: in_force.add_document(s, "x", kind="law"), "a kind"),
    (lambda s: in_force.add_version(s, 9, 1, "x", "2026"), "no document 9"),
    (lambda s: in_force.add_version(s, 1, 9, "x", "2026"), "no item 9"),
    (lambda s: in_force.add_version(s, 1, 1, "x", "May"), "is no date"),
    (lambda s: in_force.add_version(s, 1, 1, "x", "2026", withdrawn="2025"), "cannot end"),
    (lambda s: in_force.add_version(s, 1, 1, " ", "2026"), "needs a label"),
    (lambda s: in_force.add_clause(s, 1, "x", "body", 0, 99), "needs a label and a passage"),
    (lambda s: in_force.add_clause(s, 1, "x", "tail", 0, 9), "needs a label and a passage"),
    (lambda s: in_force.add_assent(s, 1, "silence", 3, "2026"), "notice or acceptance"),
    (lambda s: in_force.add_assent(s, 9, "notice", 3, "2026"), "no version 9"),
    (lambda s: in_force.change_document(s, 9, name="x", kind="terms"), "no document 9"),
    (lambda s: in_force.change_document(s, 1, name="x", kind="law"), "a kind"),
    (lambda s: in_force.change_version(s, 1, label="", published="2026"), "needs a label"),
    (
        lambda s: in_force.change_version(s, 1, label="x", published="2026", withdrawn="2025"),
        "cannot end",
    ),
    (lambda s: in_force.take_away(s, "chapter", 1), "Taken away can be: document, version"),
    (lambda s: in_force.take_away(s, "clause", 7), "no clause 7"),
]


def test_what_cannot_be_is_refused_and_all_can_be_undone(filed: Case) -> None:
    with filed.read() as s:
        before = documents(s)
    for op, why in REFUSED:
        with pytest.raises(CaseKitError, match=why), filed.write() as s:
            op(s)
    with filed.read() as s:
        assert documents(s) == before
    for _ in range(5):
        with filed.write() as s:
            journal.undo(s, journal.undoable_acts(s, filed.actor, 1)[0][0])
    with filed.read() as s:
        assert documents(s) == []
    assert verify(filed).ok


def test_what_is_sequestered_is_in_no_document(filed: Case) -> None:
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 1", "item 3"], reference="letter"))
    with filed.read() as s:
        (row,) = documents(s)
    assert [(one.label, one.clauses, one.assents) for one in row.versions] == [
        ("1 February 2026", (), ())
    ]
    for number, item_id in ((1, 2), (2, 3)):
        with pytest.raises(CaseKitError, match="is sequestered"), filed.write() as s:
            in_force.add_assent(s, number, "notice", item_id, "2026")


def test_documents_and_versions_are_changed_and_keep_what_is_below_them(filed: Case) -> None:
    with filed.write() as s:
        in_force.change_document(s, 1, name="Terms  of Use", kind="contract", party="")
        in_force.change_version(s, 1, label="Autumn", published="2025-11", zone="+08:00")
    with filed.read() as s:
        (one,) = documents(s, quotes=True)
    assert (one.name, one.kind, one.party) == ("Terms of Use", "contract", "")
    first = one.versions[0]
    assert (first.label, first.published, first.zone) == ("Autumn", "2025-11", "+08:00")
    assert [(c.label, c.quote, c.intact) for c in first.clauses] == [
        ("2(c)", "2(c) Customer shall not train models.", True)
    ]
    assert [each.account for each in first.assents] == ["acct_1"]


def test_what_is_taken_away_takes_what_is_below_along_and_comes_back(filed: Case) -> None:
    with filed.read() as s:
        whole = documents(s)
    for what, left in (("clause", 2), ("evidence", 2), ("version", 1), ("document", 0)):
        with filed.write() as s:
            in_force.take_away(s, what, 1)
        with filed.read() as s:
            now = documents(s)
        assert sum(len(each.versions) for each in now) == left
        with filed.write() as s:
            journal.undo(s, journal.undoable_acts(s, filed.actor, 1)[0][0])
        with filed.read() as s:
            assert documents(s) == whole


def test_the_words_of_a_clause_of_a_sequestered_version_are_not_told(filed: Case) -> None:
    with filed.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 1"], reference="letter"))
    with filed.read() as s:
        assert "train models" not in repr(documents(s, quotes=True))

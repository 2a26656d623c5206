from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import journal, redactions
from casekit.queries.redactions import redactions as rows
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    file_items(case, [make_item("a")], tmp_path)
    return case


def test_a_passage_is_withheld_once_and_shown_again(filed: Case) -> None:
    span = (1, "body", 4, 8)
    with filed.write() as s:
        changes = redactions.redact(s, [span, span], "privacy", authority="Rule 5.2(a)")
        redactions.redact(s, [span], "confidential")
    assert changes.kinds == {"redactions", "items"}
    with filed.read() as s:
        (row,) = rows(s)
    assert (row.item_id, row.part, row.start, row.stop) == span
    assert (row.reason, row.authority, row.by) == ("privacy", "Rule 5.2(a)", filed.actor)
    with filed.write() as s:
        lifted = redactions.lift(s, [row.id])
    with filed.read() as s:
        assert rows(s) == []
    with filed.write() as s:
        journal.undo(s, lifted.act)
    with filed.read() as s:
        assert rows(s) == [row]
    assert verify(filed).damaged == []


@pytest.mark.parametrize(
    "span", [(1, "body", 4, 4), (1, "body", -1, 3), (1, "body", 0, 999), (1, "html", 0, 1), (9, "body", 0, 1)]
)  # fmt: skip
def test_a_passage_that_is_not_there_is_refused(
    filed: Case, span: tuple[int, str, int, int]
) -> None:
    with pytest.raises(CaseKitError, match="no such passage"), filed.write() as s:
        redactions.redact(s, [span], "privacy")


def test_a_reason_is_needed_and_a_number_must_be_there(filed: Case) -> None:
    with pytest.raises(CaseKitError, match="reason must be"), filed.write() as s:
        redactions.redact(s, [(1, "body", 0, 1)], "because")
    with pytest.raises(CaseKitError, match="no redaction 4"), filed.write() as s:
        redactions.lift(s, [4])

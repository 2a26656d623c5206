from pathlib import Path

import pytest

from casekit.ops import matter, privilege
from casekit.queries import clearance, items
from casekit.queries.tree import FieldIs
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """A mail (1) with an attachment (2), an exchange (3), a log record (4), a document (5), a file (6)."""
    first = make_mail("One", "a@x.example", "b@x.example")
    first.children = [make_item("terms")]
    asked = make_exchange("Why?", "Because.", "m-1")
    logged = make_item("logged", "record", collection="api-log")
    other = make_item("blob", "file", collection="other")
    file_items(case, [first, asked, logged, make_item("letter"), other], tmp_path)
    return case


def states(case: Case) -> dict[int, str]:
    """By each item's row; the filter must say the same."""
    with case.read() as s:
        found = {row.id: row.review for row in items.rows(s, range(1, 7))}
        for state in clearance.STATES:
            ids = sorted(items.item_ids(s, FieldIs("privilege", state)).tolist())
            assert ids == [i for i, known in found.items() if known == state]
        counts = clearance.counts(s)
    assert counts == {
        state: [*found.values()].count(state) for state in clearance.STATES if state in counts
    }
    return found


def test_mails_and_documents_are_undecided_and_what_models_said_needs_no_decision(
    filed: Case,
) -> None:
    needless, undecided = clearance.NOT_APPLICABLE, clearance.UNDECIDED
    first = {1: undecided, 2: undecided, 3: needless, 4: needless, 5: undecided, 6: undecided}
    assert states(filed) == first
    with filed.write() as s:
        privilege.clear_items(s, [1, 4])
        privilege.assert_privilege(s, [5], "other")
    decided = first | {1: "not-privileged", 4: "not-privileged", 5: "privileged"}
    assert states(filed) == decided
    with filed.write() as s:
        matter.set_matter(s, {"privilege_review": "api-log outputs"})
    assert states(filed) == decided | {2: needless, 3: undecided, 6: needless}


def test_nothing_undecided_passes_and_each_is_named(filed: Case) -> None:
    with filed.read() as s:
        clearance.refuse_undecided(s, [3, 4])
        with pytest.raises(clearance.Undecided, match="item 2 “terms”; item 5 “letter”") as caught:
            clearance.refuse_undecided(s, [5, 3, 2])
    assert caught.value.item_ids == (2, 5)
    with filed.write() as s:
        privilege.clear_items(s, [2])
        privilege.assert_privilege(s, [5])
    with filed.read() as s:
        clearance.refuse_undecided(s, [5, 3, 2])  # what is withheld is left out elsewhere


def test_many_are_named_in_part(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"letter {n}") for n in range(20)], tmp_path)
    with case.read() as s, pytest.raises(clearance.Undecided, match="“letter 11”; and 8 more"):
        clearance.refuse_undecided(s, range(1, 21))

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import clawback
from casekit.ops import reviews as ops
from casekit.ops.clawback import Notice
from casekit.queries import reviews
from casekit.store.case import Case
from tests.builders import file_items, make_item

MINUTE = 60_000_000


@pytest.fixture
def given(case: Case, tmp_path: Path) -> Case:
    """Set 1, “all”, of five items in two batches: A's of two with one done by somebody, nobody's of three."""
    file_items(case, [make_item(f"no {n}") for n in range(5)], tmp_path)
    with case.write() as s:
        ops.make_set(s, "all", [5, 4, 3, 2, 1], query="*", batch_size=3)
        ops.assign(s, 1, ["A"], [2])
        ops.mark_done(s, 1, [2])
    return case


def test_a_set_tells_how_far_it_is(given: Case) -> None:
    with given.read() as s:
        (row,) = reviews.sets(s)
        assert (row.total, row.done, row.left, row.batches, row.unassigned) == (5, 1, 4, 2, 1)
        assert (row.query, row.population, row.seed, row.second_of) == ("*", 5, None, None)
        assert reviews.find(s, "all") == row
        with pytest.raises(CaseKitError, match="there is “all”"):
            reviews.find(s, "none")
        assert [(b.no, b.reviewer, b.items, b.done) for b in reviews.batches(s, 1)] == [
            (1, "", 3, 0),
            (2, "A", 2, 1),
        ]
        people = [(p.name, p.assigned, p.done) for p in reviews.reviewers(s, 1)]
        assert people == [("A", 2, 0), ("Test Examiner", 0, 1), ("", 3, 0)]


def test_the_items_come_in_their_order(given: Case) -> None:
    with given.read() as s:
        assert reviews.set_items(s, 1).tolist() == [5, 4, 3, 2, 1]
        assert reviews.set_items(s, 1, batch=2).tolist() == [2, 1]
        assert reviews.set_items(s, 1, left=True).tolist() == [5, 4, 3, 1]
        assert reviews.set_items(s, 1, reviewer="A").tolist() == [2, 1]
        # A is done with none of hers, whoever else is
        assert reviews.set_items(s, 1, reviewer="A", left=True).tolist() == [2, 1]
        assert reviews.done_by(s, 1, "Test Examiner") == {2}


def test_what_is_sequestered_is_not_counted(given: Case) -> None:
    with given.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 2"], reference="letter"))
    with given.read() as s:
        (row,) = reviews.sets(s)
        assert (row.total, row.done) == (4, 0)
        assert reviews.set_items(s, 1).tolist() == [5, 4, 3, 1]


def test_a_rate_leaves_pauses_out() -> None:
    assert reviews.rate([]) is None
    assert reviews.rate([5]) is None
    assert reviews.rate([0, 0, 0]) is None
    assert reviews.rate([4 * MINUTE, 0, 2 * MINUTE]) == 30
    assert reviews.rate([0, 2 * MINUTE, 40 * MINUTE, 42 * MINUTE]) == 30

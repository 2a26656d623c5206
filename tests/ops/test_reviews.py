from pathlib import Path

import pytest
from sqlalchemy import select

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import journal, privilege, tags
from casekit.ops import reviews as ops
from casekit.ops.journal import Act
from casekit.queries import agreement, clearance, reviews
from casekit.queries.clearance import Undecided
from casekit.queries.items import item_ids, rows
from casekit.queries.tree import FieldIs
from casekit.store.case import Case
from casekit.store.review_tables import review_set
from tests.builders import file_items, make_item, make_mail


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """A mail 1 with its attachment 2, and documents 3 to 8."""
    mail = make_mail("Letter", "a@x", "b@x", 7)
    mail.children = [make_item("Attached")]
    file_items(case, [mail, *(make_item(f"no {n}") for n in range(3, 9))], tmp_path)
    return case


def test_a_sample_keeps_what_drew_it(filed: Case) -> None:
    with filed.write() as s:
        ops.make_set(s, " A  sample ", range(1, 9), query="*", sample=3, seed=5, batch_size=2)
        ops.make_set(s, "Again", range(8, 0, -1), sample=3, seed=5)
    with filed.read() as s:
        first, second = reviews.sets(s)
        assert (first.name, first.population, first.sample, first.seed) == ("A sample", 8, 3, 5)
        assert first.population_sha256 == second.population_sha256
        drawn = reviews.set_items(s, 1).tolist()
        assert len(drawn) == first.total == 3
        assert sorted(reviews.set_items(s, 2).tolist()) == sorted(drawn)
    assert verify(filed).ok


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"item_ids": []}, "no items"),
        ({"name": " "}, "needs a name"),
        ({"name": "taken"}, "already a review set"),
        ({"sample": 9, "seed": 1}, "from 1 to 8"),
        ({"sample": 0, "seed": 1}, "from 1 to 8"),
        ({"sample": 3}, "a seed"),
        ({"seed": 3}, "a seed"),
        ({"batch_size": 0}, "one item"),
    ],
)
def test_what_makes_no_set_is_refused(filed: Case, wish: dict[str, object], says: str) -> None:
    given = {"name": "x", "item_ids": range(1, 9), **wish}
    with filed.write() as s:
        ops.make_set(s, "taken", [1])
        with pytest.raises(CaseKitError, match=says):
            ops.make_set(s, **given)  # type: ignore[arg-type]
        assert len(s.execute(select(review_set)).all()) == 1


def test_batches_are_dealt_evenly_and_moved(filed: Case) -> None:
    with filed.write() as s:
        ops.make_set(s, "all", range(1, 9), batch_size=2)

    def whose() -> list[str]:
        with filed.read() as s:
            return [b.reviewer for b in reviews.batches(s, 1)]

    with filed.write() as s:
        ops.assign(s, 1, ["A", " B  B "])
    assert whose() == ["A", "B B", "A", "B B"]
    with filed.write() as s:
        with pytest.raises(CaseKitError, match="has a reviewer"):
            ops.assign(s, 1, ["C"])
        with pytest.raises(CaseKitError, match="no batch 7"):
            ops.assign(s, 1, ["C"], [7])
        given = ops.assign(s, 1, ["C"], [1, 2])
    assert whose() == ["C", "C", "A", "B B"]
    assert given.undo is not None
    with filed.write() as s:
        journal.undo(s, given.undo)
        ops.assign(s, 1, [], [4])
    assert whose() == ["A", "B B", "A", ""]


def test_done_keeps_the_coding_of_that_moment(filed: Case) -> None:
    with filed.write() as s:
        ops.make_set(s, "all", [1, 2, 3])
        tags.add_tag(s, [1], "hot")
        ops.mark_done(s, 1, [1, 3])
        tags.remove_tag(s, [1], "hot")
        with pytest.raises(CaseKitError, match="Item 4 is not in"):
            ops.mark_done(s, 1, [4])
    with filed.read() as s:
        assert agreement.last_done(s, 1) == {
            1: ("Test Examiner", {"tag:hot": "yes"}),
            3: ("Test Examiner", {}),
        }
    with filed.write() as s:
        ops.mark_done(s, 1, [1])
        ops.mark_not_done(s, 1, [3])
        assert agreement.last_done(s, 1) == {1: ("Test Examiner", {})}


def test_a_second_review_is_somebody_elses_and_blind(filed: Case) -> None:
    with filed.write() as s:
        ops.make_set(s, "all", range(1, 9))
        ops.assign(s, 1, ["A. One"])
        ops.mark_done(s, 1, [1])
        for name in ("a. ONE", "Test Examiner"):
            with pytest.raises(CaseKitError, match="somebody else's"):
                ops.draw_second(s, 1, 30, 4, name)
        with pytest.raises(CaseKitError, match="by name"):
            ops.draw_second(s, 1, 30, 4, " ")
        with pytest.raises(CaseKitError, match="1 to 100"):
            ops.draw_second(s, 1, 0, 4, "B")
        s.rollback()
    with filed.write() as s:
        ops.make_set(s, "all", range(1, 9))
        ops.draw_second(s, 1, 30, 4, "B. Two")
        with pytest.raises(CaseKitError, match="second review itself"):
            ops.draw_second(s, 2, 30, 4, "C")
        with pytest.raises(CaseKitError, match="pack it"):
            ops.mark_done(s, 2, [1])
    with filed.read() as s:
        second = reviews.find(s, "all, second review")
        assert (second.total, second.sample, second.seed, second.second_of) == (3, 3, 4, 1)
        assert [b.reviewer for b in reviews.batches(s, 2)] == ["B. Two"]


def _conflict(case: Case, item_id: int, field: str, theirs: str | None) -> None:
    with case.write() as s:
        act = Act(s, "review.merge", "Merged")
        ops.add_conflict(act, 1, item_id, field, (None, ""), (theirs, "B. Two"))
        act.record()


def test_a_conflict_on_privilege_lets_nothing_leave(filed: Case) -> None:
    with filed.write() as s:
        ops.make_set(s, "all", range(1, 9))
        privilege.clear_items(s, range(1, 9))
    _conflict(filed, 1, "privilege", "work-product")
    _conflict(filed, 4, "privilege", None)
    with filed.read() as s:
        assert item_ids(s, FieldIs("privilege", "undecided"), order="id").tolist() == [1, 4]
        assert [row.review for row in rows(s, [1, 4, 5])] == [
            "undecided", "undecided", "not-privileged",
        ]  # fmt: skip
        assert clearance.counts(s) == {"undecided": 2, "not-privileged": 6, "privileged": 0}
        with pytest.raises(Undecided, match="item 1 "):
            clearance.refuse_undecided(s, [1, 2])
    with filed.write() as s:
        ops.decide(s, [1], "theirs", "She is right")
        ops.decide(s, [2], "ours")
        with pytest.raises(CaseKitError, match="no open conflict 2"):
            ops.decide(s, [2], "theirs")
    with filed.read() as s:
        assert clearance.counts(s) == {"undecided": 0, "not-privileged": 6, "privileged": 2}
        assert agreement.conflicts(s) == []
        both = [(c.decided, c.reason, c.decided_by) for c in agreement.conflicts(s, decided=True)]
        assert both == [("theirs", "She is right", "Test Examiner"), ("ours", "", "Test Examiner")]
    with filed.write() as s:
        ops_undone = journal.undoable_acts(s, "Test Examiner")[1][0]
        journal.undo(s, ops_undone)
        assert [c.id for c in agreement.conflicts(s)] == [1]
    assert verify(filed).ok


def test_a_tag_is_decided_for(filed: Case) -> None:
    with filed.write() as s:
        ops.make_set(s, "all", range(1, 9))
        tags.add_tag(s, [4], "cold")
    _conflict(filed, 3, "tag:hot", "yes")
    _conflict(filed, 4, "tag:cold", None)
    with filed.write() as s:
        ops.decide(s, [1, 2], "theirs")
    with filed.read() as s:
        assert [row.tags for row in rows(s, [3, 4])] == [("hot",), ()]


def test_an_old_conflict_frees_nothing_that_was_withheld_since(filed: Case) -> None:
    item_id = 1
    with filed.write() as s:
        ops.make_set(s, "all", range(1, 9))
    _conflict(filed, item_id, "privilege", clearance.CLEARED)
    with filed.write() as s:
        privilege.assert_privilege(s, [item_id], "attorney-client", note="advice")
    with filed.read() as s:
        (row,) = agreement.conflicts(s)
    with filed.write() as s, pytest.raises(CaseKitError, match="which neither side of conflict"):
        ops.decide(s, [row.id], "theirs")
    with filed.write() as s:
        ops.decide(s, [row.id], "ours")

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from casekit.ops import reviews as ops
from casekit.ops import tags
from casekit.ops.journal import Act
from casekit.queries import agreement
from casekit.queries.agreement import kappa
from casekit.store.case import Case
from tests.builders import file_items, make_item

VALUES = st.sampled_from([None, "yes", "no"])


def test_kappa_is_that_of_the_textbook() -> None:
    both = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(both) == pytest.approx(0.4)
    assert kappa([("y", "n"), ("n", "y")]) == -1
    assert kappa([]) is kappa([("y", "y")] * 9) is None


@given(st.lists(st.tuples(VALUES, VALUES), max_size=30))
def test_kappa_is_one_only_for_all_the_same(pairs: list[tuple[str | None, str | None]]) -> None:
    found = kappa(pairs)
    turned = kappa([(b, a) for a, b in pairs])
    assert found == turned
    if found is not None:
        assert -1 <= found <= 1
        assert (found == 1) is all(a == b for a, b in pairs)


def _second(s: Connection, done: dict[int, dict[str, str]], by: str = "B. Two") -> None:
    act = Act(s, "review.merge", "Second review came back")
    for item_id, coding in done.items():
        ops.record_done(act, 2, item_id, by, coding, 7)
    ops.compare(act, 1, 2, list(done))
    act.record()


def test_two_reviews_are_compared(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"no {n}") for n in range(4)], tmp_path)
    with case.write() as s:
        ops.make_set(s, "all", [1, 2, 3, 4])
        ops.draw_second(s, 1, 100, 3, "B. Two")
        tags.add_tag(s, [1, 2], "hot")
        ops.mark_done(s, 1, [1, 2, 3])
        _second(s, {1: {"tag:hot": "yes"}, 2: {}})
        _second(s, {3: {"tag:hot": "yes"}}, "test  EXAMINER")
    with case.read() as s:
        (row,) = agreement.agreements(s, 1)
        assert (row.drawn, row.n, row.waiting, row.alone, row.same) == (4, 2, 1, 1, 1)
        (field,) = row.fields
        assert (field.field, field.n, field.same, field.raw) == ("tag:hot", 2, 1, 0.5)
        assert (field.first_only, field.second_only, field.kappa) == (1, 0, 0.0)
        (conflict,) = agreement.conflicts(s)
        assert (conflict.item_id, conflict.field, conflict.ours, conflict.theirs) == (
            2,
            "tag:hot",
            "yes",
            None,
        )
        assert (conflict.ours_by, conflict.theirs_by) == ("Test Examiner", "B. Two")
        assert agreement.conflicts(s, 1) == []
        assert agreement.conflicts(s, 2) == [conflict]

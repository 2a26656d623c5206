from __future__ import annotations

from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.queries import clusters
from casekit.search import comparing, near
from casekit.search.comparing import Member
from casekit.search.differing import Change
from casekit.store.case import Case
from tests.search.cluster_case import add_letters


def members(case: Case) -> list[Member]:
    with case.read() as s:
        group = clusters.near_group_of(s, 1)
        assert group is not None
        return comparing.members(s, group)


def test_each_member_stands_beside_the_principal_with_the_words_that_differ(case: Case) -> None:
    add_letters(case)
    near.group(case)
    found = members(case)
    assert [(m.row.id, round(m.alike, 2), m.words) for m in found] == [
        (2, 1.0, 59), (1, 1.0, 59), (3, 0.93, 59),
    ]  # fmt: skip
    assert found[0].differing is None
    assert found[1].differing is not None
    assert found[1].differing.changes == ()
    assert found[2].differing is not None
    assert found[2].differing.changes == (Change("TWELFTH", "14th"),)


def test_where_the_principal_is_hidden_all_is_counted_against_another(case: Case) -> None:
    add_letters(case)
    near.group(case)
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 2"], reference="letter"))
    found = members(case)
    assert [m.row.id for m in found] == [1, 3]
    assert found[1].differing is not None
    assert found[1].differing.changes == (Change("twelfth", "14th"),)

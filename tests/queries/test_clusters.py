from __future__ import annotations

import pytest
from sqlalchemy import select

from casekit.errors import CaseKitError
from casekit.ops import clawback
from casekit.ops import clusters as ops
from casekit.ops.clawback import Notice
from casekit.queries import clusters, filters
from casekit.search import near, query
from casekit.store.case import Case
from casekit.store.tables import item
from tests.search.builders import add
from tests.search.cluster_case import LETTER, add_letters


@pytest.fixture
def grouped(case: Case) -> Case:
    """Near-duplicates 2, 1 and 3 of which 2 is the principal."""
    add_letters(case)
    near.group(case)
    return case


def test_a_case_in_which_nothing_was_computed_has_nothing(case: Case) -> None:
    with case.read() as s:
        assert not clusters.ready(s)
        assert clusters.standing(s, "near") == clusters.Standing(None)
        assert clusters.near_groups(s, 9) == clusters.topics(s) == clusters.named(s) == []
        assert clusters.near_count(s) == (0, 0)
        assert clusters.near_group_of(s, 1) is clusters.near_group_by_id(s, 1) is None
        assert clusters.now_in(s, "near") == {}
        with pytest.raises(CaseKitError, match="no group 1"):
            clusters.membership(s, "near", 1)


def test_groups_can_be_read_in_pages_and_by_item(case: Case) -> None:
    add_letters(case)
    with case.write() as s:
        for _ in range(4):
            add(s, texts={"body": " ".join(reversed(LETTER.split()))})
    near.group(case)
    with case.read() as s:
        rows = clusters.near_groups(s, 9)
        assert [(row.principal, row.items, row.texts) for row in rows] == [(8, 4, 1), (2, 3, 2)]
        assert clusters.near_groups(s, 1, 1) == rows[1:]
        assert clusters.near_group_of(s, 3) == rows[1]
        assert clusters.near_group_of(s, 5) is None
        assert clusters.near_count(s) == (2, 7)
        assert clusters.members_of(s, "near", 2) == [2, 1, 3]
        assert clusters.members_of(s, "topic", 1) == []


def test_a_name_stands_beside_the_group_that_most_of_it_is_in_now(grouped: Case) -> None:
    with grouped.read() as s:
        ids, made = clusters.membership(s, "near", 1)
    assert (ids, made["number"], made["threshold"]) == ([2, 1, 3], 1, 80)
    with grouped.write() as s:
        ops.name_items(s, "near", "The letter", ids, made)
    near.group(grouped, threshold=95)
    with grouped.read() as s:
        assert clusters.now_in(s, "near") == {1: [("The letter", 2, 3)]}
        assert clusters.now_in(s, "topic") == {}
        (row,) = clusters.named(s)
        assert list(clusters.items_of_named(s, row.id)) == [1, 2, 3]
    near.group(grouped, threshold=100)
    with grouped.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 1", "item 2"], reference="letter"))
    with grouped.read() as s:
        assert clusters.named(s)[0].items == 1
        assert clusters.now_in(s, "near") == {}


def test_a_named_cluster_is_found_by_its_name(grouped: Case) -> None:
    with grouped.write() as s:
        ops.name_items(s, "near", "The letter", [1, 3], {})
    for text, ids in (
        ('cluster:"the letter"', [1, 3]), ("cluster:the*", [1, 3]), ("cluster:letter", []),
    ):  # fmt: skip
        node = query(grouped, text)
        with grouped.read() as s:
            assert list(s.execute(select(item.c.id).where(filters.where(node))).scalars()) == ids
    with grouped.write() as s:
        ops.forget(s, 1)
    node = query(grouped, "cluster:the*")
    with grouped.read() as s:
        assert list(s.execute(select(item.c.id).where(filters.where(node))).scalars()) == []
        with pytest.raises(CaseKitError, match="no named cluster 1"):
            clusters.one_named(s, 1)

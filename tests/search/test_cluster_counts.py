from __future__ import annotations

import pytest

from casekit.ops import clawback
from casekit.ops import clusters as ops
from casekit.ops.clawback import Notice
from casekit.progress import Silent
from casekit.queries import items
from casekit.search import cluster_counts, near, query, topics, vectors
from casekit.search.engine import HashEmbedder
from casekit.search.facet_counts import count_facets
from casekit.store.case import Case
from tests.search.cluster_case import add_letters, add_topics


@pytest.fixture
def grouped(case: Case) -> Case:
    """Letters 1 to 7 of which 1 to 3 are near-duplicates, and documents of three topics; two clusters named."""
    add_letters(case)
    add_topics(case, each=4)
    vectors.index_pending(case, HashEmbedder(256), Silent())
    near.group(case)
    topics.group(case, number=4)
    with case.write() as s:
        ops.name_items(s, "near", "Letters", [1, 2, 3], {})
        ops.name_items(s, "topic", "Few", [8, 1], {})
    return case


def counts(case: Case, text: str = "") -> dict[str, list[tuple[str, int]]]:
    found = count_facets(case, text, fields=cluster_counts.FIELDS)
    return {facet.field: [(v.text, v.count) for v in facet.values] for facet in found}


def test_every_count_is_what_its_filter_lists(grouped: Case) -> None:
    for facet in count_facets(grouped, fields=cluster_counts.FIELDS):
        assert facet.values or facet.field == "hidden"
        for value in facet.values:
            node = query(grouped, value.query)
            with grouped.read() as s:
                assert value.count == len(items.item_ids(s, node, order="id")), value


def test_a_list_is_counted_by_itself_and_topics_are_told_by_their_words(grouped: Case) -> None:
    assert counts(grouped, "id:1")["cluster"] == [("Few", 1), ("Letters", 1)]
    assert counts(grouped, "id:1")["near"] == [("*", 1)]
    assert counts(grouped, "id:5") == {
        "cluster": [],
        "hidden": [],
        "near": [],
        "topic": counts(grouped, "id:5")["topic"],
    }
    (facet,) = count_facets(grouped, fields=["topic"])
    assert all(value.label.startswith(f"{value.text}  ") for value in facet.values)


def test_groups_computed_anew_are_counted_anew(grouped: Case) -> None:
    assert counts(grouped)["near"] == [("*", 3)]
    near.group(grouped, threshold=95)
    assert counts(grouped)["near"] == [("*", 2)]


def test_what_is_sequestered_counts_nowhere(grouped: Case) -> None:
    counts(grouped)
    with grouped.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 1", "item 2"], reference="letter"))
    found = counts(grouped)
    assert found["cluster"] == [("Few", 1), ("Letters", 1)]
    assert found["near"] == []  # 3 has no other that can be seen
    assert sum(n for _, n in found["topic"]) == 16


def test_a_case_in_which_nothing_was_computed_has_no_counts(case: Case) -> None:
    add_letters(case)
    assert counts(case) == {"cluster": [], "topic": [], "near": [], "hidden": []}

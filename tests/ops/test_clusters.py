from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ops import clawback, clusters, journal
from casekit.ops.clawback import Notice
from casekit.queries import batching
from casekit.queries import clusters as queries
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """Items 1 to 3."""
    file_items(case, [make_item("one"), make_item("two"), make_item("three")], tmp_path)
    return case


def names(case: Case) -> list[tuple[str, int]]:
    with case.read() as s:
        return [(row.name, row.items) for row in queries.named(s)]


def test_a_name_keeps_its_items_their_hash_and_how_they_were_found(filed: Case) -> None:
    with filed.write() as s:
        changes = clusters.name_items(s, "topic", "  Two\nof them ", [3, 1], {"seed": 7})
    assert (changes.label, changes.kinds) == ("Named “Two of them”: topic of 2 items", {"clusters"})
    with filed.read() as s:
        (row,) = queries.named(s)
        wanted = batching.population_hash(batching.digests(s, [1, 3])).hex()
    assert (row.kind, row.made, row.items, row.items_sha256) == ("topic", {"seed": 7}, 2, wanted)


def test_naming_renaming_and_taking_away_can_be_taken_back(filed: Case) -> None:
    with filed.write() as s:
        clusters.name_items(s, "near", "A", [1, 2], {})
    with filed.write() as s:
        renamed = clusters.rename(s, 1, "B")
    assert names(filed) == [("B", 2)]
    with filed.write() as s:
        gone = clusters.forget(s, 1)
    assert names(filed) == []
    with filed.write() as s:
        clusters.name_items(s, "near", "B", [3], {})  # the name is free again
    assert gone.undo is not None
    assert renamed.undo is not None
    with filed.write() as s:
        journal.undo(s, gone.undo)
    assert sorted(names(filed)) == [("B", 1), ("B", 2)]
    with filed.write() as s:
        journal.undo(s, renamed.undo)
    assert names(filed) == [("A", 2), ("B", 1)]


def test_no_name_a_taken_one_no_items_and_what_is_sequestered_are_refused(filed: Case) -> None:
    with filed.write() as s:
        clusters.name_items(s, "near", "A", [1], {})
        clawback.receive_notice(s, Notice("Them", ["item 2"], reference="letter"))
    for name, ids, why in (
        (" ", [1], "needs a name"), ("a", [3], "already a cluster called “A”"),
        ("B", [], "no items"), ("B", [99], "no items"), ("B", [2], "is sequestered"),
        ("x" * 201, [1], "200 characters"),
    ):  # fmt: skip
        with pytest.raises(CaseKitError, match=why), filed.write() as s:
            clusters.name_items(s, "near", name, ids, {})
    with pytest.raises(CaseKitError, match="no named cluster 9"), filed.write() as s:
        clusters.rename(s, 9, "C")
    assert names(filed) == [("A", 1)]

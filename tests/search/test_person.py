"""`person:NAME`: all that somebody united under a name appears as, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ops import people
from casekit.ops.clawback import Notice, receive_notice
from casekit.progress import Silent
from casekit.queries import people as queries
from casekit.search import filling, search
from casekit.search.completing import complete, values
from casekit.store import arrays
from casekit.store.case import Case
from tests.builders import file_items, make_exchange
from tests.search.builders import add


@pytest.fixture
def united(case: Case, tmp_path: Path) -> Case:
    file_items(case, [make_exchange("q", "x", "m1", account="acct-1")], tmp_path)
    with case.write() as s:
        add(s, parties=(("from", "Ann Lee", "Ann@x.example"),))
        add(s, parties=(("to", "Lee, Ann", "lee@y.example"),))
        add(s, parties=(("to", "Ann Lee", ""),))
        add(s, parties=(("from", "Annabel Leeds", "annabel@x.example"),))
    filling.index_pending(case, Silent())
    with case.write() as s:
        people.unite(
            s,
            [("address", "ann@x.example"), ("address", "lee@y.example"), ("name", "Ann Lee"),
             ("account", "acct-1")],
            "Ann",
        )  # fmt: skip
    return case


def found(case: Case, text: str) -> list[int]:
    return sorted(hit.id for hit in search(case, text).hits)


def test_a_person_is_found_by_all_that_was_united(united: Case) -> None:
    assert found(united, "person:ann") == [1, 2, 3, 4]
    assert found(united, "person:Ann kind:exchange") == [1]
    assert found(united, "-person:ann") == [5]
    assert found(united, "person:annabel") == [5]  # united under no name: who bears it
    assert found(united, "person:nobody") == []
    columns = arrays.read(united)
    with united.read() as s:
        (row,) = queries.persons(s, columns)
    assert queries.items_of_person(columns, row).tolist() == [1, 2, 3, 4]  # as the page counts


def test_names_of_persons_are_offered_first_and_not_those_of_nobody_to_be_seen(
    united: Case,
) -> None:
    assert values(united, "person", "ann")[0] == ("Ann", 4)
    assert values(united, "person", "acct")[0] == ("Ann", 4)  # by what the person appears as
    assert complete(united, "x person:an", 11).options[0].text == "Ann"
    with united.write() as s:
        receive_notice(s, Notice("Them", [str(n) for n in (1, 2, 3, 4)], reference="letter"))
    assert ("Ann", 4) not in values(united, "person", "ann")
    assert [name for name, _ in values(united, "person", "")] == ["annabel@x.example"]
    assert found(united, "person:ann") == []

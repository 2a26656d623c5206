from __future__ import annotations

import itertools

import pytest

from casekit.errors import CaseKitError
from casekit.jobs.verify import verify
from casekit.ops import journal, pseudonyms
from casekit.queries.pseudonyms import pseudonyms as rows
from casekit.store.case import Case


def numbers(case: Case) -> dict[str, int]:
    with case.read() as s:
        return {value: row.id for row in rows(s) for value in row.values}


def test_a_value_keeps_its_number_and_no_number_is_given_twice(case: Case) -> None:
    with case.write() as s:
        done = pseudonyms.give(s, "account", ["org_1", "ORG-1", "org_2"])
    assert (done.kinds, sorted(numbers(case).values())) == ({"pseudonyms"}, [1, 2])
    with case.write() as s:
        undone = journal.undo(s, done.act)
    assert numbers(case) == {}
    with case.write() as s:
        pseudonyms.give(s, "account", ["org_9"])
    assert numbers(case) == {"org_9": 3}
    with case.write() as s:
        journal.undo(s, undone.act)  # done again: the same numbers
        pseudonyms.lift(s, [3])
        pseudonyms.give(s, "person", ["Ann Lee"])
    with case.read() as s:
        assert [row.id for row in rows(s, in_use=True)] == [1, 2, 4]
    with case.write() as s:
        pseudonyms.give(s, "account", ["org_9"])
    with case.read() as s:
        assert [row.id for row in rows(s, in_use=True)] == [1, 2, 3, 4]
    assert verify(case).damaged == []


def test_the_order_of_numbers_tells_nothing(case: Case) -> None:
    values = [f"org_{n:03d}" for n in range(200)]
    with case.write() as s:
        pseudonyms.give(s, "account", values)
    given = numbers(case)
    order = [given[value] for value in values]
    assert sorted(order) == list(range(1, 201))
    assert sum(n == order[n - 1] for n in range(1, 201)) < 20  # about one in 200 stays in place
    ascending = sum(a < b for a, b in itertools.pairwise(order))
    assert 60 < ascending < 140


def test_further_spellings_are_of_one(case: Case) -> None:
    with case.write() as s:
        pseudonyms.give(s, "person", ["Ann Lee"])
        pseudonyms.give(s, "person", ["Annie L.", "ann lee"], same_as=1)
        pseudonyms.give(s, "person", ["Bob Roe"])
    assert numbers(case) == {"Ann Lee": 1, "Annie L.": 1, "Bob Roe": 2}
    with pytest.raises(CaseKitError, match="is pseudonym 2 already"), case.write() as s:
        pseudonyms.give(s, "person", ["bob roe"], same_as=1)
    with pytest.raises(CaseKitError, match="no pseudonym 9"), case.write() as s:
        pseudonyms.give(s, "person", ["Cy Poe"], same_as=9)
    with pytest.raises(CaseKitError, match="no pseudonym 9"), case.write() as s:
        pseudonyms.lift(s, [1, 9])


@pytest.mark.parametrize("value", ["", "ab", "12345", "x" * 401, "Account 014", "[Person 003]"])
def test_what_cannot_be_looked_for_is_refused(case: Case, value: str) -> None:
    with pytest.raises(CaseKitError), case.write() as s:
        pseudonyms.give(s, "account", ["fine-one", value])
    assert numbers(case) == {}
    with pytest.raises(CaseKitError, match="kind must be"), case.write() as s:
        pseudonyms.give(s, "face", ["abc"])  # type: ignore[arg-type]

from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.ops import canaries, journal
from casekit.queries import canaries as queries
from casekit.store.case import Case


def test_a_set_is_made_once_and_its_making_stays(case: Case) -> None:
    with case.write() as s:
        changes = canaries.make_set(s, " spring ", served=2, decoys=40)
    assert changes.undo is None
    with case.write() as s, pytest.raises(CaseKitError):
        journal.undo(s, changes.act)
    with case.read() as s:
        (one,) = queries.sets(s)
    assert (one.name, one.served, one.decoys, len(one.key)) == ("spring", 2, 40, 32)
    assert one.key.hex() not in repr(one)
    with case.write() as s, pytest.raises(CaseKitError, match="already"):
        canaries.make_set(s, "spring")


@pytest.mark.parametrize(("served", "decoys"), [(0, 100), (10, 100), (10, 100_000)])
def test_numbers_that_make_no_test_are_refused(case: Case, served: int, decoys: int) -> None:
    with case.write() as s, pytest.raises(CaseKitError, match="19 decoys for each"):
        canaries.make_set(s, "spring", served=served, decoys=decoys)


def test_a_set_needs_a_name(case: Case) -> None:
    with case.write() as s, pytest.raises(CaseKitError, match="needs a name"):
        canaries.make_set(s, "  ")

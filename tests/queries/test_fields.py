from __future__ import annotations

from sqlalchemy import select

from casekit.queries.filters import FieldIs
from casekit.store import tables as t
from casekit.store.case import Case
from tests.queries.test_filters import ids, matter

__all__ = ["matter"]


def test_hashes_are_found_by_their_first_digits(matter: Case) -> None:
    with matter.read() as s:
        sha = s.execute(select(t.item.c.sha256).where(t.item.c.id == 3)).scalar_one().hex()
    assert ids(matter, FieldIs("sha256", sha)) == [3]
    assert ids(matter, FieldIs("sha256", sha[:9])) == [3]
    assert ids(matter, FieldIs("original", sha[:12])) == [3]

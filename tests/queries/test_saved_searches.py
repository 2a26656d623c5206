from __future__ import annotations

import hashlib

from casekit.queries.saved_searches import query_hash, saved_searches
from casekit.store.case import Case
from casekit.store.search_tables import saved_search


def test_a_search_saved_by_an_older_version_says_nothing_of_who_and_when(case: Case) -> None:
    with case.write() as s:
        s.execute(saved_search.insert().values(name="old", query="alpha", mode="words"))
    with case.read() as s:
        (row,) = saved_searches(s)
    assert (row.name, row.note, row.by, row.at_us, row.count) == ("old", "", "", 0, None)
    assert query_hash("alpha") == hashlib.sha256(b"alpha").digest()
    assert len(query_hash("\ud800")) == 32

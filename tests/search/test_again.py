from __future__ import annotations

import pytest

from casekit.errors import CaseKitError, QueryError
from casekit.ops import searches
from casekit.progress import Silent
from casekit.queries.saved_searches import SearchRow, saved_search_named
from casekit.queries.search_history import history
from casekit.search import filling
from casekit.search.again import (
    Again,
    change_saved,
    count_saved,
    delete_saved,
    record_run,
    search_again,
)
from casekit.store.case import Case
from tests.search.builders import add


def test_a_search_done_again_tells_what_came_since(case: Case) -> None:
    with case.write() as s:
        for text in ("harvest", "harvest cap", "lunch"):
            add(s, texts={"body": text})
    filling.index_pending(case, Silent())
    record_run(case, "harvest OR cap", 2, scope="in:documents")
    with case.write() as s:
        add(s, texts={"body": "cap"})
        add(s, texts={"body": "cap"}, collection="other")
    filling.index_pending(case, Silent())
    with case.read() as s:
        (run,) = history(s)
    assert run.last_item == 3
    assert search_again(case, run) == Again(3, 1)


def test_a_saved_search_is_counted_changed_and_taken_away_with_those_that_hold_it(
    case: Case,
) -> None:
    with case.write() as s:
        add(s, texts={"body": "harvest"})
        add(s, texts={"body": "cap"})
        searches.save_search(s, "crop", "harvest")
        searches.save_search(s, "both", "saved:crop OR cap")
        searches.save_search(s, "vague", "harvest", "meaning")
    filling.index_pending(case, Silent())

    def row(name: str) -> SearchRow:
        with case.read() as s:
            return saved_search_named(s, name)

    count = count_saved(case, row("both"))
    assert (count.hits, count.with_family, count.resolved) == (2, 2, "harvest OR cap")
    kept = row("both").count
    assert kept is not None
    assert (kept.hits, kept.hits_sha256, kept.resolved) == (2, count.hits_sha256, "harvest OR cap")
    with pytest.raises(CaseKitError, match="goes by meaning"):
        count_saved(case, row("vague"))
    record_run(case, "saved:crop", 1)
    with case.write() as s:
        change_saved(s, row("crop"), name="Yield", query="cap")
    assert row("both").query == "saved:Yield OR cap"
    with case.read() as s:
        (run,) = history(s)
    assert (run.query, run.resolved) == ("saved:crop", "harvest")
    assert search_again(case, run) == Again(1, 0)  # what it meant then, though the name is gone
    with (
        pytest.raises(CaseKitError, match="stands in other saved searches, “both”"),
        case.write() as s,
    ):
        delete_saved(s, row("yield"))
    with pytest.raises(QueryError, match="holds itself"), case.write() as s:
        change_saved(s, row("yield"), query="saved:both")
    assert row("yield").query == "cap"
    with case.write() as s:
        delete_saved(s, row("both"))
        delete_saved(s, row("yield"))

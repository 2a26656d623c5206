from __future__ import annotations

from casekit.progress import Silent
from casekit.queries.search_history import history
from casekit.search import filling
from casekit.search.again import Again, record_run, search_again
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

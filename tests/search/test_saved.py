from __future__ import annotations

import datetime as dt

import pytest

from casekit.errors import QueryError
from casekit.ops import searches
from casekit.progress import Silent
from casekit.search import filling, saved, search, term_report
from casekit.search.facet_counts import count_facets
from casekit.store.case import Case
from tests.search.builders import add


@pytest.fixture
def indexed(case: Case) -> Case:
    with case.write() as s:
        for text in ("alpha beta", "beta gamma", "gamma delta"):
            add(s, texts={"body": text})
        known = {"One": "alpha OR gamma", "two words": "saved:one -delta", "loop": "saved:ring",
                 "ring": "a saved:loop", "broken": "from: x"}  # fmt: skip
        for name, query in known.items():
            searches.save_search(s, name, query)
        searches.save_search(s, "vague", "alpha", "meaning")
    filling.index_pending(case, Silent())
    return case


def test_a_saved_search_stands_for_its_query_everywhere(indexed: Case) -> None:
    def total(text: str) -> int:
        return search(indexed, text).total

    assert [
        total(t) for t in ("saved:one", "saved:ONE beta", "NOT saved:one", 'saved:"two words"')
    ] == [3, 2, 0, 2]
    assert total('saved:(one OR "two words") delta') == 1
    report = term_report.report(
        indexed, term_report.read_terms(b"saved:one\nsaved:none\n"), scope="saved:one"
    )
    assert [(r.hits, bool(r.error), r.resolved) for r in report.rows] == [
        (3, False, "alpha OR gamma"), (0, True, ""),
    ]  # fmt: skip
    assert report.scope_resolved == "alpha OR gamma"
    (kinds,) = count_facets(indexed, 'saved:"two words"', fields=["kind"])
    assert sum(v.count for v in kinds.values) == 2
    with indexed.write() as s:
        searches.save_search(s, "One", "alpha")
    assert total("saved:one") == 1


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("beta saved:nobody", "no saved search", 5),
        ("saved:loop", "holds itself", 0),
        ("saved:vague", "goes by meaning", 0),
        ("x OR saved:broken", "cannot be read", 5),
    ],
)
def test_what_cannot_be_put_in_is_refused_at_its_place(
    indexed: Case, text: str, said: str, position: int
) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        search(indexed, text)
    assert caught.value.position == position


def test_what_a_name_stood_for_is_kept_and_names_follow_a_change(indexed: Case) -> None:
    with indexed.read() as s:
        assert saved.resolved(s, "saved:one beta", dt.UTC) == "(alpha OR gamma) beta"
        assert saved.resolved(s, "one beta", dt.UTC) == ""
        assert [r.name for r in saved.holders(s, "ONE", dt.UTC)] == ["two words"]
    assert saved.renamed("NOT (saved:one OR x) y", "One", "no 1", dt.UTC) == (
        'NOT (saved:"no 1" OR x) y'
    )
    assert saved.renamed("one", "one", "two", dt.UTC) is None
    assert saved.renamed("(one", "one", "two", dt.UTC) is None

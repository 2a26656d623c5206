from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.ops import journal, searches
from casekit.queries.saved_searches import (
    SearchCount,
    SearchRow,
    saved_search_named,
    saved_searches,
)
from casekit.store.case import Case


def plain(case: Case) -> list[tuple[int, str, str, str, str]]:
    with case.read() as s:
        return [(r.id, r.name, r.query, r.mode, r.note) for r in saved_searches(s)]


def test_a_search_is_saved_replaced_and_taken_away(case: Case) -> None:
    with case.write() as s:
        searches.save_search(s, "Hot mails", "kind:mail tag:hot", note="Ask Ann")
        searches.save_search(s, "  hot MAILS ", "kind:mail tag:hot date:2026", "both")
    kept = (1, "hot MAILS", "kind:mail tag:hot date:2026", "both", "Ask Ann")
    assert plain(case) == [kept]
    with case.read() as s:
        row = saved_search_named(s, "HOT mails")
    assert (row.by != "", row.at_us > 0, row.count) == (True, True, None)
    with case.write() as s:
        gone = searches.delete_search(s, 1)
    assert plain(case) == []
    with case.write() as s:
        journal.undo(s, gone.act)
    assert plain(case) == [kept]
    with pytest.raises(CaseKitError, match="needs a name"), case.write() as s:
        searches.save_search(s, " ", "x")
    with pytest.raises(CaseKitError, match="no saved search “none”"), case.read() as s:
        saved_search_named(s, "none")


def test_a_search_is_renamed_changed_and_annotated_and_each_can_be_undone(case: Case) -> None:
    with case.write() as s:
        searches.save_search(s, "One", "alpha")
        searches.save_search(s, "Two", "saved:one beta")
    with case.write() as s:
        changed = searches.change_search(
            s, 1, name=" Eins ", query="alpha OR omega", note="wider", others={2: "saved:Eins beta"}
        )
    assert plain(case) == [
        (1, "Eins", "alpha OR omega", "words", "wider"), (2, "Two", "saved:Eins beta", "words", ""),
    ]  # fmt: skip
    with case.write() as s:
        searches.record_count(s, 1, "alpha OR omega", SearchCount(3, 4, b"h" * 32, "", 7, "", 0))
        journal.undo(s, changed.act)  # a count is no reason why it could not be taken back
    assert plain(case) == [
        (1, "One", "alpha", "words", ""), (2, "Two", "saved:one beta", "words", ""),
    ]  # fmt: skip
    for values, said in (({"name": "two"}, "there already"), ({"name": " "}, "needs a name")):
        with pytest.raises(CaseKitError, match=said), case.write() as s:
            searches.change_search(s, 1, **values)
    with pytest.raises(CaseKitError, match="no longer there"), case.write() as s:
        searches.change_search(s, 9, note="x")


def test_a_count_belongs_to_the_query_as_it_was_written(case: Case) -> None:
    def row() -> SearchRow:
        with case.read() as s:
            return saved_searches(s)[0]

    with case.write() as s:
        searches.save_search(s, "One", "alpha")
        done = searches.record_count(s, 1, "alpha", SearchCount(3, 4, b"h" * 32, "alpha", 7, "", 0))
        searches.record_count(s, 1, "alpha", SearchCount(5, 9, b"i" * 32, "alpha", 8, "", 0))
    assert done.undo is None
    count = row().count
    assert count is not None
    assert (count.hits, count.with_family, count.head) == (5, 9, 8)
    with case.write() as s:
        searches.change_search(s, 1, query="alpha beta")
    assert row().count is None
    with case.write() as s:
        searches.change_search(s, 1, query="alpha")
    assert row().count == count

from __future__ import annotations

import pytest

from casekit.errors import QueryError
from casekit.progress import Silent
from casekit.queries import items
from casekit.search import Span as Place
from casekit.search import index_pending
from casekit.store.case import Case
from casekit.ui import searching
from casekit.ui.searching import Wanted
from casekit.ui.writing import Span


def test_scope_order_and_exhibits(sample_case: Case) -> None:
    assert searching.run(sample_case, Wanted()).total == 384
    outputs = searching.run(sample_case, Wanted(scope="in:outputs", order="id"))
    assert (outputs.ids[:3].tolist(), outputs.total, outputs.whole) == ([1, 2, 3], 150, True)
    assert searching.run(sample_case, Wanted(kind="exhibits")).ids.tolist() == [1, 2, 383]


def test_words_within_a_scope_and_what_was_not_searched(sample_case: Case) -> None:
    wanted = Wanted(scope="in:correspondence", text='"flat" OR 网关')
    before = searching.run(sample_case, wanted)
    assert (before.total, before.not_searched) == (0, (("not indexed yet", 32),))
    index_pending(sample_case, Silent(), vectors=False)
    after = searching.run(sample_case, wanted)
    assert after.total == 12
    with sample_case.read() as s:
        view = items.view(s, int(after.ids[0]))
    assert all(
        view.text(part)[span.start : span.stop].lower() in {"flat", "网关"}
        for part, spans in searching.spans_of(sample_case, view, wanted).items()
        for span in spans
    )
    assert searching.spans_of(sample_case, view, Wanted()) == {}


def test_a_fault_points_into_what_the_user_wrote(sample_case: Case) -> None:
    with pytest.raises(QueryError) as caught:
        searching.run(sample_case, Wanted(scope="in:outputs", text="cap AND (bar"))
    assert (caught.value.query, caught.value.position) == ("cap AND (bar", 8)


def test_passages_are_numbered_by_part() -> None:
    places = [Place("output", 9, 12), Place("output", 1, 3), Place("prompt", 0, 2)]
    assert searching.numbered(places) == {
        "output": [Span(1, 3, 1), Span(9, 12, 2)], "prompt": [Span(0, 2, 1)],
    }  # fmt: skip


def test_first_rows_of_many_are_shown_before_the_rest_is_counted(
    sample_case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FIRST", 20)
    index_pending(sample_case, Silent(), vectors=False)
    for wanted in (
        Wanted(text="the"),
        Wanted(text="the", order="date"),
        Wanted(text="a", order="id"),
    ):
        first = searching.run(sample_case, wanted, first=True)
        rest = searching.run(sample_case, wanted)
        assert (first.total, first.whole, rest.whole) == (20, False, True)
        assert first.ids.tolist() == rest.ids[:20].tolist() == [row.id for row in first.rows]
        assert rest.rows == ()
    few = searching.run(sample_case, Wanted(text="nowhere"), first=True)
    assert (few.total, few.whole) == (0, True)

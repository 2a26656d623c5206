from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from casekit.queries import items
from casekit.queries.highlights import HighlightSet
from casekit.store.case import Case
from casekit.ui.marking import layered, marks_of, owner_of, together
from casekit.ui.writing import Span


def a_set(number: int, *terms: str, shown: bool = True) -> HighlightSet:
    return HighlightSet(number + 10, number, f"Set {number}", "rose", "wavy", terms, shown)


def test_terms_of_an_item_are_counted_and_those_that_are_shown_are_marked(
    sample_case: Case,
) -> None:
    with sample_case.read() as s:
        view = items.view(s, 1)
    sets = [a_set(1, "cap", "nowhere"), a_set(2, "cap limits", shown=False)]
    marks = marks_of(view, sets)
    text = view.text("output")
    assert (marks.counts[11][1], marks.counts[12]) == (0, [text.count("cap limits")])
    assert marks.count(11) == sum(marks.counts[11]) > 3
    spans = marks.spans["output"]
    assert {text[s.start : s.stop].lower() for s in spans} == {"cap"}
    assert {(s.number, s.colour, s.pattern, s.owner) for s in spans} == {
        (1, "mark_rose", "wavy", owner_of(sets[0]))
    }
    assert marks_of(view, []).spans == {}


def test_a_mark_below_others_keeps_what_they_leave() -> None:
    top, low = Span(4, 8, 1), Span(0, 12, 2, "mark_rose", "wavy", "set:2")
    assert layered([top], [low]) == [
        replace(low, stop=4, last=False), top, replace(low, start=8, first=False)
    ]  # fmt: skip
    assert layered([low], [top]) == [low]
    assert together({"a": [top]}, {"b": [low]}) == {"a": [top], "b": [low]}


SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda p: Span(p[0], p[0] + p[1], 1)),
    max_size=8,
)


def characters(spans: list[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.stop)}


@given(st.lists(SPANS, min_size=1, max_size=3))
def test_layers_never_overlap_and_lose_no_character(layers: list[list[Span]]) -> None:
    found = layered(*layers)
    assert all(a.stop <= b.start for a, b in pairwise(found))
    assert characters(found) == {at for layer in layers for at in characters(layered(layer))}

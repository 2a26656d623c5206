from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from casekit.queries.boxes import (
    EVERYTHING,
    WHOLE,
    BoxRow,
    BoxWord,
    Rect,
    areas,
    box_passages,
    hidden_spans,
    hidden_words,
    hides,
)

TEXT = "One two\nthree four"
WORDS = (
    BoxWord("One", 100, 100, 200, 150, 0, 3),
    BoxWord("two", 220, 100, 320, 150, 4, 7),
    BoxWord("three", 100, 200, 300, 250, 8, 13),
    BoxWord("four", 320, 200, 420, 250, 14, 18),
)


def row(
    n: int, rect: Rect, kind: str = "hide", *, elsewhere: bool = False, source: str = "text",
    words: tuple[BoxWord, ...] = WORDS,
) -> BoxRow:  # fmt: skip
    return BoxRow(
        n, 7, 1, kind, rect.left, rect.top, rect.right, rect.bottom, elsewhere, source, words, "privacy",
        "", "A", 0,
    )  # fmt: skip


def test_words_of_one_box_in_a_row_are_one_span() -> None:
    box = row(1, Rect(90, 90, 330, 260))
    assert hidden_spans([box], TEXT) == [(0, 18, box)]
    first = row(1, Rect(90, 90, 330, 160))
    assert hidden_spans([first], TEXT) == [(0, 7, first)]


def test_a_grazed_word_is_shown_and_a_half_covered_one_is_not() -> None:
    assert hides([row(1, Rect(0, 0, 500, 104))], WORDS[0]) is None
    box = row(1, Rect(0, 0, 120, 160))  # a fifth of the word
    assert hides([box], WORDS[0]) is box
    assert dict(box_passages([box])) == {}  # so little of it tells nothing elsewhere


def test_a_word_that_stands_a_fifth_outside_what_is_kept_is_hidden() -> None:
    for right, shown in ((198, True), (180, False), (150, False)):
        keep = row(1, Rect(90, 90, right, 160), "keep")
        assert (hides([keep], WORDS[0]) is None) is shown


def test_what_is_kept_hides_all_else_and_boxes_go_before() -> None:
    keep = row(1, Rect(90, 90, 330, 160), "keep")
    assert [word.text for word, _ in hidden_words([keep])] == ["three", "four"]
    hide = row(2, Rect(210, 90, 330, 160), words=WORDS[1:2])
    assert [word.text for word, _ in hidden_words([keep, hide])] == ["two", "three", "four"]
    assert [(r.id, text) for r, text in box_passages([keep, hide])] == [
        (1, "three four"),
        (2, "two"),
    ]


def test_words_that_may_be_shown_elsewhere_are_not_looked_for() -> None:
    assert list(box_passages([row(1, EVERYTHING, elsewhere=True)])) == []
    assert [text for _, text in box_passages([row(1, EVERYTHING)])] == ["One two three four"]


def test_where_no_place_in_the_text_is_known_all_of_it_is_unknown() -> None:
    nowhere = tuple(BoxWord(w.text, w.left, w.top, w.right, w.bottom) for w in WORDS)
    assert hidden_spans([row(1, EVERYTHING, words=nowhere)], TEXT) is None
    assert hidden_spans([row(1, EVERYTHING, source="engine 1")], TEXT) is None
    assert hidden_spans([row(1, EVERYTHING, source="", words=())], TEXT) is None
    assert hidden_spans([row(1, Rect(0, 0, 10, 10), words=())], TEXT) == []


@st.composite
def rects(draw: st.DrawFn) -> Rect:
    left, right = sorted(draw(st.lists(st.integers(0, 20), min_size=2, max_size=2, unique=True)))
    top, bottom = sorted(draw(st.lists(st.integers(0, 20), min_size=2, max_size=2, unique=True)))
    unit = WHOLE // 20
    return Rect(left * unit, top * unit, right * unit, bottom * unit)


@given(st.lists(rects(), min_size=1, max_size=5), st.lists(rects(), max_size=3))
def test_the_paint_covers_exactly_what_is_not_kept_or_is_hidden(
    keeps: list[Rect], hidden: list[Rect]
) -> None:
    rows = [row(n, rect, "keep") for n, rect in enumerate(keeps)]
    rows += [row(n, rect) for n, rect in enumerate(hidden, 10)]
    painted = [rect for rect, _ in areas(rows)]
    unit = WHOLE // 20
    for across in range(20):
        for down in range(20):
            x, y = across * unit + unit // 2, down * unit + unit // 2

            def inside(r: Rect, x: int = x, y: int = y) -> bool:
                return r.left < x < r.right and r.top < y < r.bottom

            wanted = any(map(inside, hidden)) or not any(map(inside, keeps))
            assert any(map(inside, painted)) == wanted

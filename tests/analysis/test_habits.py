import pytest

from casekit.analysis import habits


def test_the_layout_of_an_answer_is_told_in_classes() -> None:
    assert habits.layout("Sure! Here:\n\n1. One.\n2. Two?") == {
        "n9", "l3", "sa! ", "s9. a", "e:", "e.", "e?", "p!", "p:", "p.", "p?",
    }  # fmt: skip
    assert habits.layout("") == {"n0", "l0"}
    assert habits.layout("x" * 5_000) == habits.layout("x" * 4_000)


@pytest.mark.parametrize(
    ("length", "octave"), [(0, 0), (1, 2), (2, 3), (3, 4), (1_023, 20), (4_000, 20)]
)
def test_length_has_two_classes_to_each_doubling(length: int, octave: int) -> None:
    assert f"n{octave}" in habits.layout("x" * length)


def test_sentences_begin_with_two_words_in_any_script() -> None:
    text = "I’m sure of it. In short, yes! No. 首先，我们看。"
    assert habits.openings(text) == {"i'm sure", "in short", "首 先"}
    assert habits.openings("Word") == frozenset()


@pytest.mark.parametrize("text", ["", "One.", "- a\n\n- b", "x" * 600, "e\u0301\n" * 30])
def test_the_extent_is_the_part_of_the_layout_that_tells_length_and_lines(text: str) -> None:
    whole = habits.layout(text)
    assert habits.extent(text) == {f for f in whole if f[0] in "nl" and f[1:].isdigit()}
    assert len(habits.extent(text)) == 2

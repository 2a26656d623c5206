import numpy as np
import pytest

from casekit.analysis import closeness
from casekit.analysis.population import Sides


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SIDES = Sides(
    {"src": ("src",)},
    {"s1": ("s1",), "s2": ("s2",), "s3": ("s3",)},
    {"n1": ("n1",), "n2": ("n2",), "n3": ("n3a", "n3b")},
    {},
)


def measured(answers: dict[str, str], of: list[str], others: tuple[str, ...] = ()) -> list[float]:
    field = closeness.Field.of(SIDES, others)
    return closeness.of_prompt("asked", answers, field, of, words).tolist()


def test_what_the_lineage_shows_counts_for_it_and_what_strangers_show_against() -> None:
    answers = {
        "src": "sure", "s1": "sure", "s2": "sure", "s3": "other", "n1": "well", "n2": "well", "n3a": "sure",
        "n3b": "well", "new": "sure asked", "odd": "unheard",
    }  # fmt: skip
    new, s1, n1, odd = measured(answers, ["new", "s1", "n1", "odd"], ("new", "odd"))

    # of src and two of s1, s2, s3: 2, 2 or 3 show "sure"; of two of n1, n2, n3: 0, 0.5 or 0.5
    near = [np.log((k + 1) / 5) for k in (2, 2, 3)]
    far = [np.log((k + 1) / 4) for k in (0, 0.5, 0.5)]
    assert new == pytest.approx(np.mean(near) - np.mean(far))
    assert s1 == pytest.approx(np.log(3 / 5) - np.mean(far))  # its own family does not count
    assert n1 == pytest.approx(np.log(1 / 5) - np.mean([np.log((k + 1) / 4) for k in (1.5,)]))
    assert np.isnan(odd)  # what nobody else shows says nothing


def test_words_of_the_prompt_and_missing_answers_count_for_nobody() -> None:
    answers = dict.fromkeys(("src", "s1", "n1"), "asked")
    assert np.isnan(measured(answers, ["s1", "s2"])).all()


def test_a_stranger_and_a_student_are_measured_against_as_many_families() -> None:
    """All write the same: then nothing may set a stranger apart from a student."""
    answers = dict.fromkeys(
        ("src", "s1", "s2", "s3", "n1", "n2", "n3a", "n3b", "new"), "same words"
    )
    values = measured(answers, ["s1", "n1", "n3a", "new"], ("new",))
    assert values == pytest.approx([values[0]] * 4)

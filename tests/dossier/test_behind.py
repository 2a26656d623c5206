from collections.abc import Mapping

import pytest

from casekit.dossier.behind import Spot, unseen_words
from casekit.dossier.glyphs import Glyphs

BOX = (72.0, 100.0, 400.0, 500.0)
SPOTS = (Spot("Gross", 0.1, 0.1, 0.2, 0.12), Spot("negligence", 0.5, 0.5, 0.75, 0.52))


def shown(measured: object) -> str:
    return "".join(run[1] for run in measured.runs)  # type: ignore[attr-defined]


def test_a_word_lies_where_it_stands_on_the_page(faces: Mapping[str, Glyphs]) -> None:
    first, second = unseen_words("Gross\r\nnegli\x02gence", SPOTS, faces["sans"], BOX)
    assert (shown(first.measured), shown(second.measured)) == ("Gross", "negligence")
    assert (first.x, second.x) == (pytest.approx(112), pytest.approx(272))
    assert 100 + 500 * 0.88 <= first.y <= 100 + 500 * 0.9
    assert 100 + 500 * 0.48 <= second.y <= 100 + 500 * 0.5
    assert second.measured.width * second.size <= 100.001


def test_the_plan_says_which_words_whatever_the_page_tells(faces: Mapping[str, Glyphs]) -> None:
    lines = list(unseen_words("Gross\n[REDACTED]", SPOTS, faces["sans"], BOX))
    assert [shown(line.measured) for line in lines] == ["Gross", "[REDACTED]"]
    assert {line.x for line in lines} == {73.0}


@pytest.mark.parametrize(
    "sides", [(-9.0, -9.0, -8.0, -8.0), (5.0, 5.0, 9.0, 9.0), (float("nan"),) * 4, (0, 0, 0, 0),
              (0.9, 0.9, 0.1, 0.1), (0, 0, 1, 1)],
)  # fmt: skip
def test_no_word_is_set_outside_the_picture(
    faces: Mapping[str, Glyphs], sides: tuple[float, float, float, float]
) -> None:
    for each in unseen_words("word", [Spot("word", *sides)], faces["sans"], BOX):
        assert 72 <= each.x <= each.x + each.measured.width * each.size <= 472.001
        assert 100 <= each.y <= each.y + each.size <= 600.001
        assert 0 < each.size <= 72

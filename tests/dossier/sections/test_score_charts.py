from typing import Any

import pytest

from casekit.dossier.charts import Curves, Piles, Raster, Strip
from casekit.dossier.sections import finding_charts
from casekit.dossier.wording import wording
from casekit.queries.findings import FindingRow
from tests.dossier.finding_bodies import bodies

WORDS = wording("neutral")


def charts(kind: str, body: dict[str, Any]) -> list[Any]:
    return finding_charts.charts(FindingRow(1, kind, "x", 0, body), WORDS)


def made(kind: str, **changed: object) -> list[Any]:
    return charts(kind, {**bodies()[kind], **changed})


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("overlap", [Strip]), ("sets", [Strip, Raster]), ("identity", [Strip, Strip]), ("canaries", [Strip]),
        ("exposure", [Strip, Curves]), ("change", [Strip]), ("lineage", [Strip, Curves, Curves, Piles]),
        ("validation", [Strip, Curves, Curves, Piles, Curves]), ("own", [Strip]),
    ],
)  # fmt: skip
def test_every_kind_has_its_figures_each_with_words_for_who_cannot_see_it(
    kind: str, wanted: list[type]
) -> None:
    found = made(kind)
    assert [type(each) for each in found] == wanted
    assert all(each.alt and each.heading for each in found if not isinstance(each, str))


def test_a_share_stands_with_its_interval_and_counts_before_its_controls() -> None:
    (strip,) = made("overlap")
    assert isinstance(strip, Strip)
    first, second = strip.rows
    assert (first.name, first.values, first.low, first.high) == (
        "meridian-r1",
        (0.4,),
        0.2757,
        0.5346,
    )
    assert (first.note, first.fill, second.note, second.fill) == (
        "24 of 60",
        "grey",
        "2 of 60",
        "open",
    )
    assert strip.axis.ticks[-1].label == "60 %"
    assert "meridian-r1: 40.0 % (24 of 60)" in strip.alt


def test_answers_that_name_no_lab_have_a_bar_of_their_own() -> None:
    _, strip = made("identity")
    assert isinstance(strip, Strip)
    assert [(row.name, row.note, row.fill) for row in strip.rows] == [
        ("aurora", "3 of 60", "grey"),
        ("openai", "2 of 60", "grey"),
        ("No lab named: unknown", "55 of 60", "hatched"),
    ]


def test_a_histogram_counts_every_model_once() -> None:
    piles = made("lineage")[3]
    assert isinstance(piles, Piles)
    assert [(sum(pile.counts), pile.fill) for pile in piles.piles] == [(12, "grey"), (9, "hatched")]
    assert piles.guides[0].label == "Subject"


def test_where_no_number_is_there_is_no_figure() -> None:
    assert charts("lineage", bodies()["refused"]) == []
    assert charts("unheard-of", bodies()["unheard-of"]) == []
    assert charts("overlap", {}) == []


def test_an_older_overlap_without_intervals_still_prints() -> None:
    body = bodies()["overlap"]
    for row in (body["result"], *body["controls"]):
        del row["interval"]
    (strip,) = charts("overlap", body)
    assert isinstance(strip, Strip)
    assert strip.rows[0].low is None

from casekit.dossier.charts import Curves, Piles, Raster, Strip
from casekit.dossier.sections import usage_charts
from casekit.dossier.wording import wording
from tests.dossier import usage_body

NAMED = ["acct_one", "acct_two"]
WORDS = wording("neutral")


def body() -> dict:  # type: ignore[type-arg]
    return usage_body.body(NAMED)


def test_a_raster_has_a_cell_a_stretch_and_its_controls_below() -> None:
    (made,) = usage_charts.raster(body()["groups"][0], body(), WORDS)
    assert isinstance(made, Raster)
    assert made.rows[1].levels == (0, 1, 2) * 4
    assert made.key == ("1", "2", "3", "4", "≥ 5")
    assert (made.across.low, made.across.high) == (0.0, 12.0)
    assert made.across.ticks[0].label == "2025-11-02"
    assert made.caption.endswith("Further accounts of this group, not drawn: 6.")
    assert "3 accounts with 36 requests" in made.alt


def test_links_name_the_traits_but_never_a_key() -> None:
    (made,) = usage_charts.links(body()["groups"][0], body(), WORDS)
    assert isinstance(made, Raster)
    assert made.names == ("network 203.0.113.0/24", "API key 1")
    assert [row.levels for row in made.rows] == [(5, 5)] * 3
    assert "sk-secret" not in str(made)


def test_what_each_account_shows_is_a_map_in_the_order_of_the_analytics() -> None:
    (made,) = usage_charts.shown_by(body(), WORDS)
    assert isinstance(made, Raster)
    assert made.names == ("A5 night", "A7 reasoning")
    assert [row.levels for row in made.rows] == [(0, 5)] * 2


def test_adoption_is_a_share_of_the_accounts_that_still_asked() -> None:
    (made,) = usage_charts.adoption(body(), WORDS)
    assert isinstance(made, Curves)
    assert [s.dash for s in made.series] == ["solid", "dashed"]
    assert made.series[0].points[:3] == ((0.0, 0.0), (6.0, 0.5), (12.0, 1.0))
    assert made.series[1].points[-1] == (168.0, 0.1125)
    assert made.guides[0].at == 72.0
    none = body()
    none["plots"]["releases"][0]["groups"] = []
    none["plots"]["releases"][0]["ungrouped"] = {"accounts": 0, "moved": [0] * 29}
    assert usage_charts.adoption(none, WORDS) == []


def test_volume_is_stacked_of_the_group_and_all_others() -> None:
    (made,) = usage_charts.volume(body(), WORDS)
    assert isinstance(made, Piles)
    assert [(p.fill, p.counts[0]) for p in made.piles] == [("ink", 5), ("grey", 70)]


def test_places_are_bars_with_intervals_and_one_for_what_nobody_knows() -> None:
    (made,) = usage_charts.places(body(), WORDS)
    assert isinstance(made, Strip)
    assert made.bars
    assert [(row.name, row.note, row.fill) for row in made.rows] == [
        ("SG", "3 / 4", "ink"), ("in no group", "8 / 80", "open"),
        ("unknown", "1 / 4", "hatched"), ("in no group", "2 / 80", "hatched"),
    ]  # fmt: skip
    assert (made.rows[0].low, made.rows[0].high) == (0.1941, 0.9937)
    assert "SG 3 / 4; unknown 1 / 4" in made.alt


def test_without_plots_there_is_no_figure() -> None:
    old = body()
    del old["plots"]
    group = old["groups"][0]
    assert usage_charts.raster(group, old, WORDS) == []
    assert usage_charts.links(group, old, WORDS) == []
    assert usage_charts.adoption(old, WORDS) == []
    assert usage_charts.volume(old, WORDS) == []
    assert usage_charts.places(old, WORDS) == []

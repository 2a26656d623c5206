from __future__ import annotations

from casekit.queries import usage_figures as figures
from casekit.queries.usage_figures import Curve, Share
from tests.dossier import usage_body
from tests.dossier.usage_body import FIRST_US, STEPS


def test_rows_stand_by_first_request_with_their_number_in_the_group() -> None:
    body = usage_body.body(["acct_one", "acct_two"])
    mine = body["plots"]["groups"][0]
    mine["counts"] = [[0, 0, 7, *[0] * 9], [3, *[0] * 11], [0, 9, *[0] * 10]]
    found = figures.raster(body, 1)
    assert found is not None
    assert [(row.number, row.account) for row in found.rows] == [
        (2, "acct_two"), (3, None), (1, "acct_one"),
    ]  # fmt: skip
    assert (found.first_us, found.bins, found.left, len(found.beside)) == (FIRST_US, STEPS, 6, 2)
    assert found.edges == (1, 2, 3, 4, 6)
    assert found.shades(found.rows[0])[:2] == (3, 0)
    assert found.shades(found.rows[1])[1] == 5


def test_of_a_group_of_which_nobody_is_named_few_rows_are_drawn() -> None:
    body = usage_body.body([])
    mine = body["plots"]["groups"][0]
    mine["accounts"], mine["counts"] = [None] * 50, [[1] * STEPS] * 50
    found = figures.raster(body, 1)
    assert found is not None
    assert len(found.rows) == figures.MOST_UNNAMED
    assert figures.drawn(body) == body["groups"][:1]


def test_curves_end_with_those_of_no_group() -> None:
    (one,) = figures.adoptions(usage_body.body(["acct_one"]))
    assert [(c.group, c.accounts) for c in one.curves] == [(1, 4), (None, 80)]
    assert one.curves[0].share(1) == 0.5
    assert (one.hours(1), one.hours(28)) == (6.0, 168.0)
    assert Curve(1, 4, (0, 2)).share(1) == 0.5


def test_volume_is_that_of_the_groups_shown_and_of_all_others() -> None:
    found = figures.volume(usage_body.body(["acct_one"]))
    assert found is not None
    assert (found.groups, found.inside[0], found.others[0]) == ((1,), 5, 70)


def test_places_have_shares_with_intervals() -> None:
    (one,) = figures.places(usage_body.body(["acct_one"]))
    assert [(row.what, row.group.accounts) for row in one.rows] == [("place", 3), ("unknown", 1)]
    assert one.rows[0].group == Share(3, 4, 0.1941, 0.9937)
    assert one.rows[0].group.share == 0.75
    assert Share(0, 0, None, None).share == 0.0


def test_places_of_a_group_that_is_not_shown_are_not_drawn() -> None:
    body = usage_body.body(["acct_one"])
    (one,) = body["plots"]["places"]
    body["plots"]["places"] = [{**one, "group": 77}, one]
    assert [each.group for each in figures.places(body)] == [1]


def test_without_plots_there_is_nothing_to_draw() -> None:
    assert figures.raster({}, 1) is figures.volume({}) is None
    assert figures.adoptions({}) == figures.places({}) == figures.drawn({}) == []

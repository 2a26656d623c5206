from casekit.queries.finding_figures import percent, written


def test_shares_are_percentages_and_intervals_stand_in_brackets() -> None:
    row = {
        "share": 0.0173,
        "interval": [0.0, 0.05],
        "hits": 20_260,
        "p": 1 / 3,
        "model": "x",
        "rest": [],
    }
    assert {key: written(key, row) for key in row} == {
        "share": "1.7 %", "interval": "0.0 % – 5.0 %", "hits": "20,260", "p": "0.333333", "model": None,
        "rest": None,
    }  # fmt: skip
    assert written("interval", {"interval": [-0.09, 1.54]}) == "[-0.09, 1.54]"
    assert written("refused", {"refused": True}) is None
    assert percent(None) == "–"

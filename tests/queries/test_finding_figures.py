from casekit.queries.finding_figures import Moved, moved, percent, signed, written


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


def test_the_parts_left_out_of_a_lineage_are_told_by_kind_from_the_lowest_on() -> None:
    def row(without: str, name: str, value: float | None, cap: float = 0.85) -> dict[str, object]:
        return {"without": without, "name": name, "log10_lr": value, "cap": cap, "prompts": 9}

    body = {
        "sensitivity": [
            row("habit", "layout", None), row("half", "2", 0.3), row("half", "1", -0.1),
            row("stranger_family", "b", 0.2, 0.7), row("stranger_family", "a", 0.2, 0.7),
        ]
    }  # fmt: skip
    assert moved(body) == [
        Moved("stranger_family", (("a", 0.2), ("b", 0.2)), 0, 0.7),
        Moved("habit", (), 1, 0.85),
        Moved("half", (("1", -0.1), ("2", 0.3)), 0, 0.85),
    ]
    assert [one.rows for one in moved(body)] == [2, 1, 2]
    assert moved({"result": {"refused": "x"}}) == []
    assert [signed(value) for value in (0.126, -0.004, 0.0, -0.7)] == [
        "+0.13",
        "+0.00",
        "+0.00",
        "-0.70",
    ]

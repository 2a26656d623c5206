from __future__ import annotations

from typing import Any

from casekit.dossier.charts import Curves, Raster, Strip
from casekit.dossier.sections import finding_charts
from casekit.dossier.wording import wording
from casekit.queries.findings import FindingRow
from tests.set_body import BODY

WORDS = wording("neutral")
LINEAGE: dict[str, Any] = {
    "controls": [{"model": "n", "family": "f", "log10_lr": -1.0},
                 {"model": "o", "family": "f", "log10_lr": 0.1}],
    "students": [{"model": "y", "family": "g", "log10_lr": 0.7}],
    "parameters": {"subject": "s"},
    "result": {"log10_lr": 0.3, "cap": 0.8, "refused": None},
}  # fmt: skip


def drawn(kind: str, body: dict[str, Any]) -> list[Any]:
    return finding_charts.charts(FindingRow(1, kind, "x", 0, body), WORDS)


def test_a_lineage_shows_its_families_and_how_often_a_ratio_is_reached() -> None:
    strip, tippett, roc = drawn("lineage", LINEAGE)
    assert isinstance(strip, Strip)
    assert [(row.name, row.values, row.mark) for row in strip.rows] == [
        ("f (stranger)", (-1.0, 0.1), "ring"), ("g (student)", (0.7,), "disc"), ("s", (0.3,), "diamond"),
    ]  # fmt: skip
    assert [guide.at for guide in strip.guides] == [0.0, 0.8]
    assert isinstance(tippett, Curves)
    assert tippett.guides[0].label == "s"
    students, strangers = tippett.series
    assert students.points[1:3] == ((0.7, 1.0), (0.7, 0.0))
    assert (-1.0, 0.5) in strangers.points
    assert isinstance(roc, Curves)
    assert roc.series[0].points == ((0.0, 0.0), (0.0, 1.0), (0.5, 1.0), (1.0, 1.0))
    validation = {**LINEAGE, "parameters": {}, "result": {"refused": None}}
    assert [row.mark for row in drawn("validation", validation)[0].rows] == ["ring", "disc"]


def test_sets_stand_beside_sets() -> None:
    strip, heat = drawn("sets", BODY)
    assert [row.name for row in strip.rows] == ["f (control)", "s"]
    assert isinstance(heat, Raster)
    assert [row.levels for row in heat.rows] == [(0, 3, 5), (3, 0, 5), (5, 5, 0)]
    assert heat.names == ("1  s", "2  c", "3  t")
    assert heat.key[0] == "≤ 10 %"
    assert "of the answers of s 50.0 % share a run with t" in heat.alt


def test_of_very_many_sets_subject_and_source_stand_beside_the_others() -> None:
    names = [f"m{n}" for n in range(50)]
    hits = [[0 if r == c else 9 if c == 49 else 4 for c in range(50)] for r in range(50)]
    body = {**BODY, "matrix": {"rows": names, "columns": names, "answers": 10, "hits": hits}}
    heat = drawn("sets", body)[1]
    assert heat.names == ("1  m0", "50  m49")
    assert heat.rows[1].levels == (3, 5)


def test_a_move_has_its_interval_and_a_refusal_no_figure() -> None:
    body = {
        "parameters": {"subject": "s"},
        "controls": [{"model": "r", "role": "rival in the source's place", "difference": 0.1},
                     {"model": "p", "role": "placebo, before: q", "difference": -0.1}],
        "variants": [{"model": "v", "difference": 0.0}],
        "result": {"difference": 0.4, "interval": [0.3, 0.5], "refused": None},
    }  # fmt: skip
    (strip,) = drawn("change", body)
    assert [row.name for row in strip.rows] == [
        "rivals in the source’s place", "pairs without its answers", "v", "s",
    ]  # fmt: skip
    assert (strip.rows[-1].low, strip.rows[-1].high) == (0.3, 0.5)
    assert drawn("change", {"result": {"refused": "few"}}) == []
    assert drawn("identity", {"result": {}}) == []
    assert drawn("lineage", {"result": {}, "controls": []}) == []

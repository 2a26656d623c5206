"""Figures of findings on models: the subject beside its controls, ratios reached, sets beside sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casekit.dossier import scales
from casekit.dossier.charts import (
    LEVELS,
    Axis,
    Chart,
    Curves,
    Dots,
    Guide,
    Mark,
    Raster,
    RasterRow,
    Series,
    Strip,
)
from casekit.dossier.sections import score_charts
from casekit.dossier.sheet import Block
from casekit.dossier.wording import Wording
from casekit.queries.findings import FindingRow

Body = Mapping[str, Any]
MOST_COLUMNS = 40  # of a map of sets: more have no room on paper


def charts(row: FindingRow, words: Wording) -> list[Block]:
    """The figures of a finding, none of a kind without any or of one that was refused."""
    body = row.body
    if row.kind not in _KINDS or body.get("result", {}).get("refused"):
        return []
    return list(_KINDS[row.kind](body, words))


def _lineage(body: Body, words: Wording) -> list[Chart]:
    no, yes = body.get("controls") or [], body.get("students") or []
    if not no or not yes:
        return []
    result = body["result"]
    rows = [*_families(no, "log10_lr", "ring", words("chart.stranger")),
            *_families(yes, "log10_lr", "disc", words("chart.student"))]  # fmt: skip
    subject = body.get("parameters", {}).get("subject")
    own = result.get("log10_lr")
    if subject and own is not None:
        rows.append(Dots(str(subject), (float(own),), "diamond"))
    guides = [Guide(0.0, words("chart.lr_1"))]
    if result.get("cap") is not None:
        guides.append(Guide(float(result["cap"]), words("chart.cap")))
    axis = scales.numbers(_values(rows, guides), words("column.log10_lr"))
    strip = Strip(axis, tuple(rows), _said(rows, words), words("chart.beside"),
                  words("chart.lineage_caption"), tuple(guides))  # fmt: skip
    mine = None if own is None else float(own)
    made: list[Chart] = [
        strip,
        _tippett(yes, no, own, str(subject or ""), axis, words),
        _roc(yes, no, words),
    ]
    made += score_charts.histogram(_ratios(no), _ratios(yes), mine, axis.title, words)
    return made + score_charts.prompt_curve(result.get("curve") or (), words)


def _tippett(
    yes: Sequence[Body], no: Sequence[Body], own: float | None, subject: str, axis: Axis, words: Wording
) -> Curves:  # fmt: skip
    series = (
        Series(words("chart.students"), _steps(yes, axis), "solid"),
        Series(words("chart.strangers"), _steps(no, axis), "dashed"),
    )
    guides = (Guide(float(own), subject),) if own is not None else ()
    up = scales.shares((0.0, 1.0), words("chart.reached"))
    alt = words("chart.tippett_alt", students=len(yes), strangers=len(no))
    return Curves(
        axis, up, series, alt, words("chart.tippett"), words("chart.tippett_caption"), guides
    )


def _roc(yes: Sequence[Body], no: Sequence[Body], words: Wording) -> Curves:
    ours, theirs = _ratios(yes), _ratios(no)
    cuts = sorted({*ours, *theirs}, reverse=True)
    points = [(0.0, 0.0)] + [
        (
            scales.rounded(sum(v >= c for v in theirs) / len(theirs)),
            scales.rounded(sum(v >= c for v in ours) / len(ours)),
        )
        for c in cuts
    ]
    across = scales.shares((0.0, 1.0), words("chart.strangers_above"))
    up = scales.shares((0.0, 1.0), words("chart.students_above"))
    series = (
        Series(words("chart.each_cut"), tuple(points), "solid"),
        Series(words("chart.nothing"), ((0.0, 0.0), (1.0, 1.0)), "thin"),
    )
    alt = words("chart.roc_alt", students=len(yes), strangers=len(no))
    return Curves(across, up, series, alt, words("chart.roc"), words("chart.roc_caption"))


def _change(body: Body, words: Wording) -> list[Chart]:
    rivals: list[float] = []
    placebos: list[float] = []
    for one in body.get("controls", ()):
        side = rivals if str(one.get("role", "")).startswith("rival") else placebos
        side.append(float(one["difference"]))
    rows = [Dots(words("chart.rivals"), tuple(rivals))] if rivals else []
    rows += [Dots(words("chart.placebos"), tuple(placebos))] if placebos else []
    rows += [
        Dots(str(one["model"]), (float(one["difference"]),), "disc")
        for one in body.get("variants", ())
    ]
    result = body["result"]
    low, high = result["interval"]
    subject = str(body["parameters"]["subject"])
    rows.append(Dots(subject, (float(result["difference"]),), "diamond", float(low), float(high)))
    guides = (Guide(0.0, "0"),)
    axis = scales.numbers([*_values(rows, guides), low, high], words("result.change.difference"))
    caption = words("chart.change_caption")
    return [Strip(axis, tuple(rows), _said(rows, words), words("chart.beside"), caption, guides)]


def _sets(body: Body, words: Wording) -> list[Chart]:
    own = body["examined"]
    rows = _families(body["controls"], "rare", "ring", words("chart.control"))
    rows.append(Dots(str(own["model"]), (float(own["rare"]),), "diamond"))
    axis = scales.numbers([0.0, *_values(rows, ())], words("column.rare"))
    strip = Strip(
        axis, tuple(rows), _said(rows, words), words("chart.beside"), words("chart.sets_caption")
    )
    return [strip, *_map(body["matrix"], words)]


def _map(matrix: Body, words: Wording) -> list[Chart]:
    """Sets beside sets; where there are too many for paper, the subject and the source beside the others."""
    columns, answers = [str(m) for m in matrix["columns"]], max(1, int(matrix["answers"]))
    kept = list(range(len(columns)))
    if len(columns) > MOST_COLUMNS:
        kept = [0, len(columns) - 1]
    shares = [[hits / answers for hits in row] for row in matrix["hits"]]
    highest = max((row[n] for row in shares for n in kept), default=0.0) or 1.0
    step = highest / LEVELS

    def level(row: int, column: int) -> int:
        value = shares[row][column]
        if matrix["rows"][row] == columns[column] or value <= 0:
            return 0
        return min(LEVELS, 1 + int((value - 1e-9) / step))

    rows = tuple(
        RasterRow(f"{n + 1}  {name}", tuple(level(n, column) for column in kept))
        for n, name in enumerate(matrix["rows"])
    )
    key = tuple(f"≤ {100 * step * (n + 1):.0f} %" for n in range(LEVELS))
    names = tuple(f"{n + 1}  {columns[n]}" for n in kept)
    alt = words("chart.map_alt", n=len(rows), subject=str(matrix["rows"][0]),
                share=f"{100 * shares[0][-1]:.1f}", source=columns[-1])  # fmt: skip
    axis = Axis(0.0, float(len(kept)), "", ())
    return [Raster(axis, rows, key, alt, words("chart.map"), words("chart.map_caption"), names)]


def _families(rows: Sequence[Body], key: str, mark: Mark, kind: str) -> list[Dots]:
    found: dict[str, list[float]] = {}
    for row in rows:
        found.setdefault(str(row.get("family") or row["model"]), []).append(float(row[key]))
    ordered = sorted(found.items(), key=lambda pair: (-max(pair[1]), pair[0]))
    return [Dots(f"{name} ({kind})", tuple(values), mark) for name, values in ordered]


def _ratios(rows: Sequence[Body]) -> list[float]:
    return sorted(float(row["log10_lr"]) for row in rows)


def _steps(rows: Sequence[Body], axis: Axis) -> tuple[tuple[float, float], ...]:
    values = _ratios(rows)
    points = [(axis.low, 1.0)]
    for n, value in enumerate(values, 1):
        points += [(value, points[-1][1]), (value, scales.rounded(1 - n / len(values)))]
    return (*points, (axis.high, 0.0))


def _values(rows: Sequence[Dots], guides: Sequence[Guide]) -> list[float]:
    return [v for row in rows for v in row.values] + [guide.at for guide in guides]


def _said(rows: Sequence[Dots], words: Wording) -> str:
    told = "; ".join(f"{row.name} {', '.join(f'{v:.2f}' for v in row.values)}" for row in rows)
    return words("chart.strip_alt", told=told)


_KINDS: Mapping[str, Callable[[Body, Wording], list[Chart]]] = {
    "lineage": _lineage, "validation": _lineage, "change": _change, "sets": _sets,
    "overlap": score_charts.overlap, "identity": score_charts.identity, "canaries": score_charts.canaries,
    "exposure": score_charts.exposure, "own": score_charts.scores,
}  # fmt: skip

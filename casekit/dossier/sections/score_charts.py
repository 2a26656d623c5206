"""Figures of findings that give each model one score: bars with intervals, histograms of controls, power.

Each shows the subject among its controls and never alone; where a value is unknown, or of neither kind, it has
a bar of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casekit.dossier import scales
from casekit.dossier.charts import (
    Axis,
    Chart,
    Curves,
    Dots,
    Fill,
    Guide,
    Pile,
    Piles,
    Series,
    Strip,
)
from casekit.dossier.wording import Wording

Body = Mapping[str, Any]
BINS = 24
LEAST_HISTOGRAM = 8  # controls, else the strip shows as much
MOST_SPOKEN = 40


def overlap(body: Body, words: Wording, key: str = "prompts") -> list[Chart]:
    """Overlap: the share of prompts with a shared run, subject and controls, as bars with their intervals."""
    mine = {**body.get("result", {}), "model": _subject(body, words)}
    rows = _bars([mine, *body.get("controls", ())], key, words)
    return _strip(rows, words("figure.shares"), words("figure.shares_axis"), words, bars=True)


def identity(body: Body, words: Wording) -> list[Chart]:
    """The share of answers with a claim, and whose names the subject's answers give, none of them included."""
    made = overlap(body, words, "answers")
    result = body.get("result", {})
    total = _number(result.get("answers"))
    if not total:
        return made
    subject = _subject(body, words)
    named = {str(result.get("lab", "–")): int(result.get("hits") or 0)}
    for row in result.get("other_labs", ()):
        if row.get("model") == subject:
            named[str(row["lab"])] = named.get(str(row["lab"]), 0) + int(row["hits"])
    rows = [
        Dots(lab, (hits / total,), note=words("pair.of", n=hits, of=int(total)), fill="grey")
        for lab, hits in named.items()
    ]
    left = max(0, int(total) - sum(named.values()))
    note = words("pair.of", n=left, of=int(total))
    rows.append(Dots(words("figure.no_lab"), (left / total,), note=note, fill="hatched"))
    heading = words("figure.labs", model=subject)
    return [*made, *_strip(rows, heading, words("figure.labs_axis"), words, bars=True)]


def canaries(body: Body, words: Wording) -> list[Chart]:
    """Of each model the share of served canaries and of decoys that it knows."""
    parameters = body.get("parameters", {})
    mine = {**body.get("result", {}), "model": _subject(body, words)}
    rows = []
    for n, row in enumerate((mine, *body.get("controls", ()))):
        for key, of in (("served_found", "served"), ("decoys_found", "decoys")):
            found, total = _number(row.get(key)), _number(parameters.get(of))
            if found is not None and total:
                name = words(f"figure.{of}", model=row.get("model", "–"))
                note = words("pair.of", n=int(found), of=int(total))
                fill: Fill = "grey" if key == "served_found" and not n else "open"
                rows.append(Dots(name, (found / total,), note=note, fill=fill))
    return _strip(rows, words("figure.canaries"), words("figure.canaries_axis"), words, bars=True)


def exposure(body: Body, words: Wording) -> list[Chart]:
    """The subject's difference among placebos, and how much repetition the test would have found."""
    rows = _marks(body, "difference", words)
    zero = (Guide(0.0, words("figure.no_difference")),)
    made = _strip(rows, words("figure.differences"), words("result.difference"), words, zero)
    power = [
        r for r in body.get("result", {}).get("power") or () if "repeated" in r and "found" in r
    ]
    if power:
        points = tuple((scales.rounded(r["repeated"]), scales.rounded(r["found"])) for r in power)
        across = scales.shares([x for x, _ in points], words("column.repeated"))
        up = scales.shares((1.0,), words("column.found"))
        told = ", ".join(f"{100 * x:.3g} %: {100 * y:.0f} %" for x, y in points)
        series = (Series(words("figure.power_line"), points),)
        alt = words("figure.power_alt", told=told)
        made.append(Curves(across, up, series, alt, words("figure.power")))
    return made


def scores(body: Body, words: Wording) -> list[Chart]:
    """An expert's scores, or any other number that subject and controls share."""
    key = next(
        (k for k in ("score", "share", "difference") if k in body.get("result", {})), "score"
    )
    title = words.get(f"result.{key}", key)
    made = _strip(_marks(body, key, words), words("figure.scores"), title, words)
    mine = _number(body.get("result", {}).get(key))
    return made + histogram(_values(body.get("controls", ()), key), [], mine, title, words)


def _strip(
    rows: Sequence[Dots], heading: str, title: str, words: Wording,
    guides: tuple[Guide, ...] = (), caption: str = "", *, bars: bool = False,
) -> list[Chart]:  # fmt: skip
    if not any(row.values for row in rows):
        return []
    values = [v for row in rows for v in (*row.values, row.low, row.high) if v is not None]
    values += [guide.at for guide in guides]
    axis = scales.shares(values, title) if bars else scales.numbers(values, title)
    said = "; ".join(_spoken(row, bars=bars) for row in rows[:MOST_SPOKEN])
    if len(rows) > MOST_SPOKEN:
        said += words("figure.and_more", n=len(rows) - MOST_SPOKEN)
    key = words("figure.bars_key" if bars else "figure.marks_key")
    below = " ".join(filter(None, (caption, key)))
    alt = words("figure.strip_alt", what=title, told=said)
    return [Strip(axis, tuple(rows), alt, heading, below, guides, bars)]


def _spoken(row: Dots, *, bars: bool) -> str:
    values = ", ".join(f"{100 * v:.1f} %" if bars else f"{v:.3g}" for v in row.values[:8])
    return f"{row.name}: {values}" + (f" ({row.note})" if row.note and bars else "")


def _bars(rows: Sequence[Body], of: str, words: Wording) -> list[Dots]:
    """A bar a model, the first one's filled; the others from the highest down."""
    made = []
    for n, row in enumerate(rows):
        share = _number(row.get("share"))
        if share is None:
            continue
        low, high = _interval(row)
        total = _number(row.get(of) if row.get(of) is not None else row.get("prompts"))
        note = (
            words("pair.of", n=row.get("hits", "–"), of=int(total))
            if total
            else f"{100 * share:.1f} %"
        )
        name = str(row.get("model") or "–")
        made.append(
            (
                n > 0,
                -share,
                name,
                Dots(name, (share,), "ring", low, high, note, "open" if n else "grey"),
            )
        )
    return [dots for *_, dots in sorted(made, key=lambda each: each[:3])]


def _marks(body: Body, key: str, words: Wording) -> list[Dots]:
    """The subject's mark with its interval, then each control's, from the highest down."""
    result = body.get("result", {})
    mine = _number(result.get(key))
    rows = []
    if mine is not None:
        low, high = _interval(result)
        rows.append(Dots(_subject(body, words), (mine,), "diamond", low, high, f"{mine:+.3g}"))
    others = [(v, str(r.get("model") or "–")) for r in body.get("controls", ())
              if (v := _number(r.get(key))) is not None]  # fmt: skip
    rows += [
        Dots(name, (value,), note=f"{value:+.3g}")
        for value, name in sorted(others, key=lambda p: (-p[0], p[1]))
    ]
    return rows


def histogram(
    nulls: Sequence[float], known: Sequence[float], mine: float | None, title: str, words: Wording
) -> list[Chart]:
    """Where the controls lie, the models of known training on them, and the subject's line."""
    if len(nulls) < LEAST_HISTOGRAM:
        return []
    axis = scales.numbers([*nulls, *known, *([mine] if mine is not None else [])], title)
    piles = [Pile(words("figure.strangers", n=len(nulls)), _counts(nulls, axis), "grey")]
    if known:
        piles.append(Pile(words("figure.students", n=len(known)), _counts(known, axis), "hatched"))
    most = max(map(sum, zip(*(pile.counts for pile in piles), strict=True)))
    up = scales.numbers((0, most), words("figure.models"), whole=True)
    guides = () if mine is None else (Guide(mine, words("figure.subject")),)
    alt = words("figure.histogram_alt", what=title, n=len(nulls), low=f"{min(nulls):.3g}",
                middle=f"{sorted(nulls)[len(nulls) // 2]:.3g}", high=f"{max(nulls):.3g}")  # fmt: skip
    return [Piles(axis, up, tuple(piles), alt, words("figure.histogram"), guides=guides)]


def prompt_curve(curve: Sequence[Body], words: Wording) -> list[Chart]:
    """How well ratios part the models with fewer prompts."""
    points = tuple(
        (float(r["prompts"]), float(r["auc"])) for r in curve if "prompts" in r and "auc" in r
    )
    if len(points) < 2:
        return []
    across = scales.numbers([0, *(x for x, _ in points)], words("column.prompts"))
    up = scales.numbers([*(y for _, y in points), 0.5, 1.0], words("column.auc"))
    told = ", ".join(f"{x:,.0f}: {y:.3f}" for x, y in points)
    series = (Series(words("figure.curve_line"), points),)
    return [Curves(across, up, series, words("figure.curve_alt", told=told), words("figure.curve"))]


def _counts(values: Sequence[float], axis: Axis) -> tuple[int, ...]:
    counts = [0] * BINS
    for value in values:
        share = (value - axis.low) / ((axis.high - axis.low) or 1.0)
        counts[min(BINS - 1, max(0, int(share * BINS)))] += 1
    return tuple(counts)


def _values(rows: Sequence[Body], key: str = "log10_lr") -> list[float]:
    return [v for row in rows if (v := _number(row.get(key))) is not None]


def _interval(row: Body) -> tuple[float | None, float | None]:
    found = row.get("interval")
    if isinstance(found, list) and len(found) == 2 and all(_number(v) is not None for v in found):
        return float(found[0]), float(found[1])
    return None, None


def _subject(body: Body, words: Wording) -> str:
    """The model examined, by what the finding says of it."""
    named = body.get("parameters", {}).get("subject")
    inputs = (one.get("model") for one in body.get("inputs", ()) if one.get("role") == "subject")
    return str(named or next(inputs, None) or words("figure.subject"))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

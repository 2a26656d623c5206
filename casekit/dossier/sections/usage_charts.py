"""Figures of a finding on usage: who asked when, what links a group, who turned to a new model, how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casekit import clock
from casekit.dossier import scales
from casekit.dossier.charts import Axis, Curves, Dash, Guide, Pile, Piles, Raster, RasterRow, Series
from casekit.dossier.sheet import Block
from casekit.dossier.wording import Wording

HOUR_US = 3_600_000_000
DASHES: tuple[Dash, ...] = ("solid", "dotted", "thin")
LEVEL = 0.05
MOST_UNNAMED = 20  # rows of a group of which nobody is named
_STEPS = {1: "hour", 24: "day", 168: "week"}


def drawn(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The groups that are shown at length: those of which accounts are named, else the largest."""
    groups = list(body.get("groups", ()))
    return [group for group in groups if group.get("named")] or groups[:1]


def raster(group: Mapping[str, Any], body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Accounts by time, with accounts of no group that asked as much below them."""
    plots, mine = _plots(group, body)
    if not mine or not mine.get("counts"):
        return []
    names = _names(mine, words)
    most = len(names) if any(mine["accounts"]) else MOST_UNNAMED
    rows, beside = mine["counts"][:most], mine.get("beside", ())[:most]
    edges = _edges([*rows, *beside])
    made = [RasterRow(words("usage.raster_group", no=group["group"], n=len(rows)), ())]
    made += [RasterRow(name, _levels(row, edges)) for name, row in zip(names, rows, strict=False)]
    if beside:
        made.append(RasterRow(words("usage.raster_beside", n=len(beside)), ()))
        made += [
            RasterRow(words("usage.control_account", n=n), _levels(row, edges))
            for n, row in enumerate(beside, 1)
        ]
    axis = _time(plots, words)
    key = tuple(
        _between(low, high)
        for low, high in zip(edges, [*(e - 1 for e in edges[1:]), None], strict=True)
    )
    left = mine.get("members", len(rows)) - len(rows)
    caption = words("usage.raster_caption", step=_step(plots, words))
    if left:
        caption += " " + words("usage.raster_more", n=left)
    alt = words("usage.raster_alt", no=group["group"], n=len(rows), controls=len(beside),
                requests=f"{sum(map(sum, rows)):,}", others=f"{sum(map(sum, beside)):,}")  # fmt: skip
    return [Raster(axis, tuple(made), key, alt, words("usage.raster", no=group["group"]), caption)]


def links(group: Mapping[str, Any], body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Which account bears which of the traits that link the group."""
    _, mine = _plots(group, body)
    if not mine or not mine.get("traits"):
        return []
    kinds: dict[str, int] = {}
    columns = []
    for trait in mine["traits"]:
        kinds[trait["kind"]] = kinds.get(trait["kind"], 0) + 1
        kind = words.get(f"usage.kind.{trait['kind']}", trait["kind"])
        value = "" if trait["kind"] == "api_key" else str(trait.get("value") or "")
        columns.append(" ".join(filter(None, (kind, value or str(kinds[trait["kind"]])))))
    names = _names(mine, words)
    most = len(names) if any(mine["accounts"]) else MOST_UNNAMED
    rows = tuple(
        RasterRow(name, tuple(5 if n in set(own) else 0 for n in range(len(columns))))
        for name, own in zip(names[:most], mine["borne"], strict=False)
    )
    axis = Axis(0.0, float(len(columns)), "", ())
    told = ", ".join(
        f"{name} ({trait['bearers']})" for name, trait in zip(columns, mine["traits"], strict=True)
    )
    caption = words("usage.links_caption")
    if mine.get("more_traits"):
        caption += " " + words("usage.links_more", n=mine["more_traits"])
    heading = words("usage.links", no=group["group"])
    alt = words("usage.links_alt", no=group["group"], n=len(rows), told=told)
    key = ("", "", "", "", words("usage.bears"))
    return [Raster(axis, rows, key, alt, heading, caption, tuple(columns))]


def shown_by(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Which figure each named account shows by itself, above its controls, or not: a map of both."""
    found = list(body.get("accounts_named", ()))
    columns = sorted({name for row in found for name in row.get("figures", {})}, key=analytic_order)
    if not columns:
        return []
    rows = tuple(
        RasterRow(str(row["account"]), tuple(_shade(row["figures"].get(name)) for name in columns))
        for row in found
    )
    key = ("", words("usage.map_p"), "", "", words("usage.map_q"))
    strong = sum(level == 5 for row in rows for level in row.levels)
    alt = words("usage.map_alt", n=len(rows), figures=len(columns), strong=strong)
    axis = Axis(0.0, float(len(columns)), "", ())
    caption = words("usage.map_caption")
    return [Raster(axis, rows, key, alt, words("usage.map"), caption, tuple(columns))]


def adoption(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """For each new model the share of accounts that had asked it, hour by hour after its first request."""
    shown = {group["group"] for group in drawn(body)}
    made: list[Block] = []
    for one in (body.get("plots") or {}).get("releases", ()):
        sets = [(words("usage.adoption_group", no=g["group"], n=g["accounts"]), g)
                for g in one.get("groups", ()) if g["group"] in shown]  # fmt: skip
        sets.append(
            (words("usage.adoption_others", n=one["ungrouped"]["accounts"]), one["ungrouped"])
        )
        hours = one["step_us"] / HOUR_US
        series, told = [], []
        for n, (name, row) in enumerate(sets):
            if not row["accounts"]:
                continue
            points = tuple(
                (scales.rounded(k * hours), scales.rounded(moved / row["accounts"]))
                for k, moved in enumerate(row["moved"])
            )
            dash: Dash = "dashed" if row is one["ungrouped"] else DASHES[min(n, 2)]
            series.append(Series(name, points, dash, steps=True))
            told.append(
                words("usage.adoption_told", name=name, share=f"{100 * points[-1][1]:.0f} %")
            )
        if not series:
            continue
        last = series[0].points[-1][0]
        across = scales.numbers((0, last), words("usage.adoption_axis"), most=8)
        across = Axis(0.0, last, across.title, tuple(t for t in across.ticks if t.at <= last))
        up = scales.shares((1.0,), words("usage.adoption_up", model=one["model"]))
        alt = words("usage.adoption_alt", model=one["model"], told="; ".join(told))
        guide = Guide(72.0, words("usage.adoption_window")) if last >= 72 else None
        made.append(
            Curves(
                across, up, tuple(series), alt, words("usage.adoption", model=one["model"]),
                words("usage.adoption_caption", at=f"{clock.from_us(one['first_us']):%Y-%m-%d %H:%M}"),
                (guide,) if guide else (),
            )
        )  # fmt: skip
    return made


def volume(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Requests by period: those of the groups shown at length at the foot, all others upon them."""
    plots = body.get("plots") or {}
    log = plots.get("log")
    if not log:
        return []
    shown = {group["group"] for group in drawn(body)}
    mine = [g for g in plots["groups"] if g["group"] in shown and g.get("all")]
    inside = (
        [sum(each) for each in zip(*(g["all"] for g in mine), strict=True)]
        if mine
        else [0] * len(log)
    )
    piles = [
        Pile(
            words("usage.volume_others"),
            tuple(a - b for a, b in zip(log, inside, strict=True)),
            "grey",
        )
    ]
    if mine:
        numbers = ", ".join(str(g["group"]) for g in mine)
        piles.insert(0, Pile(words("usage.volume_groups", groups=numbers), tuple(inside), "ink"))
    up = scales.numbers(
        (0, max(log)), words("usage.volume_up", step=_step(plots, words)), whole=True
    )
    alt = words(
        "usage.volume_alt", n=f"{sum(log):,}", groups=f"{sum(inside):,}", most=f"{max(log):,}"
    )
    return [
        Piles(
            _time(plots, words),
            up,
            tuple(piles),
            alt,
            words("usage.volume"),
            words("usage.volume_caption"),
        )
    ]


def analytic_order(name: str) -> tuple[int, str]:
    """`A5 night` before `A10 pivot`."""
    number = name.partition(" ")[0][1:]
    return (int(number) if number.isdigit() else 0, name)


def _plots(
    group: Mapping[str, Any], body: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    plots = body.get("plots") or {}
    found = (g for g in plots.get("groups", ()) if g["group"] == group["group"])
    return plots, next(found, None)


def _names(mine: Mapping[str, Any], words: Wording) -> list[str]:
    """The accounts by name, those without one by number."""
    return [
        str(name) if name is not None else words("usage.account_number", n=n)
        for n, name in enumerate(mine["accounts"], 1)
    ]


def _time(plots: Mapping[str, Any], words: Wording) -> Axis:
    first = plots["first_us"]
    return scales.days(first, first + plots["bins"] * plots["step_us"], words("usage.time"))


def _step(plots: Mapping[str, Any], words: Wording) -> str:
    hours = plots["step_us"] // HOUR_US
    if hours in _STEPS:
        return words(f"usage.step.{_STEPS[hours]}")
    return (
        words("usage.step.days", n=hours // 24)
        if hours % 24 == 0
        else words("usage.step.hours", n=hours)
    )


def _edges(rows: Sequence[Sequence[int]]) -> list[int]:
    """Where the five shades begin: one request, then by equal ratios up to the most that there are."""
    most = max((value for row in rows for value in row), default=1)
    edges = [1]
    for n in range(1, 5):
        edges.append(max(edges[-1] + 1, round(most ** (n / 5))))
    return edges


def _levels(row: Sequence[int], edges: Sequence[int]) -> tuple[int, ...]:
    return tuple(sum(value >= edge for edge in edges) for value in row)


def _between(low: int, high: int | None) -> str:
    if high is None:
        return f"≥ {low:,}"
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _shade(figure: Sequence[Any] | None) -> int:
    """Black where it stands out once all are corrected, half where it does before."""
    if figure is None:
        return 0
    _, _, _, p, q = figure
    if q is not None and q <= LEVEL:
        return 5
    return 2 if p is not None and p <= LEVEL else 0

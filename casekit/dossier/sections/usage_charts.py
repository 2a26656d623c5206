"""Figures of a finding on usage: who asked when, what links a group, who turned to a new model, how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casekit import clock
from casekit.dossier import scales
from casekit.dossier.charts import (
    Axis,
    Curves,
    Dash,
    Dots,
    Fill,
    Guide,
    Pile,
    Piles,
    Raster,
    RasterRow,
    Series,
    Strip,
)
from casekit.dossier.sheet import Block
from casekit.dossier.wording import Wording
from casekit.queries import usage_figures as figures

DASHES: tuple[Dash, ...] = ("solid", "dotted", "thin")
LEVEL = 0.05
_STEPS = {1: "hour", 24: "day", 168: "week"}


def raster(group: Mapping[str, Any], body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Accounts by time, with accounts of no group that asked as much below them."""
    no = int(group["group"])
    found = figures.raster(body, no)
    if found is None:
        return []
    made = [RasterRow(words("usage.raster_group", no=no, n=len(found.rows)), ())]
    made += [
        RasterRow(row.account or words("usage.account_number", n=row.number), found.shades(row))
        for row in found.rows
    ]
    if found.beside:
        made.append(RasterRow(words("usage.raster_beside", n=len(found.beside)), ()))
        made += [
            RasterRow(words("usage.control_account", n=row.number), found.shades(row))
            for row in found.beside
        ]
    edges = found.edges
    key = tuple(
        _between(low, high)
        for low, high in zip(edges, [*(e - 1 for e in edges[1:]), None], strict=True)
    )
    caption = words("usage.raster_caption", step=_step(body, words))
    if found.left:
        caption += " " + words("usage.raster_more", n=found.left)
    asked, others = (sum(sum(row.counts) for row in rows) for rows in (found.rows, found.beside))
    alt = words("usage.raster_alt", no=no, n=len(found.rows), controls=len(found.beside),
                requests=f"{asked:,}", others=f"{others:,}")  # fmt: skip
    across = _time(body, words)
    return [Raster(across, tuple(made), key, alt, words("usage.raster", no=no), caption)]


def links(group: Mapping[str, Any], body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Which account bears which of the traits that link the group."""
    mine = figures.plotted(body, int(group["group"]))
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
    most = len(names) if any(mine["accounts"]) else figures.MOST_UNNAMED
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
    made: list[Block] = []
    for one in figures.adoptions(body):
        series, told = [], []
        for n, curve in enumerate(one.curves):
            name = (
                words("usage.adoption_others", n=curve.accounts)
                if curve.group is None
                else words("usage.adoption_group", no=curve.group, n=curve.accounts)
            )
            points = tuple(
                (scales.rounded(one.hours(k)), scales.rounded(curve.share(k)))
                for k in range(len(curve.moved))
            )
            dash: Dash = "dashed" if curve.group is None else DASHES[min(n, 2)]
            series.append(Series(name, points, dash, steps=True))
            told.append(
                words("usage.adoption_told", name=name, share=f"{100 * points[-1][1]:.0f} %")
            )
        last = series[0].points[-1][0]
        across = scales.numbers((0, last), words("usage.adoption_axis"), most=8)
        across = Axis(0.0, last, across.title, tuple(t for t in across.ticks if t.at <= last))
        up = scales.shares((1.0,), words("usage.adoption_up", model=one.model))
        alt = words("usage.adoption_alt", model=one.model, told="; ".join(told))
        window = figures.WINDOW_HOURS
        guide = Guide(float(window), words("usage.adoption_window")) if last >= window else None
        caption = words(
            "usage.adoption_caption", at=f"{clock.from_us(one.first_us):%Y-%m-%d %H:%M}"
        )
        heading = words("usage.adoption", model=one.model)
        made.append(
            Curves(across, up, tuple(series), alt, heading, caption, (guide,) if guide else ())
        )
    return made


def places(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """From where a group's accounts ask, with intervals, a bar for what nobody knows, and others beside."""
    made: list[Block] = []
    for one in figures.places(body):
        rows, told = [], []
        for place in one.rows:
            name = places_name(place, one.by, words)
            for share, beside in ((place.group, False), (place.outside, True)):
                label = words("usage.places_outside") if beside else name
                note = f"{share.accounts:,} / {share.of:,}"
                fill: Fill = "hatched" if place.what == "unknown" else "open" if beside else "ink"
                rows.append(
                    Dots(
                        label,
                        (scales.rounded(share.share),),
                        "ring",
                        share.low,
                        share.high,
                        note,
                        fill,
                    )
                )
            told.append(f"{name} {place.group.accounts:,} / {place.group.of:,}")
        heading = words(f"usage.places_{one.by}", no=one.group)
        axis = scales.shares((1.0,), words("usage.places_axis"))
        alt = words("usage.places_alt", no=one.group, told="; ".join(told))
        made.append(
            Strip(axis, tuple(rows), alt, heading, words("usage.places_caption"), bars=True)
        )
    return made


def places_name(place: figures.Place, by: str, words: Wording) -> str:
    """What a bar is called: a country as the log has it, a kind of network in words."""
    if place.what != "place":
        return words(f"usage.places_{place.what}")
    return place.name if by == "country" else words.get(f"usage.network.{place.name}", place.name)


def volume(body: Mapping[str, Any], words: Wording) -> list[Block]:
    """Requests by period: those of the groups shown at length at the foot, all others upon them."""
    found = figures.volume(body)
    if found is None:
        return []
    piles = [Pile(words("usage.volume_others"), found.others, "grey")]
    if found.groups:
        numbers = ", ".join(map(str, found.groups))
        piles.insert(0, Pile(words("usage.volume_groups", groups=numbers), found.inside, "ink"))
    whole = [a + b for a, b in zip(found.inside, found.others, strict=True)]
    title = words("usage.volume_up", step=_step(body, words))
    up = scales.numbers((0, max(whole)), title, whole=True)
    alt = words("usage.volume_alt", n=f"{sum(whole):,}", groups=f"{sum(found.inside):,}",
                most=f"{max(whole):,}")  # fmt: skip
    heading, caption = words("usage.volume"), words("usage.volume_caption")
    return [Piles(_time(body, words), up, tuple(piles), alt, heading, caption)]


def analytic_order(name: str) -> tuple[int, str]:
    """`A5 night` before `A10 pivot`."""
    number = name.partition(" ")[0][1:]
    return (int(number) if number.isdigit() else 0, name)


def _names(mine: Mapping[str, Any], words: Wording) -> list[str]:
    """The accounts by name, those without one by number."""
    return [
        str(name) if name is not None else words("usage.account_number", n=n)
        for n, name in enumerate(mine["accounts"], 1)
    ]


def _time(body: Mapping[str, Any], words: Wording) -> Axis:
    plots = body["plots"]
    first = plots["first_us"]
    return scales.days(first, first + plots["bins"] * plots["step_us"], words("usage.time"))


def _step(body: Mapping[str, Any], words: Wording) -> str:
    hours = body["plots"]["step_us"] // figures.HOUR_US
    if hours in _STEPS:
        return words(f"usage.step.{_STEPS[hours]}")
    return (
        words("usage.step.days", n=hours // 24)
        if hours % 24 == 0
        else words("usage.step.hours", n=hours)
    )


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

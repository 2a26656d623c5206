"""Charts on paper: marks, bars and lines in the dossier's own ink, each told apart without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from casekit.dossier.charts import (
    Axis,
    Curves,
    Dash,
    Dots,
    Fill,
    Guide,
    Mark,
    Pile,
    Piles,
    Strip,
)
from casekit.dossier.flow import ACCENT, GREY, HAIR, INK, Flow, Rule, Shape, Text
from casekit.dossier.lines import Line

SIZE, LEADING = 7.0, 9.0
SMALL = 6.5
LINES: dict[Dash, tuple[float, tuple[float, ...]]] = {
    "solid": (1.4, ()),
    "dashed": (1.1, (5.0, 2.5)),
    "dotted": (1.3, (1.2, 2.0)),
    "thin": (0.5, ()),
}
GREYS: dict[Fill, str] = {"ink": INK, "grey": "#A9A49B", "open": "#FFFFFF", "hatched": "#FFFFFF"}
_FOOT = 30.0  # of an axis with its ticks and its title
_TALL = 150.0  # of a plot over two axes
_PAD = 3.0
_MARK = 3.0  # half of a mark's size
_HATCH = 4.0


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the page on which values of one or two axes have their places."""

    left: float
    bottom: float
    right: float
    top: float
    across: Axis
    up: Axis | None = None

    def x(self, value: float) -> float:
        """Where a value of the axis across stands, never outside."""
        return self.left + _share(value, self.across) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Where a value of the axis upwards stands, never outside."""
        assert self.up is not None
        return self.bottom + _share(value, self.up) * (self.top - self.bottom)


def _share(value: float, axis: Axis) -> float:
    return min(1.0, max(0.0, (value - axis.low) / ((axis.high - axis.low) or 1.0)))


@contextmanager
def figure(flow: Flow, alt: str, height: float) -> Iterator[float]:
    """What is set inside is one figure, which takes `height` from the cursor down and is heard as `alt`.

    Yields where its foot is.
    """
    left, _, right, _ = flow.paper.frame
    tag = None
    if flow.tag is not None:
        tag = flow.tag.add("Figure", alt)
        tag.box = (left, flow.y - height, right, flow.y)
    foot = flow.y - height
    with flow.inside(tag):
        yield foot
    flow.y = foot


def set_strip(flow: Flow, chart: Strip) -> None:
    """Rows on one axis; a long one goes over pages, each with the axis."""
    left, _, right, _ = flow.paper.frame
    names = _names(flow, [row.name for row in chart.rows], 0.36 * (right - left))
    notes = _names(flow, [row.note for row in chart.rows], 0.2 * (right - left))
    x0 = left + max((_width(n) for n in names), default=0.0) + 10
    x1 = right - max((_width(n) for n in notes), default=0.0) - 12
    heights = [
        max(12.0, max(len(n), len(m)) * LEADING + 2) for n, m in zip(names, notes, strict=True)
    ]
    done, part = 0, 0
    over = 12.0 if chart.guides else 2.0
    while done < len(heights):
        stop = _fits(flow, heights, done, _FOOT + over)
        rows = slice(done, stop)
        high = over + sum(heights[rows]) + _FOOT
        alt = chart.alt if not part else f"{chart.alt} ({part + 1})"
        with figure(flow, alt, high):
            top = flow.y - over
            area = Area(x0, top - sum(heights[rows]), x1, top, chart.axis)
            _guides(flow, area, chart.guides)
            _axis(flow, area)
            y = top
            for row, name, note, height in zip(
                chart.rows[rows], names[rows], notes[rows], heights[rows], strict=True
            ):
                middle = y - height / 2
                _label(flow, name, left, middle, strong=row.mark == "diamond")
                _label(flow, note, x1 + 10, middle)
                _row(flow, area, row, middle, bars=chart.bars)
                y -= height
        done, part = stop, part + 1


def set_curves(flow: Flow, chart: Curves) -> None:
    """Lines over two axes with a key below."""
    with _plot(flow, chart, [s.name for s in chart.series]) as (area, foot):
        _guides(flow, area, chart.guides)
        for series in chart.series:
            weight, dash = LINES[series.dash]
            points = list(_stepped(series.points) if series.steps else series.points)
            flat = tuple(v for x, y in points for v in (area.x(x), area.y(y)))
            if len(points) > 1:
                flow.add(Shape(flat, INK, weight, "", dash), flow.tag)
            elif points:
                _mark(flow, flat[0], flat[1], "disc")
        samples = [_line_sample(series.dash) for series in chart.series]
        _key(flow, [s.name for s in chart.series], samples, foot)


def set_piles(flow: Flow, chart: Piles) -> None:
    """A histogram with a key below."""
    named = [pile for pile in chart.piles if pile.name]
    with _plot(flow, chart, [p.name for p in named]) as (area, foot):
        stretches = len(chart.piles[0].counts) if chart.piles else 0
        width = (area.right - area.left) / max(stretches, 1)
        gap = 0.8 if width > 4 else 0.0
        for n in range(stretches):
            base = 0
            for pile in chart.piles:
                if pile.counts[n]:
                    x = area.left + n * width
                    low, top = area.y(base), area.y(base + pile.counts[n])
                    _bar(
                        flow,
                        (x + gap / 2, low, x + width - gap / 2, top),
                        pile.fill,
                        edge=width > 3,
                    )
                base += pile.counts[n]
        _guides(flow, area, chart.guides)
        _key(flow, [p.name for p in named], [_fill_sample(p) for p in named], foot)


def height_of(flow: Flow, chart: Strip | Curves | Piles) -> float:
    """What stands together at a chart's beginning."""
    if isinstance(chart, Strip):
        rows = min(len(chart.rows), 4)
        whole = 14.0 * len(chart.rows) + _FOOT + 12
        return whole if whole < flow.paper.depth * 0.5 else 14.0 * rows + _FOOT + 12
    series = chart.series if isinstance(chart, Curves) else chart.piles
    return 14.0 + _TALL + _FOOT + _key_height(flow, [s.name for s in series])


@contextmanager
def _plot(flow: Flow, chart: Curves | Piles, names: Sequence[str]) -> Iterator[tuple[Area, float]]:
    """A plot over two axes, with room for a key of those names above the foot that is given too."""
    up = chart.up
    left, _, right, _ = flow.paper.frame
    high = 14.0 + _TALL + _FOOT + _key_height(flow, names)
    flow.need(high)
    labels = [flow.faces["sans"].width(tick.label, SMALL) for tick in up.ticks]
    with figure(flow, chart.alt, high) as foot:
        start = flow.y
        title = flow.short(up.title, "sans", SIZE, right - left, 1)
        _label(flow, title, left, start - 6)
        x0 = left + max(labels, default=0.0) + 8
        area = Area(x0, start - 14 - _TALL, right - 8, start - 14, chart.across, up)
        for tick in up.ticks:
            y = area.y(tick.at)
            flow.add(Rule(area.left, y, area.right, y, 0.4, HAIR))
            flow.text(
                x0 - 5, y - 2.3, tick.label, "sans", SMALL, colour=GREY, align="right", tag=flow.tag
            )
        _axis(flow, area)
        yield area, foot


def _axis(flow: Flow, area: Area) -> None:
    """The axis across below its area: a line, ticks with their words, and its title."""
    flow.add(Rule(area.left, area.bottom, area.right, area.bottom, 0.75, INK))
    free = -1e9
    for tick in area.across.ticks:
        x = area.x(tick.at)
        flow.add(Rule(x, area.bottom, x, area.bottom - 3, 0.5, INK))
        half = flow.faces["sans"].width(tick.label, SMALL) / 2
        if x - half < free:
            continue
        free = x + half + 4
        flow.text(
            x,
            area.bottom - 10.5,
            tick.label,
            "sans",
            SMALL,
            colour=GREY,
            align="centre",
            tag=flow.tag,
        )
    title = flow.short(area.across.title, "sans", SIZE, area.right - area.left, 1)
    _label(flow, title, area.left, area.bottom - 19)


def _guides(flow: Flow, area: Area, guides: Sequence[Guide]) -> None:
    """Dashed lines with their words above; words that would meet stand in turn beside each other."""
    free = -1e9
    for guide in sorted(guides, key=lambda g: g.at):
        x = area.x(guide.at)
        points = (x, area.bottom, x, area.top)
        flow.add(Shape(points, INK, 0.8, "", (2.5, 2.0)), flow.tag)
        width = flow.faces["sans"].width(guide.label, SMALL)
        begin = max(free, min(x - width / 2, area.right - width))
        free = begin + width + 8
        flow.text(begin, area.top + 3, guide.label, "sans", SMALL, tag=flow.tag)


def _row(flow: Flow, area: Area, row: Dots, y: float, *, bars: bool) -> None:
    if bars and row.values:
        x = area.x(row.values[0])
        _bar(flow, (area.left, y - 3.6, max(x, area.left + 0.4), y + 3.6), row.fill)
    elif not bars:
        flow.add(Rule(area.left, y, area.right, y, 0.4, HAIR))
    if row.low is not None and row.high is not None:
        left, right = area.x(row.low), area.x(row.high)
        flow.add(Shape((left, y, right, y), INK, 1.0), flow.tag)
        for end in (left, right):
            flow.add(Shape((end, y - 3, end, y + 3), INK, 1.0), flow.tag)
    if not bars:
        for value in row.values:
            _mark(flow, area.x(value), y, row.mark)


def _bar(
    flow: Flow, box: tuple[float, float, float, float], fill: Fill, *, edge: bool = True
) -> None:
    """A bar by two corners; a hatched one has slanting lines."""
    left, foot, right, top = box
    corners = (left, foot, right, foot, right, top, left, top)
    colour = INK if edge or fill in ("open", "hatched") else ""
    flow.add(Shape(corners, colour, 0.6, GREYS[fill]), flow.tag)
    if fill != "hatched":
        return
    high, at = top - foot, left - (top - foot)
    while at < right:
        low, up = max(at, left), min(at + high, right)
        if low < up:
            flow.add(Shape((low, foot + low - at, up, foot + up - at), INK, 0.5), flow.tag)
        at += _HATCH


def _mark(flow: Flow, x: float, y: float, mark: Mark) -> None:
    r = _MARK
    if mark == "cross":
        for dy in (r, -r):
            flow.add(Shape((x - r, y - dy, x + r, y + dy), INK, 1.1), flow.tag)
        return
    if mark == "diamond":
        d = r * 1.5
        points: tuple[float, ...] = (x - d, y, x, y - d, x + d, y, x, y + d)
    elif mark == "square":
        d = r * 0.9
        points = (x - d, y - d, x + d, y - d, x + d, y + d, x - d, y + d)
    else:
        points = tuple(v for cx, cy in _ROUND for v in (x + cx * r * 0.95, y + cy * r * 0.95))
    fill = "#FFFFFF" if mark == "ring" else INK
    flow.add(Shape(points, INK, 0.9, fill), flow.tag)


_ROUND = (
    (1.0, 0.0), (0.924, 0.383), (0.707, 0.707), (0.383, 0.924), (0.0, 1.0), (-0.383, 0.924),
    (-0.707, 0.707), (-0.924, 0.383), (-1.0, 0.0), (-0.924, -0.383), (-0.707, -0.707), (-0.383, -0.924),
    (0.0, -1.0), (0.383, -0.924), (0.707, -0.707), (0.924, -0.383),
)  # fmt: skip
"""A circle of radius 1, by corners."""


def _stepped(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    last: tuple[float, float] | None = None
    for point in points:
        if last is not None:
            yield point[0], last[1]
        yield point
        last = point


Sample = tuple[str, Dash | Fill]


def _line_sample(dash: Dash) -> Sample:
    return "line", dash


def _fill_sample(pile: Pile) -> Sample:
    return "fill", pile.fill


def _key(flow: Flow, names: Sequence[str], samples: Sequence[Sample], foot: float) -> None:
    """What each line or fill is, in the key's own lines above the figure's foot."""
    left, _, right, _ = flow.paper.frame
    y = foot + _key_height(flow, names) - 4
    for name, (kind, how) in zip(names, samples, strict=True):
        lines = flow.lines(name, "sans", SIZE, right - left - 30)
        if kind == "line":
            weight, dash = LINES[how]  # type: ignore[index]
            flow.add(Shape((left, y - 4, left + 20, y - 4), INK, weight, "", dash), flow.tag)
        else:
            _bar(flow, (left + 4, y - 7, left + 16, y - 1), how)  # type: ignore[arg-type]
        for line in lines:
            y -= LEADING
            _text(flow, line, left + 28, y + 2.4)
        y -= 2


def _key_height(flow: Flow, names: Sequence[str]) -> float:
    left, _, right, _ = flow.paper.frame
    lines = sum(len(flow.lines(n, "sans", SIZE, right - left - 30)) for n in names if n)
    return lines * LEADING + 2 * len(names) + 4 if lines else 0.0


def _fits(flow: Flow, heights: Sequence[float], start: int, room: float) -> int:
    """How far the rows go on this page; all that are left, if a page can hold them."""
    whole = sum(heights[start:]) + room
    if whole <= flow.room:
        return len(heights)
    if whole <= flow.paper.depth * 0.5 or flow.room < room + sum(heights[start : start + 4]):
        flow.turn()
    stop, left = start, flow.room - room
    while stop < len(heights) and heights[stop] <= left:
        left -= heights[stop]
        stop += 1
    return max(stop, start + 1)


def _names(flow: Flow, names: Sequence[str], width: float) -> list[list[Line]]:
    return [flow.short(name, "sans", SIZE, width, 2) if name else [] for name in names]


def _width(lines: Sequence[Line]) -> float:
    return max((line.width for line in lines), default=0.0)


def _label(
    flow: Flow, lines: Sequence[Line], x: float, middle: float, *, strong: bool = False
) -> None:
    y = middle + len(lines) * LEADING / 2
    for line in lines:
        y -= LEADING
        _text(flow, line, x, y + 2.4, ACCENT if strong else INK)


def _text(flow: Flow, line: Line, x: float, y: float, colour: str = INK) -> None:
    if line.runs:
        flow.add(Text(x, y, SIZE, colour, line.runs), flow.tag, line.cut)

"""Rasters and templates on paper: cells by shade over as many pages as they need, sentences with blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casekit.dossier.chart_blocks import LEADING, SIZE, SMALL, figure
from casekit.dossier.charts import LEVELS, Raster, RasterRow, Template
from casekit.dossier.flow import ACCENT, GREY, HAIR, INK, Cells, Flow, Rule, Shape, Text, Turned
from casekit.dossier.lines import Line, spans_on

SHADES = ("#C4BFB5", "#9C968D", "#746F68", "#4A4641", INK)
_ROW, _GAP = 9.0, 1.2
_AXIS = 26.0
_FEWEST = 4  # rows that stand together
_SLOT = re.compile(r"\{\d+\}")


def set_raster(flow: Flow, chart: Raster) -> None:
    """Rows of cells; the axis, the names of the columns and the key come again on every page."""
    left, _, right, _ = flow.paper.frame
    names = [
        _told_apart(flow, row.name, (0.4 if row.levels else 1.0) * (right - left))
        for row in chart.rows
    ]
    heads = [not row.levels for row in chart.rows]
    widths = (n[0].width for n, head in zip(names, heads, strict=True) if n and not head)
    x0 = left + max(widths, default=0.0) + 8
    columns = max((len(row.levels) for row in chart.rows), default=1)
    wide = (right - x0) / columns
    if chart.names:
        wide = min(wide, 26.0)
    over = _over(flow, chart)
    under = (0.0 if chart.names else _AXIS) + (13.0 if any(chart.key) else 2.0)
    done, part = 0, 0
    while done < len(chart.rows):
        stop = _stop(flow, heads, done, over + under)
        high = over + (stop - done) * _ROW + under
        alt = chart.alt if not part else f"{chart.alt} ({part + 1})"
        with figure(flow, alt, high):
            _upright(flow, chart, x0, wide)
            top = flow.y - over
            for n in range(done, stop):
                _name(flow, names[n], left, top - (n - done) * _ROW, head=heads[n])
            _cells(flow, chart.rows[done:stop], (x0, top, wide), 1.5 if chart.names else 0.0)
            foot = top - (stop - done) * _ROW
            if not chart.names:
                _across(flow, chart, x0, x0 + wide * columns, foot)
            _key(flow, chart.key, flow.y - high + 4)
        done, part = stop, part + 1
        if done < len(chart.rows):
            flow.turn()


def set_template(flow: Flow, block: Template) -> None:
    """The sentence beside a bar, every blank in a box of its own; below it what was filled in."""
    left, _, right, _ = flow.paper.frame
    lines = template_lines(flow, block)
    glyphs = flow.faces["serif"]
    spans = [m.span() for m in _SLOT.finditer(block.sentence)]
    with flow.within("BlockQuote"):
        tag = None if flow.tag is None else flow.tag.add("P")
        for line in lines:
            flow.need(14)
            flow.y -= 14
            flow.add(Shape((left + 3, flow.y, left + 3, flow.y + 14), ACCENT, 1.6))
            for start, stop in spans_on(line, block.sentence, spans, glyphs, 10):
                x, end = left + 14 + start, left + 14 + stop
                flow.add(Shape((x, flow.y + 1, end, flow.y + 1, end, flow.y + 12.5, x, flow.y + 12.5, x,
                                flow.y + 1), INK, 0.5))  # fmt: skip
            if line.runs:
                flow.add(Text(left + 14, flow.y + 4, 10, INK, line.runs), tag, line.cut)
    flow.space(3)
    note = flow.lines(block.note, "sans", 7.5, right - left - 14)
    flow.put(note, left + 14, 7.5, 11, colour=GREY)
    flow.space(4)


def template_lines(flow: Flow, block: Template) -> list[Line]:
    """The sentence's lines."""
    left, _, right, _ = flow.paper.frame
    return flow.lines(block.sentence, "serif", 10, right - left - 40)


def raster_begin(flow: Flow, chart: Raster) -> float:
    """What stands together at a raster's beginning."""
    rows = len(chart.rows) if len(chart.rows) * _ROW < flow.paper.depth / 3 else _FEWEST
    return _over(flow, chart) + rows * _ROW + _AXIS + 14


def _over(flow: Flow, chart: Raster) -> float:
    """How much room the names of columns take."""
    longest = max((line.width for line in _column_names(flow, chart)), default=0.0)
    return longest + 6 if chart.names else 2.0


def _column_names(flow: Flow, chart: Raster) -> list[Line]:
    return [line for n in chart.names for line in flow.short(n, "sans", SMALL, 110, 1)]


def _upright(flow: Flow, chart: Raster, x0: float, wide: float) -> None:
    over = _over(flow, chart)
    for n, line in enumerate(_column_names(flow, chart)):
        x = x0 + (n + 0.5) * wide + 2.2
        flow.add(Turned(x, flow.y - over + 4, SMALL, INK, line.runs), flow.tag)


def _told_apart(flow: Flow, name: str, width: float) -> list[Line]:
    """A name in one line; what is too long loses its middle, as names of accounts often differ at their end."""
    name = " ".join(name.split())
    glyphs = flow.faces["sans"]
    wide, kept = glyphs.width(name, SMALL), len(name)
    shown = name
    while wide > width and kept > 2:
        kept = max(2, min(kept - 1, int(kept * width / wide)))
        shown = f"{name[: kept - kept // 2]}…{name[len(name) - kept // 2 :]}"
        wide = glyphs.width(shown, SMALL)
    return flow.short(shown, "sans", SMALL, width + 1, 1)


def _stop(flow: Flow, heads: Sequence[bool], start: int, room: float) -> int:
    """The row after the last on this page; a head never stands last."""
    left = len(heads) - start
    if left * _ROW + room > flow.room and (
        flow.room < room + _FEWEST * _ROW or left * _ROW + room <= flow.paper.depth * 0.5
    ):
        flow.turn()
    stop = start + min(left, max(1, int((flow.room - room) // _ROW)))
    while stop < len(heads) and stop - start > 1 and heads[stop - 1]:
        stop -= 1
    return stop


def _cells(
    flow: Flow, rows: Sequence[RasterRow], place: tuple[float, float, float], apart: float
) -> None:
    x0, top, wide = place
    columns = max((len(row.levels) for row in rows), default=0)
    for n, row in enumerate(rows):
        if row.levels:
            y = top - (n + 1) * _ROW + _GAP / 2
            flow.add(Rule(x0, y, x0 + wide * columns, y, 0.3, HAIR))
    made = tuple(bytes(min(max(level, 0), LEVELS) for level in row.levels) for row in rows)
    flow.add(Cells(x0, top, wide, _ROW, _GAP, made, SHADES, apart), flow.tag)


def _name(flow: Flow, lines: Sequence[Line], x: float, top: float, *, head: bool) -> None:
    colour = ACCENT if head else INK
    for line in lines:
        flow.add(Text(x, top - _ROW + 2.6, SMALL, colour, line.runs), flow.tag, line.cut)


def _across(flow: Flow, chart: Raster, x0: float, x1: float, y: float) -> None:
    axis = chart.across
    flow.add(Rule(x0, y, x1, y, 0.75, INK))
    free = -1e9
    for tick in axis.ticks:
        x = x0 + (x1 - x0) * (tick.at - axis.low) / ((axis.high - axis.low) or 1.0)
        flow.add(Rule(x, y, x, y - 3, 0.5, INK))
        half = flow.faces["sans"].width(tick.label, SMALL) / 2
        if x - half >= free and x + half <= x1 + 20:
            free = x + half + 4
            flow.text(
                x, y - 10.5, tick.label, "sans", SMALL, colour=GREY, align="centre", tag=flow.tag
            )
    for line in flow.short(axis.title, "sans", SIZE, x1 - x0, 1):
        flow.add(Text(x0, y - 10.5 - LEADING, SIZE, INK, line.runs), flow.tag)


def _key(flow: Flow, key: Sequence[str], y: float) -> None:
    """What each shade says, in one line; a shade without words is left out."""
    left, _, right, _ = flow.paper.frame
    x = left
    for shade, words in zip(SHADES, key, strict=False):
        if words:
            corners = (x, y - 1, x + 10, y - 1, x + 10, y + 6, x, y + 6)
            flow.add(Shape(corners, INK, 0.4, shade), flow.tag)
            for line in flow.short(words, "sans", SMALL, max(30.0, right - x - 16), 1):
                flow.add(Text(x + 14, y, SMALL, GREY, line.runs), flow.tag)
                x += 14 + line.width + 14

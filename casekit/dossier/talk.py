"""How a run of a conversation is set: days between rules, names in bold, the exhibit behind a bar."""

from __future__ import annotations

from functools import partial

from casekit.dossier.flow import ACCENT, GREY, HAIR, INK, Flow, Rule, Text
from casekit.dossier.lines import Line
from casekit.dossier.sheet import Spoken, Talk
from casekit.dossier.tags import Tag

BAR = 3.0
BAR_LEFT, NUMBER_LEFT, TIME_LEFT, TEXT_LEFT = 1.5, 10.0, 44.0, 150.0
_PAD = 4.0
DAY = 21.0  # points of a day between its rules

_Cell = tuple[float, Line, float, str, Tag | None]  # x, line, size, colour, element
_Row = tuple[float, list[_Cell]]  # height, what stands on it


def set_talk(flow: Flow, block: Talk) -> None:
    """Message under message; one that goes over a page keeps its bar there."""
    left, _, right, _ = flow.paper.frame
    day = None
    for said in block.said:
        if said.day != day:
            day = said.day
            flow.head_again = None
            flow.need(DAY + _kept(flow, said))
            _day(flow, day)
            flow.head_again = partial(_day, flow, day)
        rows = _rows(flow, said, left, right)
        flow.need(min(sum(height for height, _ in rows) + 2 * _PAD, flow.paper.depth / 3))
        _down(flow, _PAD, marked=said.marked)
        for height, cells in rows:
            if flow.room < height + _PAD:
                flow.turn()
            _down(flow, height, marked=said.marked)
            for x, line, size, colour, tag in cells:
                if line.runs:
                    flow.add(Text(x, flow.y + 3.2, size, colour, line.runs), tag, line.cut)
        _down(flow, _PAD, marked=said.marked)
        flow.add(Rule(left, flow.y, right, flow.y, 0.5, HAIR))
    flow.head_again = None
    flow.space(10)


def begin_of(flow: Flow, block: Talk) -> float:
    """What stands together at a run's beginning: the first day and the first message, or its beginning."""
    return DAY + _kept(flow, block.said[0]) if block.said else 0.0


def _kept(flow: Flow, said: Spoken) -> float:
    """How much of a message stays on one page: all of it, or a third of a page of a long one."""
    left, _, right, _ = flow.paper.frame
    with flow.inside(None):
        rows = _rows(flow, said, left, right)
    return min(sum(height for height, _ in rows) + 2 * _PAD, flow.paper.depth / 3)


def _day(flow: Flow, day: str) -> None:
    """The day between two rules; it comes again where its messages go over a page."""
    left, _, right, _ = flow.paper.frame
    flow.space(6)
    flow.y -= 12
    middle = (left + right) / 2
    half = (
        flow.text(
            middle, flow.y + 3.2, day, "sans-bold", 7.5, colour=GREY, align="centre", role="H4"
        )
        / 2
        + 8
    )
    flow.add(Rule(left, flow.y + 6, middle - half, flow.y + 6, 0.5, HAIR))
    flow.add(Rule(middle + half, flow.y + 6, right, flow.y + 6, 0.5, HAIR))
    flow.space(2)


def _down(flow: Flow, height: float, *, marked: bool) -> None:
    """Go down, with the bar of the exhibit beside."""
    x, top = flow.paper.left + BAR_LEFT, flow.y
    flow.y -= height
    if marked:
        flow.add(Rule(x, top, x, flow.y, BAR, ACCENT))


def _rows(flow: Flow, said: Spoken, left: float, right: float) -> list[_Row]:
    """The lines of a message from the top: number, time and name beside its words."""
    narrow, width = TEXT_LEFT - TIME_LEFT - 8, right - left - TEXT_LEFT
    face = "sans" if said.own else "serif"
    message = flow.element("Div")
    no, when = message and message.add("P"), message and message.add("P")
    beside: list[tuple[Line, float, str]] = [
        (line, size, GREY)
        for part, size in zip(said.time.split("\n"), (7.5, *[6.5] * 9), strict=False)
        for line in flow.lines(part, "sans", size, narrow)
    ]
    body: list[tuple[Line, float, str, Tag | None, float]] = []
    for text, name, size, colour, height in (
        (said.who, "sans-bold", 8.0, ACCENT if said.marked else INK, 12.0),
        (said.text, face, 8.0 if said.own else 9.5, GREY if said.own else INK, 13.0),
        (said.notes, "sans", 7.0, GREY, 10.0),
        (said.source, "mono", 5.8, GREY, 8.5),
    ):
        lines = flow.lines(text.rstrip("\r\n"), name, size, width) if text else []
        tag = message and message.add("P")
        body += [(line, size, colour, tag, height) for line in lines]
    (number, *_) = flow.lines(f"{said.no:,}", "mono", 6.5, TIME_LEFT - NUMBER_LEFT)
    rows: list[_Row] = []
    for n in range(max(len(body), len(beside))):
        cells: list[_Cell] = [(left + NUMBER_LEFT, number, 6.5, GREY, no)] if not n else []
        if n < len(beside):
            cells.append((left + TIME_LEFT, *beside[n], when))
        if n < len(body):
            cells.append((left + TEXT_LEFT, *body[n][:4]))
        rows.append((body[n][4] if n < len(body) else 10.0, cells))
    return rows

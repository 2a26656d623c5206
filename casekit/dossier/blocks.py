"""How each kind of block is set on pages: facts, evidence text, tables, pictures, pairs of texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from casekit.dossier.chart_blocks import height_of, set_curves, set_piles, set_strip
from casekit.dossier.chart_rows import raster_begin, set_raster, set_template, template_lines
from casekit.dossier.charts import Chart, Curves, Piles, Raster, Strip, Template
from casekit.dossier.flow import ACCENT, GREY, HAIR, INK, Flow, Link, Picture, Rule, Text
from casekit.dossier.lines import Line, break_lines, spans_on
from casekit.dossier.sheet import (
    Block,
    Column,
    Fact,
    Facts,
    Grid,
    Pages,
    Pair,
    Prose,
    Raw,
    Remark,
    Side,
    Subhead,
    Talk,
)
from casekit.dossier.tags import Tag
from casekit.dossier.talk import begin_of, set_talk

Fetch = Callable[[Raw], str]
Cell = tuple[float, list[Line], float, str]  # x, lines, size, colour

INDENT = 28.0
MEASURE = 376.0  # about 75 characters of the serif
LABEL_WIDTH = 118.0
TABLE_SIZE, TABLE_LEADING, TABLE_PAD = 8.0, 10.5, 2.6
GUTTER, NARROWEST = 8.0, 22.0  # points between columns, and of a column


def set_block(flow: Flow, block: Block, fetch: Fetch) -> None:
    """Set one block at the cursor; `fetch` gives the text of a raw record."""
    match block:
        case Facts():
            keep = _facts_height(flow, block)
            _heading(flow, block.heading, keep)
            set_facts(flow, block)
        case Prose():
            _heading(flow, block.heading, 30)
            set_prose(flow, block)
        case Grid():
            _heading(flow, block.heading, _grid_begin(flow, block))
            set_grid(flow, block)
        case Raw():
            _heading(flow, block.heading, 30)
            prose = Prose("", fetch(block), block.item_id, "raw", "mono", dense=True)
            set_prose(flow, prose)
        case Remark():
            _heading(flow, block.heading, 30)
            set_remark(flow, block)
        case Subhead():
            set_subhead(flow, block)
        case Talk():
            _heading(flow, block.heading, begin_of(flow, block))
            set_talk(flow, block)
        case Pages():
            set_pages(flow, block)
        case Pair():
            set_pair(flow, block)
        case _:
            _set_chart(flow, block)


def _set_chart(flow: Flow, block: Chart) -> None:
    """A chart under its heading and what is said of it; a template with what fills its blanks."""
    if isinstance(block, Template):
        _heading(flow, block.heading, 14.0 * min(len(template_lines(flow, block)), 4))
        set_template(flow, block)
        if block.slots:
            shares = zip(block.columns, (12, 22, 66), strict=True)
            columns = tuple(Column(title, share) for title, share in shares)
            set_grid(flow, Grid(columns, block.slots))
        return
    keep = raster_begin(flow, block) if isinstance(block, Raster) else height_of(flow, block)
    left, _, right, _ = flow.paper.frame
    said = flow.lines(block.caption, "sans", 7.5, min(right - left, 430)) if block.caption else []
    _heading(flow, block.heading, keep + 11 * len(said) + 6)
    if said:
        flow.put(said, left, 7.5, 11, colour=GREY)
        flow.space(4)
    match block:
        case Raster():
            set_raster(flow, block)
        case Strip():
            set_strip(flow, block)
        case Curves():
            set_curves(flow, block)
        case Piles():
            set_piles(flow, block)
    flow.space(10)


def set_facts(flow: Flow, block: Facts) -> None:
    """Labels left, values right, a hair line under each."""
    with flow.within("Table"):
        rows = [_fact_cells(flow, fact, block.narrow) for fact in block.rows]
        for n, cells in enumerate(rows):
            if n == len(rows) - 2:  # the last row never stands alone on a page
                flow.need(_kept(flow, cells, TABLE_PAD) + _kept(flow, rows[-1], TABLE_PAD))
            _row(flow, cells, HAIR, heads="Row")
    flow.space(6)


def _fact_cells(flow: Flow, fact: Fact, narrow: bool) -> list[Cell]:
    left, _, right, _ = flow.paper.frame
    indent = INDENT if narrow else LABEL_WIDTH
    size = {"mono": 7.5, "serif": 9.0}.get(fact.face, TABLE_SIZE)
    value = flow.lines(fact.value, fact.face, size, right - left - indent)
    label = flow.lines(fact.label, "sans", 7.5, indent - 10)
    return [(left, label, 7.5, GREY), (left + indent, value, size, INK)]


def _facts_height(flow: Flow, block: Facts) -> float:
    """What stands below the heading: all rows of a whole table if a page can hold them, else the first.

    Of two rows both do, as the last one never stands alone.
    """
    rows = [_fact_cells(flow, fact, block.narrow) for fact in block.rows]
    height = sum(_height(cells, TABLE_PAD) for cells in rows)
    if block.whole and height < flow.paper.depth * 0.9:
        return height
    return sum(_kept(flow, cells, TABLE_PAD) for cells in (rows if len(rows) == 2 else rows[:1]))


def set_prose(flow: Flow, block: Prose) -> None:
    """Evidence text; its lines are numbered on each page, so that they can be cited."""
    size, leading = {"serif": (10.5, 15.0), "sans": (9.0, 13.0), "mono": (7.5, 11.0)}[block.face]
    left, _, right, _ = flow.paper.frame
    width = min(MEASURE, right - left - INDENT)
    if block.face == "mono":
        width = right - left - INDENT
    own = right - left - INDENT
    text = block.text.rstrip("\r\n")
    lines = break_lines(text, flow.faces[block.face], size, width, own=own, anywhere=block.dense)
    if block.numbered:
        flow.put_numbered(lines, left + INDENT, size, leading, (block.item_id, block.part), width)
    else:
        flow.put(lines, left + INDENT, size, leading, width=width)
    flow.space(8)


def set_grid(flow: Flow, block: Grid) -> None:
    """A table; its head comes again on every page, a row higher than the page goes on over it.

    One with more columns than can be read side by side comes as several, each with the first column.
    """
    for part in _side_by_side(flow, block):
        _set_grid(flow, part)


def _set_grid(flow: Flow, block: Grid) -> None:
    left, _, right, _ = flow.paper.frame
    heads = _grid_heads(flow, block)
    again = _height(heads, TABLE_PAD) < flow.paper.depth / 4

    def head() -> None:
        flow.head_again = None
        flow.add(Rule(left, flow.y, right, flow.y, 0.75, INK))
        _row(flow, heads, INK, heads="Column")
        flow.head_again = head if again else None

    flow.need(_grid_begin(flow, block))
    with flow.within("Table"):
        head()
        for row, dest in zip_longest(block.rows, block.links, fillvalue=""):
            _row(flow, _grid_cells(flow, block, row), HAIR, pad=2.0, dest=dest)
    flow.head_again = None
    flow.space(10)


def _side_by_side(flow: Flow, block: Grid) -> list[Grid]:
    """The table, in as many as its columns need to be wide enough."""
    most = int((flow.paper.measure + GUTTER) // (NARROWEST + GUTTER))
    if len(block.columns) <= most:
        return [block]
    parts = []
    for start in range(1, len(block.columns), most - 1):
        own = [0, *range(start, min(start + most - 1, len(block.columns)))]
        columns = tuple(block.columns[n] for n in own)
        rows = tuple(tuple(row[n] for n in own) for row in block.rows)
        parts.append(Grid(columns, rows, links=block.links if start == 1 else ()))
    return parts


def _grid_heads(flow: Flow, block: Grid) -> list[Cell]:
    left, _, right, _ = flow.paper.frame
    return [
        (x, flow.lines(c.title, "sans-bold", 7.0, w), 7.0, GREY)
        for c, (x, w) in zip(block.columns, _places(block.columns, left, right), strict=True)
    ]


def _grid_cells(flow: Flow, block: Grid, row: Sequence[str]) -> list[Cell]:
    left, _, right, _ = flow.paper.frame
    cells: list[Cell] = []
    places = _places(block.columns, left, right)
    for value, column, (x, w) in zip(row, block.columns, places, strict=True):
        size = 7.0 if column.face == "mono" else 7.5
        cells.append((x, flow.lines(value, column.face, size, w), size, INK))
    return cells


def _grid_begin(flow: Flow, block: Grid) -> float:
    """What stands together at a table's beginning: its head and the first row, or the row's first lines."""
    first = _side_by_side(flow, block)[0]
    head = _height(_grid_heads(flow, first), TABLE_PAD)
    row = _kept(flow, _grid_cells(flow, first, first.rows[0]), 2.0) if first.rows else 0.0
    return min(max(60, head + row + 1), flow.paper.depth)


def set_remark(flow: Flow, block: Remark) -> None:
    """Words of the dossier's own, never line-numbered."""
    left, _, right, _ = flow.paper.frame
    if block.small:
        lines = flow.lines(block.text, "sans", 7.5, min(right - left, 430))
        flow.put(lines, left, 7.5, 11, colour=GREY)
        flow.space(6)
    else:
        flow.put(flow.lines(block.text, "serif", 10, MEASURE + INDENT), left, 10, 14)
        flow.space(6)


def set_subhead(flow: Flow, block: Subhead) -> None:
    """The title of a part of an exhibit."""
    if block.bates:
        flow.bates = block.bates
    if block.mark is not None:
        flow.mark = block.mark
    if block.new_page and not flow.at_top:
        flow.turn()
    if block.mark is not None and flow.at_top:
        flow.page.mark = flow.mark
    flow.page.bates = flow.page.bates if not flow.at_top else flow.bates
    left, _, right, _ = flow.paper.frame
    lines = flow.lines(block.text, "serif-bold", 12, right - left)
    flow.space(10)
    flow.need(len(lines) * 16 + 72)  # and three rows or lines below it
    flow.put(lines, left, 12, 16, role="H2")
    flow.space(6)


def set_pages(flow: Flow, block: Pages) -> None:
    """Each page as a picture in a frame of its own; nothing is ever drawn over it."""
    left, bottom, right, _ = flow.paper.frame
    for page in block.pages:
        enough = 0.42 if block.inline else 0.82
        if flow.room < flow.paper.depth * enough and not flow.at_top:
            flow.turn()
        caption = f"{block.name} · {page.no} / {len(block.pages)}" if block.name else str(page.no)
        lines = flow.short(caption, "sans", 7.0, right - left, 1)
        flow.put(lines, left, 7.0, 12, colour=GREY)
        flow.y -= 3
        height = flow.y - bottom
        flow.add(
            Picture(
                left, bottom, right - left, height, block.item_id, page.no, block.dpi, page.text,
                block.name, page.boxes,
            )
        )  # fmt: skip
        flow.y = bottom
    if block.inline:
        flow.y = bottom


def set_pair(flow: Flow, block: Pair) -> None:
    """Two texts side by side, numbered runs underlined; both go over pages together."""
    left, _, right, _ = flow.paper.frame
    gap = 24.0
    width = (right - left - gap) / 2
    sides = [_side_lines(flow, side, width) for side in (block.left, block.right)]
    xs = (left, left + width + gap)
    flow.need(110)
    top = flow.y
    low = top
    tags = (flow.element("Div"), flow.element("Div"))
    for side, x, tag in zip((block.left, block.right), xs, tags, strict=True):
        flow.y = top
        with flow.inside(tag):
            _side_head(flow, side, x, width)
        low = min(low, flow.y)
    flow.y = low - 4
    _columns(flow, sides, xs, width, left + width + gap / 2, [t and t.add("P") for t in tags])
    flow.space(12)


def _side_head(flow: Flow, side: Side, x: float, width: float) -> None:
    start = flow.y
    with flow.within("Link" if side.dest else "Div"):
        flow.put(flow.short(side.title, "sans-bold", 8, width, 3), x, 8, 11)
        detail = side.detail + flow.known.get(side.dest, "")
        flow.put(flow.short(detail, "sans", 7.5, width, 3), x, 7.5, 10.5, colour=GREY)
        if side.dest:
            flow.add(Link(x, flow.y, x + width, start, side.dest))


def _side_lines(
    flow: Flow, side: Side, width: float
) -> list[tuple[Line, list[tuple[float, float]]]]:
    """A side's lines with its bracketed numbers set in, and where the underlines go."""
    marks = sorted(side.marks, key=lambda m: (m.stop, m.no))
    signs = [(m.stop, f" [{m.no}]") for m in marks]
    text, at = "", 0
    for stop, sign in signs:
        text += side.text[at:stop] + sign
        at = stop
    text += side.text[at:]

    def moved(place: int, before: int) -> int:
        return place + sum(len(sign) for stop, sign in signs if stop < before)

    spans = [(moved(m.start, m.start + 1), moved(m.stop, m.stop)) for m in marks]
    glyphs = flow.faces["serif"]
    lines = flow.lines(text, "serif", 10, width)
    return [(line, spans_on(line, text, spans, glyphs, 10)) for line in lines]


def _columns(
    flow: Flow, sides: Sequence[list[tuple[Line, list[tuple[float, float]]]]],
    xs: tuple[float, float], width: float, middle: float, tags: Sequence[Tag | None],
) -> None:  # fmt: skip
    leading = 14.5
    count = max(map(len, sides))
    done = 0
    while done < count:
        flow.need(leading * min(2, count - done))
        fits = min(count - done, max(1, int(flow.room // leading)))
        top = flow.y
        for side, x, tag in zip(sides, xs, tags, strict=True):
            flow.y = top
            for line, spans in side[done : done + fits]:
                flow.y -= leading
                base = flow.y + 4.6
                begin = x + line.indent(width)
                if line.runs:
                    flow.add(Text(begin, base, 10, INK, line.runs), tag, line.cut)
                for start, stop in spans:
                    flow.add(Rule(begin + start, base - 2, begin + stop, base - 2, 0.6, INK))
        flow.y = top - fits * leading
        flow.add(Rule(middle, top, middle, flow.y, 0.5, HAIR))
        done += fits


def _heading(flow: Flow, text: str, keep: float) -> None:
    """A small capital heading that never stands alone at the foot of a page."""
    if not text:
        return
    left, _, right, _ = flow.paper.frame
    flow.space(7)
    lines = flow.lines(text, "sans-bold", 7.5, right - left)
    flow.need(len(lines) * 12 + 3 + keep)
    flow.put(lines, left, 7.5, 12, colour=ACCENT, role="H3")
    flow.space(3)


def _row(
    flow: Flow, cells: Sequence[Cell], rule: str, *, pad: float = TABLE_PAD, heads: str = "", dest: str = ""
) -> None:  # fmt: skip
    """One row with a rule under it: whole if it fits on a page, else line by line over pages.

    `heads`: all its cells head their `Column`, or the first one the `Row`. `dest`: where the row leads; a
    listener is told so in its first cell.
    """
    left, _, right, _ = flow.paper.frame
    count = max((len(lines) for _, lines, _, _ in cells), default=1)
    height = _height(cells, pad)
    flow.need(_kept(flow, cells, pad))
    flow.y -= pad
    row = flow.element("TR")
    tags = [row and _cell(row, heads, n) for n in range(len(cells))]
    if dest and tags[0]:
        tags[0] = tags[0].add("Link")
    for index in range(count):
        if flow.room < TABLE_LEADING + pad:
            flow.turn()
            flow.y -= pad
        flow.y -= TABLE_LEADING
        for (x, lines, size, colour), tag in zip(cells, tags, strict=True):
            if index < len(lines) and lines[index].runs:
                line = lines[index]
                flow.add(Text(x, flow.y + 3.4, size, colour, line.runs), tag, line.cut)
    flow.y -= pad
    flow.add(Rule(left, flow.y, right, flow.y, 0.5, rule))
    if dest:
        top = flow.y + min(height, flow.paper.height - flow.paper.top - flow.y)
        flow.add(Link(left, flow.y, right, top, dest), tags[0])


def _kept(flow: Flow, cells: Sequence[Cell], pad: float) -> float:
    """How much of a row stays on one page: all of it, or three lines of a long one."""
    height = _height(cells, pad)
    return height if height <= flow.paper.depth / 3 else 3 * TABLE_LEADING


def _height(cells: Sequence[Cell], pad: float) -> float:
    return max((len(lines) for _, lines, _, _ in cells), default=1) * TABLE_LEADING + 2 * pad


def _cell(row: Tag, heads: str, number: int) -> Tag:
    if heads == "Column" or (heads and not number):
        return row.add("TH", scope=heads)
    return row.add("TD")


def _places(columns: Sequence[Column], left: float, right: float) -> list[tuple[float, float]]:
    """(x, width) of each column, with a gutter between; none is too narrow for a few letters."""
    usable = right - left - GUTTER * (len(columns) - 1)
    total = sum(c.share for c in columns)
    widths = [usable * column.share / total for column in columns]
    if min(widths) < NARROWEST and usable > NARROWEST * len(columns):
        spare = usable - NARROWEST * len(columns)
        widths = [NARROWEST + spare * column.share / total for column in columns]
    found, x = [], left
    for width in widths:
        found.append((x, width))
        x += width + GUTTER
    return found

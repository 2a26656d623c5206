"""Pages being filled from top to bottom: what will be drawn where, decided before anything is drawn.

Layout comes before drawing, so that page totals, cross references and pinpoint cites (page and line)
are known when the first page is drawn. Lengths are points; y grows upwards from the page's foot.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from operator import attrgetter

from casekit.dossier.glyphs import Glyphs, Piece
from casekit.dossier.lines import Line, break_lines
from casekit.dossier.sheet import PageBox
from casekit.dossier.tags import ARTIFACT, Tag

INK = "#1D2126"
GREY = "#565D66"
ACCENT = "#1F4E79"
HAIR = "#BDB9B0"
HOT = "#A6341B"


@dataclass(frozen=True, slots=True)
class Paper:
    """A page's size and its frame: nothing but head and foot stands outside the frame."""

    width: float
    height: float
    left: float = 72
    right: float = 72
    top: float = 66
    bottom: float = 68

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of the frame."""
        return self.left, self.bottom, self.width - self.right, self.height - self.top

    @property
    def measure(self) -> float:
        """The frame's width."""
        return self.width - self.left - self.right

    @property
    def depth(self) -> float:
        """The frame's height."""
        return self.height - self.top - self.bottom


PAPERS: Mapping[str, Paper] = {"letter": Paper(612, 792), "a4": Paper(595.28, 841.89)}


@dataclass(frozen=True, slots=True)
class Text:
    """Runs from a baseline's beginning."""

    x: float
    y: float
    size: float
    colour: str
    runs: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    weight: float = 0.5
    colour: str = HAIR


@dataclass(frozen=True, slots=True)
class Box:
    """An empty rectangle."""

    x: float
    y: float
    width: float
    height: float
    weight: float = 0.75
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of another document, fitted into a rectangle from its top, its text invisibly behind.

    What lies under its `boxes` is painted over before anything of it is drawn.
    """

    x: float
    y: float
    width: float
    height: float
    item_id: int
    page: int
    dpi: int
    text: str
    name: str
    boxes: tuple[PageBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A rectangle that leads to a named destination."""

    x0: float
    y0: float
    x1: float
    y1: float
    dest: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Points joined by straight lines, x and y by turns: a line with a `colour`, an area with a `fill`."""

    points: tuple[float, ...]
    colour: str = INK
    weight: float = 0.75
    fill: str = ""
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of small rectangles from the left and the top, each the number of one of `shades`; 0 is white.

    `width` and `height` are those of one of them; `gap` is left white under every row, and `apart` between
    columns that must be told from each other.
    """

    x: float
    top: float
    width: float
    height: float
    gap: float
    rows: tuple[bytes, ...]
    shades: tuple[str, ...]
    apart: float = 0.0


@dataclass(frozen=True, slots=True)
class Turned:
    """Runs from a baseline's beginning upwards."""

    x: float
    y: float
    size: float
    colour: str
    runs: tuple[Piece, ...]


Op = Text | Rule | Box | Picture | Link | Shape | Cells | Turned
_OPS: tuple[type[Op], ...] = (Text, Rule, Box, Picture, Link, Shape, Cells, Turned)
_FIELDS = {kind: attrgetter(*(f.name for f in fields(kind))) for kind in _OPS}


@dataclass(slots=True)
class Page:
    """One page of paper: what is drawn on it, and what its head and foot say.

    Attributes:
        mark: What stands over it, such as that it is a translation.
        tags: Of a tagged page, the element that each of `ops` belongs to; none for what the eye alone needs.
        root: Of a tagged page, the element of its chapter or section.
        cuts: Of a tagged page, which of `ops` are lines that end inside a word.
        packed: What is drawn on it while it waits, see `pack`; `ops` are empty then.
    """

    no: int
    ops: list[Op] = field(default_factory=list)
    dests: dict[str, float] = field(default_factory=dict)
    chapter: str = ""
    part: int = 0
    parts: int = 0
    bates: str = ""
    designation: str = ""
    bare: bool = False
    mark: str = ""
    tags: list[Tag | None] = field(default_factory=list)
    root: Tag | None = None
    cuts: set[int] = field(default_factory=set)
    packed: bytes = b""

    def pack(self) -> None:
        """Hold what is drawn in a tenth of the room until `unpack`: a long dossier waits whole to be drawn.

        A page with text that was shaped stays as it is.
        """
        try:
            told = marshal.dumps(
                [(_OPS.index(type(op)), *_FIELDS[type(op)](op)) for op in self.ops]
            )
        except ValueError:
            return
        self.packed = zlib.compress(told, 1)
        self.ops = []

    def unpack(self) -> None:
        """Make `ops` again what they were."""
        if self.packed:
            held = marshal.loads(zlib.decompress(self.packed))
            self.ops = [_OPS[kind](*values) for kind, *values in held]
            self.packed = b""

    def keep_links(self) -> None:
        """Forget what has been drawn: assembling needs the links."""
        tags = self.tags or [None] * len(self.ops)
        kept = [each for each in zip(self.ops, tags, strict=True) if isinstance(each[0], Link)]
        self.ops = [op for op, _ in kept]
        self.tags = [tag for _, tag in kept] if self.root is not None else []


@dataclass(frozen=True, slots=True)
class Cited:
    """One numbered line: which characters of an item's part stand on which page and line of a chapter."""

    item_id: int
    part: str
    start: int
    stop: int
    page: int
    line: int


@dataclass(slots=True)
class Flow:
    """A chapter being laid out: a cursor that goes down the frame and turns the page.

    Attributes:
        first: Number of its first page in the dossier.
        chapter: The label its foot shows, or empty.
        bates: The number its foot shows from the next page on.
        designation: Its own, where it differs from the dossier's.
        known: What to add where a destination is named, such as `, page 87`.
        head_again: Draws a table's head again at the top of a new page.
        tag: The element that what is set belongs to; none where pages are not tagged.
        mark: What stands over the pages from the next one on.
        figure: What is said in place of a picture of `{page}` of `{name}`.
    """

    paper: Paper
    faces: Mapping[str, Glyphs]
    first: int
    chapter: str = ""
    bates: str = ""
    designation: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)
    y: float = 0.0
    head_again: Callable[[], None] | None = None
    tag: Tag | None = None
    figure: str = "{name} · {page}"
    mark: str = ""
    _line: int = 0
    _root: Tag | None = None

    def __post_init__(self) -> None:
        self._root = self.tag

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    @property
    def room(self) -> float:
        """Points left on this page."""
        return self.y - self.paper.bottom if self.pages else 0.0

    @property
    def at_top(self) -> bool:
        """Whether nothing stands on this page yet."""
        return not self.pages or self.y >= self.paper.height - self.paper.top

    def turn(self) -> Page:
        """Begin a new page."""
        page = Page(self.first + len(self.pages), chapter=self.chapter, bates=self.bates)
        page.designation = self.designation
        page.mark = self.mark
        page.part = len(self.pages) + 1
        page.root = self._root
        self.pages.append(page)
        self.y = self.paper.height - self.paper.top
        self._line = 0
        if self.head_again is not None:
            with self.within(ARTIFACT):
                self.head_again()
        return page

    def need(self, height: float) -> bool:
        """Turn the page if less than `height` is left; says whether it did."""
        if self.pages and (self.room >= height or self.at_top):
            return False
        self.turn()
        return True

    def space(self, height: float) -> None:
        """Leave white, except at the top of a page."""
        if not self.at_top:
            self.y = max(self.y - height, self.paper.bottom)

    def add(self, op: Op, tag: Tag | None = None, cut: bool = False) -> None:
        """Put something on the page; it belongs to `tag`, or to the element that is open.

        `cut`: a line that ends inside a word, so that its reader must not pause.
        """
        self.page.ops.append(op)
        if self.tag is not None:
            if cut:
                self.page.cuts.add(len(self.page.ops) - 1)
            self.page.tags.append(tag or self._tag_of(op, self.tag))

    @contextmanager
    def within(self, role: str) -> Iterator[None]:
        """What is set inside belongs to one element of that role."""
        outer = self.tag
        if outer is not None:
            self.tag = outer.add(role)
        try:
            yield
        finally:
            self.tag = outer

    @contextmanager
    def inside(self, tag: Tag | None) -> Iterator[None]:
        """What is set inside belongs to an element made before."""
        outer = self.tag
        self.tag = tag
        try:
            yield
        finally:
            self.tag = outer

    def element(self, role: str, scope: str = "") -> Tag | None:
        """A new element in the one that is open, to be filled by and by; none on pages without tags."""
        return None if self.tag is None else self.tag.add(role, scope=scope)

    def _tag_of(self, op: Op, open_: Tag) -> Tag | None:
        match op:
            case Text():
                return open_.leaf("P")
            case Link():
                return open_ if open_.role == "Link" else open_.add("Link")
            case Picture():
                both = open_.add("Div")
                figure = both.add("Figure", self.figure.format(page=op.page, name=op.name))
                figure.box = (op.x, op.y, op.x + op.width, op.y + op.height)
                both.add("P")
                return both
        return None

    def anchor(self, dest: str) -> None:
        """Make the cursor's place a destination."""
        self.page.dests[dest] = self.y

    def lines(self, text: str, face: str, size: float, width: float) -> list[Line]:
        """The text's lines in that face."""
        return break_lines(text, self.faces[face], size, width)

    def short(self, text: str, face: str, size: float, width: float, most: int) -> list[Line]:
        """The text's lines, at most so many; what is left out is shown to be by an ellipsis."""
        lines = self.lines(text, face, size, width)
        if len(lines) > most:
            text = text[: lines[most].start]
        while len(lines) > most:
            text = text.rstrip()
            lines = self.lines(text + "…", face, size, width)
            text = text[:-1]
        return lines

    def text(
        self, x: float, y: float, text: str, face: str, size: float, *, colour: str = INK,
        align: str = "left", role: str = "P", tag: Tag | None = None,
    ) -> float:  # fmt: skip
        """Set one short text of ours at a baseline; returns its width."""
        measured = self.faces[face].measure(text)
        width = measured.width * size
        shift = {"left": 0.0, "right": width, "centre": width / 2}[align]
        if tag is None and self.tag is not None:
            tag = self.tag.add(role) if role == ARTIFACT else self.tag.leaf(role)
        self.add(Text(x - shift, y, size, colour, measured.runs), tag)
        return width

    def put(
        self, lines: Sequence[Line], x: float, size: float, leading: float, *, colour: str = INK,
        width: float = 0.0, role: str = "P",
    ) -> None:  # fmt: skip
        """Set lines one under the other from the cursor down, turning pages as needed.

        Lines from right to left end at `width`, if it is given. They are one element of `role`, or part of
        the one that is open.
        """
        tag = None if self.tag is None else self.tag.leaf(role)
        for line in lines:
            self.need(leading)
            self.y -= leading
            if line.runs:
                begin = x + line.indent(width)
                text = Text(begin, self.y + _drop(size, leading), size, colour, line.runs)
                self.add(text, tag, line.cut)

    def put_numbered(
        self, lines: Sequence[Line], x: float, size: float, leading: float,
        source: tuple[int, str], width: float,
    ) -> None:  # fmt: skip
        """Set evidence lines with a number in the margin at 1 and at every fifth of the page.

        A paragraph's last line never stands alone on a page. `source` is (item id, part). The numbers stand
        on the left of lines from right to left too, which end at `width`.

        To a reader who cannot see them, the numbers are no part of the evidence, and an empty line ends a
        paragraph.
        """
        item_id, part = source
        tag: Tag | None = None
        for index, line in enumerate(lines):
            last_two = index == len(lines) - 2
            self.need(leading * (2 if last_two else 1))
            self._line += 1
            self.y -= leading
            base = self.y + _drop(size, leading)
            if line.runs:
                if tag is None and self.tag is not None:
                    tag = self.tag.leaf("P")
                text = Text(x + line.indent(width), base, size, INK, line.runs)
                self.add(text, tag, line.cut)
            else:
                tag = None
            if self._line == 1 or self._line % 5 == 0:
                self.text(
                    x - 10, base, str(self._line), "mono", 6.5, colour=GREY, align="right",
                    role=ARTIFACT,
                )  # fmt: skip
            self.cited.append(
                Cited(item_id, part, line.start, line.stop, self.page.part, self._line)
            )


def _drop(size: float, leading: float) -> float:
    """How far over the line's lower edge its baseline stands."""
    return (leading - size) / 2 + size * 0.24

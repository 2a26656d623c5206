"""Charts as plain data: every number, tick and word of a figure decided, so that drawing decides nothing.

They are drawn from the dossier's own lines and letters, so that what a chart says can be searched, has a
pseudonym where one was given, and passes every gate that other text passes. Series differ in shape, dash and
hatching and never in colour alone: each can be read in black and white.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Mark = Literal["diamond", "disc", "ring", "square", "cross"]
"""`diamond` is what is examined; `ring` a control; the others as the chart's own key says."""
Dash = Literal["solid", "dashed", "dotted", "thin"]
Fill = Literal["ink", "grey", "open", "hatched"]
"""`hatched` is what nobody knows, or what is of neither kind."""
LEVELS = 5
"""How many shades a raster may have besides white: so many can be told apart on paper."""


class Tick(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place on an axis with what is written there."""

    at: float
    label: str


class Axis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where to where an axis goes, what it measures, and its ticks in order."""

    low: float
    high: float
    title: str
    ticks: tuple[Tick, ...]


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line across a chart at a value that means something, such as a ratio of 1."""

    at: float
    label: str


class Dots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a strip.

    Attributes:
        values: Where its marks stand; of bars the one value is the bar's end.
        low: Of an interval, where it begins; None without one. `high` likewise.
        note: Written at the right, such as the counts behind the value.
    """

    name: str
    values: tuple[float, ...]
    mark: Mark = "ring"
    low: float | None = None
    high: float | None = None
    note: str = ""
    fill: Fill = "open"


class Strip(msgspec.Struct, frozen=True, tag="strip", forbid_unknown_fields=True):
    """Rows of marks, or of bars from the axis' beginning, on one axis.

    Attributes:
        alt: What a reader hears who cannot see it, as in every chart.
        caption: What is printed over it, under its heading.
    """

    axis: Axis
    rows: tuple[Dots, ...]
    alt: str
    heading: str = ""
    caption: str = ""
    guides: tuple[Guide, ...] = ()
    bars: bool = False


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line through points (x, y); `steps` goes level from one to the next."""

    name: str
    points: tuple[tuple[float, float], ...]
    dash: Dash = "solid"
    steps: bool = False


class Curves(msgspec.Struct, frozen=True, tag="curves", forbid_unknown_fields=True):
    """Lines over two axes, each named in a key; guides stand upright."""

    across: Axis
    up: Axis
    series: tuple[Series, ...]
    alt: str
    heading: str = ""
    caption: str = ""
    guides: tuple[Guide, ...] = ()


class Pile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Counts, one a stretch of the axis, stacked on those of the piles before."""

    name: str
    counts: tuple[int, ...]
    fill: Fill = "grey"


class Piles(msgspec.Struct, frozen=True, tag="piles", forbid_unknown_fields=True):
    """A histogram: equal stretches of the axis across, counts up; guides stand upright."""

    across: Axis
    up: Axis
    piles: tuple[Pile, ...]
    alt: str
    heading: str = ""
    caption: str = ""
    guides: tuple[Guide, ...] = ()


class RasterRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of cells, each a level from 0 (white) to `LEVELS`; a row without cells heads those below it."""

    name: str
    levels: tuple[int, ...]


class Raster(msgspec.Struct, frozen=True, tag="raster", forbid_unknown_fields=True):
    """Rows of cells by shade, such as accounts by time; the names of rows come again on every page.

    Attributes:
        across: Its `low` is the left edge of the first cell, its `high` the right edge of the last.
        key: What each level says, from level 1; of a level without words nothing is said.
        names: Of each column where it has a name, which stands upright over it.
    """

    across: Axis
    rows: tuple[RasterRow, ...]
    key: tuple[str, ...]
    alt: str
    heading: str = ""
    caption: str = ""
    names: tuple[str, ...] = ()


class Template(msgspec.Struct, frozen=True, tag="template", forbid_unknown_fields=True):
    """A sentence with blanks as `{1}`, and a row for each blank: its number, how many fillings, and some.

    `note` says how often it was asked and where it can be read.
    """

    sentence: str
    slots: tuple[tuple[str, str, str], ...]
    note: str
    heading: str = ""
    columns: tuple[str, str, str] = ("", "", "")


Chart = Strip | Curves | Piles | Raster | Template

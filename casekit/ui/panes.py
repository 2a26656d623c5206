"""Where the panes of a case stand: where I am, what is listed, what I look at, what I decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

SIDEBAR, LIST, VIEWER, CODING = PANES = ("sidebar", "list", "viewer", "coding")
PLACES: dict[str, tuple[str, ...]] = {
    SIDEBAR: ("left", "right"),
    LIST: ("above", "left", "below", "right"),
    CODING: ("right", "below", "left"),
}  # of each pane that can be moved, its usual place first; of the list beside the viewer
WIDTHS = {SIDEBAR: 240, CODING: 292}
BELOW = 240  # pixels of height of a coding pane below list and viewer
SHARES = {True: (3, 4), False: (1, 1)}  # list and viewer, one above the other or side by side
_LEAST = {SIDEBAR: 180, LIST: 200, VIEWER: 240, CODING: 240}  # all of them fit the smallest window


@dataclass(frozen=True, slots=True)
class Stand:
    """Where each pane that can be moved stands: one of its `PLACES`."""

    sidebar: str = PLACES[SIDEBAR][0]
    list: str = PLACES[LIST][0]
    coding: str = PLACES[CODING][0]


class Panes(QWidget):
    """The four panes, divided by lines that can be drawn; empty until they are put into it.

    Attributes:
        row: Side by side: the sidebar, the middle and the coding pane.
        middle: Above each other: the centre, and the coding pane if it stands below.
        centre: List and viewer.
        stand: Where the panes stand.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stand = Stand()
        self._panes: dict[str, QWidget] = {}
        self.row = QSplitter(Qt.Orientation.Horizontal)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.row)
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.row.addWidget(self.middle)
        self.centre = QSplitter(Qt.Orientation.Vertical)
        self.middle.addWidget(self.centre)
        for splitter in (self.row, self.middle, self.centre):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)

    def put(self, name: str, pane: QWidget) -> None:
        """Put one of `PANES` where it is to stand."""
        self._panes[name] = pane
        if not self._here(name):
            pane.setParent(self)  # back from a window of its own
        if name in _LEAST:
            pane.setMinimumWidth(_LEAST[name])
        self._place()

    def pane(self, name: str) -> QWidget | None:
        """One of `PANES`, wherever it is; None before it is put."""
        return self._panes.get(name)

    def rearrange(self, stand: Stand) -> None:
        """Put the panes elsewhere; those that stand still keep their sizes as far as there is room."""
        before, self.stand = self.stand, stand
        if before != stand:
            drawn = self._drawn(before)
            self.setUpdatesEnabled(False)
            self._place()
            self.even_out(drawn)
            self.setUpdatesEnabled(True)

    def even_out(self, drawn: Mapping[str, int] | None = None) -> None:
        """Give the panes the sizes that they have before anybody draws a line.

        Args:
            drawn: Pixels of panes that are to keep what was drawn: of width, of height for `coding below`.
        """
        sizes = WIDTHS | {"coding below": BELOW} | dict(drawn or {})
        width = max(self.row.width(), 1440)
        beside = [(w, sizes.get(self._name(w), 0)) for w in _inside(self.row)]
        rest = width - sum(size for _, size in beside)
        self.row.setSizes([size or rest for _, size in beside])
        self.row.setStretchFactor(self.row.indexOf(self.middle), 1)
        height = max(self.middle.height(), 840)
        below = sizes["coding below"]
        self.middle.setSizes([height - below, below][: self.middle.count()])
        self.middle.setStretchFactor(0, 1)
        above = self.centre.orientation() == Qt.Orientation.Vertical
        shares = [SHARES[above][self._name(w) == VIEWER] for w in _inside(self.centre)]
        whole = height if above else rest
        self.centre.setSizes([whole * share // max(1, sum(shares)) for share in shares])
        for number, share in enumerate(shares):
            self.centre.setStretchFactor(number, share)

    def _drawn(self, before: Stand) -> dict[str, int]:
        """The sizes of panes in sight that stand beside, or below, before and after."""
        coding, stays = self._panes.get(CODING), "below" not in (before.coding, self.stand.coding)
        there = {SIDEBAR: self._panes.get(SIDEBAR), CODING: coding if stays else None}
        found = {n: pane.width() for n, pane in there.items() if pane and pane.isVisible()}
        if before.coding == self.stand.coding == "below" and coding and coding.isVisible():
            found["coding below"] = coding.height()
        return found

    def _place(self) -> None:
        """Order the panes that are here: each splitter is given those that it lacks or has elsewhere."""
        stand = self.stand
        above = stand.list in ("above", "below")
        self.centre.setOrientation(Qt.Orientation.Vertical if above else Qt.Orientation.Horizontal)
        first = stand.list in ("above", "left")
        listed = [LIST, VIEWER] if first else [VIEWER, LIST]
        _fill(self.centre, [self._panes[n] for n in listed if self._here(n)])
        coding = [self._panes[CODING]] if CODING in self._panes else []
        below, left = stand.coding == "below", stand.coding == "left"
        _fill(self.middle, [self.centre, *(coding if below else [])])
        row = [*(coding if left else []), self.middle, *([] if left or below else coding)]
        if SIDEBAR in self._panes:
            row.insert(0 if stand.sidebar == "left" else len(row), self._panes[SIDEBAR])
        _fill(self.row, row)

    def _here(self, name: str) -> bool:
        """Whether a pane is ours and not in a window of its own."""
        pane = self._panes.get(name)
        return pane is not None and (pane.window() is self.window() or pane.parent() is None)

    def _name(self, pane: QWidget) -> str:
        return next((name for name, one in self._panes.items() if one is pane), "")


def _inside(splitter: QSplitter) -> list[QWidget]:
    return [w for n in range(splitter.count()) if (w := splitter.widget(n)) is not None]


def _fill(splitter: QSplitter, widgets: list[QWidget]) -> None:
    for number, widget in enumerate(widgets):
        if splitter.widget(number) is not widget:
            splitter.insertWidget(number, widget)

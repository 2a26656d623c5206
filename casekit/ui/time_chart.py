"""The chart of the timeline: stacked bars of records, lanes of letters, documents and events, one axis of time.

Drawn by pyqtgraph; imported only once the timeline is looked at. It counts nothing: it shows counts, and says
which span is looked at and which is brushed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QKeyEvent, QPen

from casekit.clock import from_us
from casekit.i18n import tr
from casekit.queries import timeline
from casekit.queries.zones import zone_of
from casekit.ui import fonts, theme

if TYPE_CHECKING:
    from casekit.queries.events import EventRow
    from casekit.queries.timeline import Counts

SECOND_US = 1_000_000
AXIS_WIDTH, LABEL_WIDTH = 58, 84
TICK_WIDTH = 96
LANES = ("letters", "documents", "undecided")
TOKENS = ("accent", "warn", "ok", "privileged", "hot", "ink2", "line")
PATTERNS = (
    Qt.BrushStyle.SolidPattern, Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.Dense4Pattern,
    Qt.BrushStyle.VerPattern, Qt.BrushStyle.FDiagPattern, Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.DiagCrossPattern,
)  # fmt: skip
EVENT_SIGNS = {"release": "t1", "letter": "s", "legal": "d", "other": "o", "fact": "star"}
_FORMATS = {
    "hour": "%m-%d %H:%M",
    "day": "%Y-%m-%d",
    "week": "%Y-%m-%d",
    "month": "%Y-%m",
    "year": "%Y",
}
_EVERY = {
    "hour": (1, 2, 3, 4, 6, 12, 24), "day": (1, 2, 4, 7, 14), "week": (1, 2, 4, 8), "month": (1, 2, 3, 6, 12),
    "year": (1, 2, 5, 10, 20, 50, 100),
}  # fmt: skip
_TITLE_MARGIN, _LEAST_TITLE = (
    18,
    60,
)  # pixels: kept free before the next sign, and worth a title at all
_PAN, _ZOOM = 0.15, 0.7
_LEAST_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from `start_us` up to, not including, `stop_us`."""

    start_us: int
    stop_us: int


def brush_of(number: int) -> QBrush:
    """Colour and pattern of a series: no two of a chart have the same pattern."""
    place = number % len(PATTERNS)
    return QBrush(theme.current().colour(TOKENS[place]), PATTERNS[place])


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Ticks where days, months and years of a zone begin."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.zone = "UTC"
        self.enableAutoSIPrefix(False)

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        """Ticks of one step, as many as have room."""
        most = max(2, int(size // TICK_WIDTH))
        start, stop = int(minVal * SECOND_US), int(maxVal * SECOND_US)
        self._step = timeline.fitting(max(1, stop - start), most * 6)
        lines = timeline.edges(start, stop, self._step, self.zone)
        every = max(1, -(-len(lines) // most))
        every = next((n for n in _EVERY[self._step] if n >= every), every)
        first = from_us(int(lines[0])).astimezone(zone_of(self.zone))
        lines = lines[-_number(first, self._step) % every :]
        shown = [float(v) / SECOND_US for v in lines[::every] if start <= v <= stop]
        return [(1.0, shown)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002
        """Dates as short as the step allows, always with what tells them apart."""
        where = zone_of(self.zone)
        moments = [from_us(round(v * SECOND_US)).astimezone(where) for v in values]
        return [moment.strftime(_FORMATS[self._step]) for moment in moments]


def _number(moment: dt.datetime, step: str) -> int:
    """Which hour, day, week, month or year it is: ticks keep their places when the view moves."""
    match step:
        case "hour":
            return moment.hour
        case "day":
            return moment.date().toordinal() - 1  # by weeks: Mondays
        case "week":
            return moment.date().toordinal() // 7
        case "month":
            return moment.year * 12 + moment.month - 1
        case _:
            return moment.year


class Brushing(pg.ViewBox):  # type: ignore[misc]
    """A lane in which dragging brushes a span, dragging with Shift or the right button moves the view."""

    def __init__(self, brushed: Callable[[float, float, bool], None]) -> None:
        super().__init__(enableMenu=False)
        self._brushed = brushed
        self.setMouseEnabled(x=True, y=False)
        self.setDefaultPadding(0)

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        """Brush or move."""
        plain = ev.button() == Qt.MouseButton.LeftButton and not ev.modifiers()
        if not plain:
            if ev.button() == Qt.MouseButton.RightButton:
                ev.accept()
                moved = self.mapToView(ev.lastPos()).x() - self.mapToView(ev.pos()).x()
                self.translateBy(x=moved)
            else:
                super().mouseDragEvent(ev, axis)
            return
        ev.accept()
        one = self.mapToView(ev.buttonDownPos()).x()
        other = self.mapToView(ev.pos()).x()
        self._brushed(min(one, other), max(one, other), ev.isFinish())

    def mouseClickEvent(self, ev: Any) -> None:
        """A click into nothing lets go of the brush."""
        if ev.button() == Qt.MouseButton.LeftButton:
            ev.accept()
            self._brushed(0, 0, True)


class TimeChart(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """All lanes over one axis; keys: arrows move, `+` and `-` zoom, Shift with arrows brushes, Enter opens."""

    looked = Signal(object)
    brushed = Signal(object)
    opened = Signal()
    event_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Timeline"))
        self.setAccessibleDescription(
            tr(
                "Arrows move, plus and minus zoom, Shift with arrows brushes a span, Enter opens it in Review."
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.brush: Span | None = None
        self._whole = Span(0, 1)
        self._has_open = False
        self._events: Sequence[EventRow] = ()
        self.axis = TimeAxis()
        self.lanes: dict[str, Any] = {}
        self._bars: dict[str, list[Any]] = {}
        self._labels: dict[str, Any] = {}
        self._lefts: dict[str, Any] = {}
        self._regions: list[Any] = []
        self._marks: list[Any] = []
        self._titles: list[Any] = []
        self.ci.layout.setSpacing(2)
        self.ci.layout.setContentsMargins(12, 4, 16, 0)
        self.ci.layout.setColumnStretchFactor(2, 1)
        for row, name in enumerate(("events", "api", *LANES)):
            self._add_lane(row, name)
        for name, lane in self.lanes.items():
            if name != "api":
                lane.setXLink(self.lanes["api"])
        self.axis.linkToView(self.lanes["api"])
        self.addItem(self.axis, row=len(self.lanes), col=2)
        self.lanes["api"].sigXRangeChanged.connect(self._ranged)
        self.redress()

    def _add_lane(self, row: int, name: str) -> None:
        """A label, an axis of numbers and a view; a whole plot of pyqtgraph would take ten times as long."""
        label = self.addLabel("", row=row, col=0, justify="left")
        label.setFixedWidth(LABEL_WIDTH)
        left = pg.AxisItem("left")
        left.setWidth(AXIS_WIDTH)
        view = Brushing(self._drag)
        left.linkToView(view)
        self.addItem(left, row=row, col=1)
        self.addItem(view, row=row, col=2)
        stretch = {"api": 5, "events": 2}.get(name, 1)
        self.ci.layout.setRowStretchFactor(row, stretch)
        self.ci.layout.setRowMinimumHeight(row, 34 if stretch == 1 else 56)
        region = pg.LinearRegionItem(movable=True)
        region.setZValue(20)
        region.hide()
        region.sigRegionChangeFinished.connect(lambda r=region: self._region_moved(r))
        view.addItem(region, ignoreBounds=True)
        self._labels[name], self._lefts[name] = label, left
        self.lanes[name], self._bars[name] = view, []
        self._regions.append(region)

    # -- what is shown ----------------------------------------------------------------------------

    def show_whole(self, whole: Span, view: Span, zone: str, *, has_open: bool = False) -> None:
        """Set how far the chart can be moved, what it shows first and in which zone its days begin.

        Args:
            whole: From the first to the last of all.
            view: What is shown.
            zone: In which days begin.
            has_open: Whether there are items whose zone nobody has decided, which have a lane of their own.
        """
        self._has_open = has_open
        self._whole = whole
        self.axis.zone = zone
        room = max(whole.stop_us - whole.start_us, int(_LEAST_S) * SECOND_US) // 10
        low, high = (whole.start_us - room) / SECOND_US, (whole.stop_us + room) / SECOND_US
        for lane in self.lanes.values():
            lane.setLimits(xMin=low, xMax=high, minXRange=_LEAST_S)
        self.look(view)

    def look(self, span: Span) -> None:
        """Show a span."""
        low, high = span.start_us / SECOND_US, span.stop_us / SECOND_US
        self.lanes["api"].setXRange(low, max(high, low + _LEAST_S), padding=0)

    def view(self) -> Span:
        """What is shown."""
        low, high = self.lanes["api"].viewRange()[0]
        return Span(int(low * SECOND_US), int(high * SECOND_US))

    def whole(self) -> Span:
        """From the first to the last of all."""
        return self._whole

    def show_counts(self, counts: Counts) -> None:
        """Draw the bars of all lanes anew."""
        edges = counts.edges / SECOND_US
        left, width = edges[:-1], np.diff(edges)
        for lane, bars in self._bars.items():
            for bar in bars:
                self.lanes[lane].removeItem(bar)
            bars.clear()
        base = np.zeros(len(left))
        for number, heights in enumerate(counts.api):
            self._draw("api", left, width, heights, base, brush_of(number))
            base = base + heights
        ink2 = theme.current().colour("ink2")
        self._draw(
            "letters",
            left,
            width,
            counts.tracks["letters"],
            0,
            QBrush(theme.current().colour("accent")),
        )
        self._draw("documents", left, width, counts.tracks["documents"], 0, QBrush(ink2))
        self._draw(
            "undecided", left, width, counts.undecided, 0, QBrush(ink2, Qt.BrushStyle.BDiagPattern)
        )
        tops = {"api": base, **counts.tracks, "undecided": counts.undecided} | {"api": base}
        for name in ("api", *LANES):
            top = max(1.0, float(np.max(tops[name], initial=0)))
            self.lanes[name].setYRange(0, top * 1.06, padding=0)
            axis = self._lefts[name]
            marks = (top // 2, top) if name == "api" and top > 1 else (top,)
            axis.setTicks([[(v, f"{v:,.0f}") for v in marks]])
        self._show_lane("undecided", bool(counts.undecided.any()) or self._has_open)

    def _draw(
        self, lane: str, left: Any, width: Any, heights: Any, base: Any, brush: QBrush
    ) -> None:
        some = np.flatnonzero(heights)
        if not len(some):
            return
        y0 = base[some] if isinstance(base, np.ndarray) else np.zeros(len(some))
        pen = pg.mkPen(brush.color(), width=1)
        bar = pg.BarGraphItem(
            x0=left[some],
            width=width[some] * 0.92,
            y0=y0,
            height=heights[some],
            brush=brush,
            pen=pen,
        )
        self.lanes[lane].addItem(bar, ignoreBounds=True)
        self._bars[lane].append(bar)

    def _show_lane(self, name: str, shown: bool) -> None:
        """A lane without anything takes no room; the axis below it stays."""
        row = 2 + LANES.index(name)
        for part in (self._labels[name], self._lefts[name], self.lanes[name]):
            part.setVisible(shown)
        self.ci.layout.setRowStretchFactor(row, 1 if shown else 0)
        self.ci.layout.setRowMinimumHeight(row, 34 if shown else 0)
        self.ci.layout.setRowMaximumHeight(row, 16_777_215 if shown else 0)

    def show_events(self, events: Sequence[EventRow]) -> None:
        """Put the events into their lane: a sign and a title each, a bar where they last."""
        self._events = events
        lane = self.lanes["events"]
        for mark in self._marks:
            lane.removeItem(mark)
        self._marks, self._titles = [], []
        lane.setYRange(0, 3, padding=0)
        t = theme.current()
        for number, row in enumerate(events):
            y = 2.5 - number % 3
            start, stop = row.start_us / SECOND_US, row.stop_us / SECOND_US
            ink = t.colour(
                "hot" if row.kind == "legal" else "accent" if row.kind == "release" else "ink"
            )
            span = pg.PlotCurveItem([start, stop], [y, y], pen=pg.mkPen(ink, width=3))
            sign = pg.ScatterPlotItem(
                [start], [y], symbol=EVENT_SIGNS.get(row.kind, "o"), size=10, brush=ink,
                pen=pg.mkPen(ink), hoverable=True, tip=lambda r=row, **_at: r.title,
            )  # fmt: skip
            sign.sigClicked.connect(lambda *_a, r=row: self.event_chosen.emit(r))
            title = pg.TextItem("", color=ink, anchor=(0, 0.5))
            title.setFont(fonts.sans(12))
            title.setPos(stop, y)
            self._titles.append(title)
            for mark in (span, sign, title):
                lane.addItem(mark, ignoreBounds=True)
                self._marks.append(mark)
        self._fit_titles()

    def _fit_titles(self) -> None:
        """Cut each title off before the next sign on its line; where there is no room the tip has it."""
        lane = self.lanes["events"]
        (left, right), width = lane.viewRange()[0], lane.width()
        if right <= left or not width:
            return
        scale, metrics = width / (right - left), QFontMetrics(fonts.sans(12))
        for number, (row, title) in enumerate(zip(self._events, self._titles, strict=True)):
            begin = max(row.stop_us / SECOND_US, left)
            later = [
                each.start_us / SECOND_US
                for each in self._events[number % 3 :: 3]
                if each.start_us >= row.start_us and each is not row
            ]
            room = int((min(later, default=right) - begin) * scale) - _TITLE_MARGIN
            said = "" if room < _LEAST_TITLE else "  " + row.title
            title.setText(metrics.elidedText(said, Qt.TextElideMode.ElideRight, max(0, room)))

    def redress(self) -> None:
        """Take colours and faces anew after a change of theme."""
        t = theme.current()
        self.setBackground(t.surface)
        names = {"events": tr("Events"), "api": tr("Records"), "letters": tr("Letters"),
                 "documents": tr("Documents"), "undecided": tr("Zone open")}  # fmt: skip
        for name, label in self._labels.items():
            label.setText(names[name], color=t.ink2, size="8.5pt")
        for axis in (*self._lefts.values(), self.axis):
            axis.setPen(QPen(QColor(t.line)))
            axis.setTextPen(QColor(t.ink2))
            axis.setTickFont(fonts.figures(11))
        self._lefts["events"].setTicks([[]])
        ground = QColor(t.accent)
        ground.setAlpha(36)
        pointed = QColor(t.accent)
        pointed.setAlpha(54)
        for region in self._regions:
            region.setBrush(QBrush(ground))
            region.setHoverBrush(QBrush(pointed))  # else the pointer would paint it pure blue
            for line in region.lines:
                line.setPen(pg.mkPen(t.accent, width=2))
                line.setHoverPen(pg.mkPen(t.ink, width=2))

    # -- brushing ---------------------------------------------------------------------------------

    def set_brush(self, span: Span | None) -> None:
        """Mark a span on every lane, or none."""
        if span == self.brush:
            return
        self.brush = span
        self._mark(span)
        self.brushed.emit(span)

    def _mark(self, span: Span | None) -> None:
        for region in self._regions:
            region.blockSignals(True)
            if span is not None:
                region.setRegion((span.start_us / SECOND_US, span.stop_us / SECOND_US))
            region.setVisible(span is not None)
            region.blockSignals(False)

    def _drag(self, low: float, high: float, finished: bool) -> None:
        if high <= low:
            self.set_brush(None)
            return
        span = Span(int(low * SECOND_US), int(high * SECOND_US))
        if finished:
            self.brush = None
            self.set_brush(span)
        else:
            self._mark(span)

    def _region_moved(self, region: Any) -> None:
        low, high = region.getRegion()
        self._drag(float(low), float(high), finished=True)

    def _ranged(self, *_: object) -> None:
        self._fit_titles()
        self.looked.emit(self.view())

    # -- keys -------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, zoom and brush."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        side = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if side and shift:
            self._brush_by_key(side)
        elif side:
            self.pan(side * _PAN)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Up):
            self.zoom(_ZOOM)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Down):
            self.zoom(1 / _ZOOM)
        elif key == Qt.Key.Key_Home:
            self.look(self._whole)
        elif key == Qt.Key.Key_Escape:
            self.set_brush(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def pan(self, share: float) -> None:
        """Move the view by a share of its length."""
        view = self.view()
        step = int((view.stop_us - view.start_us) * share)
        self.look(Span(view.start_us + step, view.stop_us + step))

    def zoom(self, factor: float) -> None:
        """Show less (below 1) or more around the brush, or around the middle."""
        view = self.view()
        middle = (view.start_us + view.stop_us) // 2
        if self.brush is not None:
            middle = (self.brush.start_us + self.brush.stop_us) // 2
        half = int((view.stop_us - view.start_us) * factor / 2)
        self.look(Span(middle - half, middle + half))

    def _brush_by_key(self, side: int) -> None:
        """Begin a brush in the middle of the view; each further key moves its end by one stretch."""
        view = self.view()
        step = max(1, (view.stop_us - view.start_us) // 40)
        if self.brush is None:
            middle = (view.start_us + view.stop_us) // 2
            self.set_brush(Span(middle, middle + step))
            return
        stop = self.brush.stop_us + side * step
        self.set_brush(Span(self.brush.start_us, max(stop, self.brush.start_us + step)))
